// Labels and annotations of sandboxes and containers, from which a restarted kubelet restores its
// state without files. Names are upstream's (pkg/kubelet/types/labels.go, kuberuntime/labels.go).
import { jsonText } from '../../util/json/json-text.js';
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { MIRROR_ANNOTATION } from '../../apis/core/v1/validation/pod-annotations.js';
import { terminationGracePeriod } from '../../component-helpers/pods.js';
import { identityOf } from './observed.js';
import { fnv32a } from '../../util/hash/fnv.js';

export const POD_NAME_LABEL = 'io.kubernetes.pod.name';
export const POD_NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
export const POD_UID_LABEL = 'io.kubernetes.pod.uid';
export const CONTAINER_NAME_LABEL = 'io.kubernetes.container.name';

const HASH = 'io.kubernetes.container.hash';
const RESTART_COUNT = 'io.kubernetes.container.restartCount';
const TERMINATION_PATH = 'io.kubernetes.container.terminationMessagePath';
const TERMINATION_POLICY = 'io.kubernetes.container.terminationMessagePolicy';
const GRACE = 'io.kubernetes.pod.terminationGracePeriod';
const PRE_STOP = 'io.kubernetes.container.preStopHandler';
const PORTS = 'io.kubernetes.container.ports';

export const CONFIG_SOURCE = 'kubernetes.io/config.source';
export const CONFIG_MIRROR = MIRROR_ANNOTATION;
export const CONFIG_HASH = 'kubernetes.io/config.hash';
export const CONFIG_SEEN = 'kubernetes.io/config.seen';

/**
 * The hash of the fields that restart a container when they change, name and image, in upstream's
 * form (HashContainer): FNV-1a of the bytes of their JSON, written as Go prints a []uint8.
 */
export function containerHash({ name, image = '' }: Container): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ image, name }));
  return fnv32a(`([]uint8)[${bytes.join(' ')}]`).toString(16);
}

/** Back-offs are forgotten when the user corrects what failed (upstream: GetStableKey). */
export const backoffKey = (container: Container): string =>
  `${container.name}_${containerHash(container)}`;

function identityLabels(pod: Pod): Record<string, string> {
  const { name, namespace, uid } = identityOf(pod);
  return { [POD_NAME_LABEL]: name, [POD_NAMESPACE_LABEL]: namespace, [POD_UID_LABEL]: uid };
}

export function sandboxLabels(pod: Pod): Record<string, string> {
  return { ...pod.metadata.labels, ...identityLabels(pod) };
}

export function containerLabels(pod: Pod, container: Container): Record<string, string> {
  return { [CONTAINER_NAME_LABEL]: container.name, ...identityLabels(pod) };
}

export function containerAnnotations(
  pod: Pod,
  container: Container,
  restartCount: number,
): Record<string, string> {
  const preStop = container.lifecycle?.preStop;
  return {
    [HASH]: containerHash(container),
    [RESTART_COUNT]: String(restartCount),
    [TERMINATION_PATH]: container.terminationMessagePath ?? '/dev/termination-log',
    [TERMINATION_POLICY]: container.terminationMessagePolicy ?? 'File',
    [GRACE]: String(terminationGracePeriod(pod.spec)),
    ...(preStop && { [PRE_STOP]: jsonText(preStop) }),
    ...(container.ports?.length && { [PORTS]: JSON.stringify(container.ports) }),
  };
}

export interface ContainerAnnotations {
  hash: string;
  restartCount: number;
  terminationMessagePath: string;
  terminationMessagePolicy: string;
  graceSeconds: number;
}

/** The inverse of containerAnnotations. Missing annotations get the API defaults. */
export function readAnnotations(annotations: Record<string, string>): ContainerAnnotations {
  const number = (text: string | undefined, otherwise: number) =>
    text !== undefined && Number.isFinite(Number(text)) ? Number(text) : otherwise;
  return {
    hash: annotations[HASH] ?? '',
    restartCount: number(annotations[RESTART_COUNT], 0),
    terminationMessagePath: annotations[TERMINATION_PATH] ?? '/dev/termination-log',
    terminationMessagePolicy: annotations[TERMINATION_POLICY] ?? 'File',
    graceSeconds: number(annotations[GRACE], 30),
  };
}

export const isMirrorPod = (pod: Pod): boolean =>
  pod.metadata.annotations?.[CONFIG_MIRROR] !== undefined;

/** A pod of the API server is no static pod, whatever its annotations say. */
export function asApiPod(pod: Pod): Pod {
  const { annotations } = pod.metadata;
  if (annotations?.[CONFIG_SOURCE] === undefined) return pod;
  const metadata = { ...pod.metadata, annotations: { ...annotations, [CONFIG_SOURCE]: 'api' } };
  return { ...pod, metadata };
}

export function isStaticPod(pod: Pod): boolean {
  const source = pod.metadata.annotations?.[CONFIG_SOURCE];
  return source !== undefined && source !== 'api';
}
