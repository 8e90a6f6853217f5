// Informers tell which websites to look at; one look compares a website with its objects and writes
// what differs. A look needs no knowledge of the event that caused it, so events may be missed,
// repeated and joined.
import { isDeepStrictEqual } from 'node:util';
import {
  AppsV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type Informer,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
} from '@kubernetes/client-node';
import { createQueue } from './queue.js';
import {
  childrenOf,
  FINALIZER,
  GROUP,
  MANAGED_BY,
  PLURAL,
  statusOf,
  VERSION,
  type Website,
} from './website.js';

const INDEX = 'website-index';
const CHILDREN = `app.kubernetes.io/managed-by=${MANAGED_BY}`;
const RESTART_MS = 1000;
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** Resolves when the informers have their first lists; the returned function stops all work. */
export async function startOperator(config: KubeConfig): Promise<() => Promise<void>> {
  const custom = config.makeApiClient(CustomObjectsApi);
  const apps = config.makeApiClient(AppsV1Api);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const kind = { group: GROUP, version: VERSION, plural: PLURAL };

  const websites = makeInformer<Website>(
    config,
    `/apis/${GROUP}/${VERSION}/${PLURAL}`,
    () => custom.listClusterCustomObject(kind) as Promise<KubernetesListObject<Website>>,
  );
  const deployments = makeInformer(
    config,
    '/apis/apps/v1/deployments',
    () => apps.listDeploymentForAllNamespaces({ labelSelector: CHILDREN }),
    CHILDREN,
  );

  const patch = (object: object, strategy: PatchStrategy, manager = MANAGED_BY) => {
    const force = strategy === PatchStrategy.ServerSideApply ? true : undefined;
    return objects.patch(object, undefined, undefined, manager, force, strategy);
  };
  const apply = (object: object, manager?: string) =>
    patch(object, PatchStrategy.ServerSideApply, manager);

  /** The config map that lists the websites of a namespace; null removes an entry. */
  const index = (namespace: string, name: string, text: string | null) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: INDEX, namespace },
    data: { [name]: text },
  });

  /** The resource version makes the write fail after a change that the informer has not seen. */
  const setFinalizers = ({ metadata }: Website, finalizers: string[]) => {
    const { name = '', namespace = '', resourceVersion } = metadata!;
    const body = { metadata: { finalizers, resourceVersion } };
    return custom.patchNamespacedCustomObject({ ...kind, namespace, name, body }, MERGE);
  };

  async function reconcile(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const target = { namespace, name };
    const website = websites.get(name, namespace);
    if (!website) return;
    const { finalizers = [], deletionTimestamp } = website.metadata!;
    if (deletionTimestamp) {
      if (!finalizers.includes(FINALIZER)) return;
      // The garbage collector knows nothing of the index, so its entry goes first.
      const removal = index(namespace, name, null);
      await patch(removal, PatchStrategy.MergePatch).catch(unless(404));
      const others = finalizers.filter((one) => one !== FINALIZER);
      await setFinalizers(website, others).catch(unless(404));
      return;
    }
    if (!finalizers.includes(FINALIZER)) await setFinalizers(website, [...finalizers, FINALIZER]);
    for (const child of childrenOf(website)) await apply(child);
    // Each entry has a manager of its own, because an apply removes what its manager leaves out.
    const entry = index(namespace, name, `${website.spec.page.length} characters`);
    await apply(entry, `${MANAGED_BY}-${name}`);
    const status = statusOf(website, deployments.get(name, namespace));
    if (isDeepStrictEqual({ ...website.status }, status)) return;
    await custom.patchNamespacedCustomObjectStatus({ ...kind, ...target, body: { status } }, MERGE);
  }

  const queue = createQueue(reconcile);
  const notice = ({ metadata }: { metadata?: { name?: string; namespace?: string } }): void =>
    queue.add(`${metadata?.namespace}/${metadata?.name}`);
  let isStopped = false;
  async function follow<T extends KubernetesObject>(informer: Informer<T>): Promise<void> {
    for (const event of ['add', 'update', 'delete'] as const) informer.on(event, notice);
    // An informer ends with an error, for example when the API server restarts.
    const restart = (): void => {
      setTimeout(() => {
        if (!isStopped) informer.start().catch(restart);
      }, RESTART_MS).unref();
    };
    informer.on('error', restart);
    await informer.start();
  }
  await Promise.all([follow(websites), follow(deployments)]);
  return async () => {
    isStopped = true;
    await Promise.all([websites.stop(), deployments.stop()]);
    await queue.stop();
  };
}

const unless =
  (code: number) =>
  (error: unknown): void => {
    if ((error as { code?: number }).code !== code) throw error;
  };
