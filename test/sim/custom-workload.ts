// The users of custom resources in a simulated cluster: they define kinds anew, create objects that
// the schema may refuse, hold them by finalizers, and let webhooks come and go.
import { PATCH_TYPES } from '../../pkg/client/client.js';
import type { Cluster } from './cluster.js';
import {
  custom,
  customSpec,
  definition,
  GROUP,
  HOLD,
  hookConfiguration,
  isNamespaced,
  KIND_OF,
  PLURALS,
  type HookKind,
  type Plural,
} from './custom-objects.js';
import type { AnyObject } from './model.js';
import type { Operation } from './workload.js';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const MAX_OBJECTS = 30;

/**
 * Answers that users expect of kinds, webhooks and servers that come and go, and of objects that
 * the schema refuses; 405 while a definition is being deleted.
 */
const EXPECTED = new Set([200, 201, 400, 403, 404, 405, 409, 422, 429, 500, 503, 504]);

export class CustomWorkload {
  private names = 0;

  constructor(
    private readonly cluster: Cluster,
    private readonly namespaces: readonly string[],
  ) {}

  private async call(method: string, path: string, body?: unknown, type?: string): Promise<number> {
    const { client, trace } = this.cluster;
    const options = type ? { contentType: type } : {};
    const { status, body: text } = await client.raw(method, path, body, options);
    trace.add(`user: ${method} ${path} ${JSON.stringify(body ?? '').slice(0, 200)}: ${status}`);
    if (!EXPECTED.has(status))
      throw new TypeError(`${method} ${path}: ${status} ${Buffer.from(text).toString()}`);
    return status;
  }

  private all(plurals: readonly Plural[] = PLURALS): AnyObject[] {
    return plurals.flatMap((plural) => this.cluster.model.all(KIND_OF[plural]));
  }

  private pathOf({ kind, metadata }: AnyObject, version = 'v1'): string {
    const scope = metadata.namespace ? `namespaces/${metadata.namespace}/` : '';
    return `/apis/${GROUP}/${version}/${scope}${kind.toLowerCase()}s/${metadata.name}`;
  }

  private some(): AnyObject | undefined {
    const all = this.all();
    return all.length ? this.cluster.faults.pick(all) : undefined;
  }

  /** Operations, of which the workload starts one now and then. */
  operations(): Operation[] {
    return [
      [3, 'define', () => this.define()],
      [1, 'undefine', () => this.undefine()],
      [8, 'create custom', () => this.create()],
      [3, 'update custom', () => this.update()],
      [2, 'status of custom', () => this.report()],
      [2, 'delete custom', () => this.remove()],
      [3, 'release custom', () => this.release()],
      [2, 'webhook', () => this.hook()],
    ];
  }

  private async define(): Promise<void> {
    const { faults } = this.cluster;
    const one = definition(faults, faults.pick(PLURALS));
    const status = await this.call('POST', DEFINITIONS, one);
    if (status === 409)
      await this.call(
        'PATCH',
        `${DEFINITIONS}/${one.metadata.name}`,
        { spec: one.spec },
        PATCH_TYPES.merge,
      );
  }

  private async undefine(): Promise<void> {
    const plural = this.cluster.faults.pick(PLURALS);
    await this.call('DELETE', `${DEFINITIONS}/${plural}.${GROUP}`);
  }

  private async create(): Promise<void> {
    const { faults, model } = this.cluster;
    if (this.all().length >= MAX_OBJECTS) return this.remove();
    const plural = faults.pick(PLURALS);
    const namespace = isNamespaced(plural) ? faults.pick(this.namespaces) : undefined;
    const owners = [
      ...this.all([plural]),
      ...(namespace ? model.all('ReplicationController') : []),
    ].filter(({ metadata }) => !metadata.namespace || metadata.namespace === namespace);
    const owner = owners.length && faults.between(0, 1) ? faults.pick(owners) : undefined;
    const object = custom(faults, plural, `c-${this.names++}`, namespace, owner);
    const version = object.apiVersion.slice(GROUP.length + 1);
    const path = this.pathOf(object as AnyObject, version);
    await this.call('POST', path.slice(0, path.lastIndexOf('/')), object);
  }

  private async update(): Promise<void> {
    const one = this.some();
    const { faults } = this.cluster;
    if (!one) return;
    const version = one.kind === 'Gizmo' ? faults.pick(['v1', 'v2']) : 'v1';
    const path = this.pathOf(one, version);
    const spec = { ...customSpec(faults), ...(faults.between(0, 3) ? {} : { unknown: 1 }) };
    await this.call('PATCH', path, { spec }, PATCH_TYPES.merge);
  }

  private async report(): Promise<void> {
    const one = this.some();
    if (!one) return;
    const status = { phase: this.cluster.faults.pick(['Ready', 'Busy']), unknown: 1 };
    await this.call('PATCH', `${this.pathOf(one)}/status`, { status }, PATCH_TYPES.merge);
  }

  private async remove(): Promise<void> {
    const one = this.some();
    // A second deletion may add a finalizer, of which the invariants know nothing.
    if (!one || one.metadata.deletionTimestamp) return;
    const propagation = this.cluster.faults.pick(['Background', 'Foreground', 'Orphan']);
    await this.call('DELETE', `${this.pathOf(one)}?propagationPolicy=${propagation}`);
  }

  /** Lets objects go that wait for their finalizer, as their operator does. */
  async release(): Promise<void> {
    for (const one of this.all()) {
      const { deletionTimestamp, finalizers = [] } = one.metadata;
      if (!deletionTimestamp || !finalizers.includes(HOLD)) continue;
      const left = finalizers.filter((finalizer) => finalizer !== HOLD);
      const metadata = { finalizers: left, uid: one.metadata.uid };
      await this.call('PATCH', this.pathOf(one), { metadata }, PATCH_TYPES.merge);
    }
  }

  private async hook(): Promise<void> {
    const { faults, model } = this.cluster;
    const kind: HookKind = faults.pick(['Mutating', 'Validating']);
    const path = `${ADMISSION}/${kind.toLowerCase()}webhookconfigurations`;
    const present = model.all(`${kind}WebhookConfiguration`);
    if (present.length > 1)
      await this.call('DELETE', `${path}/${faults.pick(present).metadata.name}`);
    else await this.call('POST', path, hookConfiguration(faults, kind, `h-${this.names++}`));
  }
}
