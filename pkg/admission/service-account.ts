// ServiceAccount: gives a pod its account, the account's pull secrets and the projected token
// volume (upstream plugin/pkg/admission/serviceaccount). Mirror pods have none of these.
import type { Pod, ServiceAccount, Volume } from '../apis/core/v1/types.js';
import { SERVICE_ACCOUNTS } from '../apis/resource-types.js';
import { podReferences, secretUses } from '../component-helpers/pod-references.js';
import { templateContainers } from '../component-helpers/pods.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import { generateName } from '../apiserver/verbs/object-meta.js';
import { sleep } from '../util/env/env.js';
import { MIRROR_ANNOTATION } from '../apis/core/v1/validation/pod-annotations.js';
import { refusal } from './refuse.js';

const DEFAULT_NAME = 'default';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const VOLUME_PREFIX = 'kube-api-access-';
const ROOT_CA = 'kube-root-ca.crt';
/**
 * The kubelet refreshes the token before. The issuer extends tokens of exactly this lifetime, as
 * upstream.
 */
const TOKEN_SECONDS = 3607;
/** A controller creates the default account of a new namespace shortly after the namespace. */
const DEFAULT_ATTEMPTS = 10;
const RETRY_MS = 100;

function checkMirror(request: AdmissionRequest, pod: Pod): void {
  if (pod.spec.serviceAccountName)
    throw refusal(request, 'a mirror pod may not reference service accounts');
  if (podReferences(pod).secrets.size)
    throw refusal(request, 'a mirror pod may not reference secrets');
  for (const { projected } of pod.spec.volumes ?? [])
    if (projected?.sources?.some((source) => source.serviceAccountToken))
      throw refusal(request, 'a mirror pod may not use ServiceAccountToken volume projections');
}

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    defaultMode: 0o644,
    sources: [
      { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
      { configMap: { name: ROOT_CA, items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [
            { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
          ],
        },
      },
    ],
  },
});

function mountToken(pod: Pod, random: { next(): number }): void {
  const containers = templateContainers(pod.spec).filter(
    ({ volumeMounts }) => !volumeMounts?.some(({ mountPath }) => mountPath === MOUNT_PATH),
  );
  if (!containers.length) return;
  const present = pod.spec.volumes?.find((volume) => volume.name.startsWith(VOLUME_PREFIX));
  const name = present?.name ?? generateName(VOLUME_PREFIX, random);
  for (const container of containers)
    (container.volumeMounts ??= []).push({ name, readOnly: true, mountPath: MOUNT_PATH });
  if (!present) (pod.spec.volumes ??= []).push(tokenVolume(name));
}

/**
 * An account with this annotation lets its pods use its own secrets only (the kinds of
 * CVE-2023-2728 and CVE-2024-3177).
 */
const ENFORCE_MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets';

/** As strconv.ParseBool. */
const isTrueText = (text: string | undefined): boolean =>
  ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text ?? '');

function checkMountable(request: AdmissionRequest, pod: Pod, account: ServiceAccount): void {
  if (!isTrueText(account.metadata.annotations?.[ENFORCE_MOUNTABLE])) return;
  const { name } = account.metadata;
  const mountable = new Set((account.secrets ?? []).map((secret) => secret.name));
  for (const { place, secret } of secretUses(pod))
    if (!mountable.has(secret))
      throw refusal(
        request,
        `${place} secret.secretName="${secret}" is not allowed because service account ${name} does not reference that secret`,
      );
  const pullable = new Set((account.imagePullSecrets ?? []).map((secret) => secret.name));
  for (const [index, secret] of (pod.spec.imagePullSecrets ?? []).entries())
    if (!pullable.has(secret.name))
      throw refusal(
        request,
        `imagePullSecrets[${index}].name="${secret.name ?? ''}" is not allowed because service account ${name} does not reference that imagePullSecret`,
      );
}

export const serviceAccount: AdmissionPluginFactory = ({ env, reader }) => {
  const find = async (namespace: string, name: string): Promise<ServiceAccount | undefined> => {
    for (let attempt = 1; ; attempt++) {
      const account = await reader.find(SERVICE_ACCOUNTS, namespace, name);
      if (account || name !== DEFAULT_NAME || attempt >= DEFAULT_ATTEMPTS) return account;
      await sleep(env.clock, RETRY_MS * (1 + env.random.next()));
    }
  };
  return {
    name: 'ServiceAccount',
    operations: ['CREATE', 'UPDATE'],
    resources: ['pods'],
    async mutate(request) {
      if (request.subresource || request.operation !== 'CREATE') return;
      const pod = request.object as Pod;
      if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined)
        return checkMirror(request, pod);
      const name = pod.spec.serviceAccountName || DEFAULT_NAME;
      const account = await find(request.namespace, name);
      if (!account)
        throw refusal(
          request,
          `error looking up service account ${request.namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
        );
      pod.spec.serviceAccountName = name;
      pod.spec.serviceAccount = name;
      if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
        mountToken(pod, request.context.random);
      if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
        pod.spec.imagePullSecrets = account.imagePullSecrets.map((secret) => ({ ...secret }));
    },
    async validate(request) {
      const adds = request.operation === 'CREATE' && !request.subresource;
      if (!adds && request.subresource !== 'ephemeralcontainers') return;
      const pod = request.object as Pod;
      if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined)
        return checkMirror(request, pod);
      const account = await find(request.namespace, pod.spec.serviceAccountName || DEFAULT_NAME);
      if (account) checkMountable(request, pod, account);
    },
  };
};
