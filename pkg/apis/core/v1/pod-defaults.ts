// Defaults of pods and of pod templates (upstream pkg/apis/core/v1/defaults.go). Templates get
// fewer defaults than pods: fields that only running pods need stay out, so that template hashes
// are stable. Every function is idempotent and changes its argument in place.
import type {
  Container,
  EphemeralContainer,
  LifecycleHandler,
  Pod,
  PodSpec,
  PodTemplateSpec,
  Probe,
} from './types.js';
import { parseImageReference } from '../../../util/image/reference.js';
import { defaultVolume } from './volume-defaults.js';

export const DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS = 30;

/** 'Always' for tags that move: 'latest', or neither tag nor digest. */
export function defaultPullPolicy(image: string | undefined): 'Always' | 'IfNotPresent' {
  const reference = parseImageReference(image ?? '');
  const tag = reference && !reference.tag && !reference.digest ? 'latest' : reference?.tag;
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultHandler(handler: LifecycleHandler | Probe | undefined): void {
  if (!handler?.httpGet) return;
  handler.httpGet.path ||= '/';
  handler.httpGet.scheme ||= 'HTTP';
}

function defaultProbe(probe: Probe | undefined): void {
  if (!probe) return;
  defaultHandler(probe);
  if (probe.grpc) probe.grpc.service ??= '';
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
}

function defaultContainer(container: Container | EphemeralContainer): void {
  container.imagePullPolicy ||= defaultPullPolicy(container.image);
  container.resources ??= {};
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  for (const variable of container.env ?? []) {
    if (variable.valueFrom?.fieldRef) variable.valueFrom.fieldRef.apiVersion ||= 'v1';
    if (variable.valueFrom?.resourceFieldRef) variable.valueFrom.resourceFieldRef.divisor ??= '0';
  }
  defaultProbe(container.livenessProbe);
  defaultProbe(container.readinessProbe);
  defaultProbe(container.startupProbe);
  defaultHandler(container.lifecycle?.postStart);
  defaultHandler(container.lifecycle?.preStop);
}

/** Defaults that pods and templates share. */
export function defaultPodSpec(spec: PodSpec): void {
  spec.containers ??= [];
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  for (const container of spec.initContainers ?? []) defaultContainer(container);
  for (const container of spec.containers) defaultContainer(container);
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container);
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.restartPolicy ||= 'Always';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS;
  spec.schedulerName ||= 'default-scheduler';
  // serviceAccount is the deprecated name; both are always written, and serviceAccountName wins.
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account) {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
}

export function defaultPodTemplateSpec(template: PodTemplateSpec): void {
  template.metadata ??= {} as NonNullable<PodTemplateSpec['metadata']>;
  template.spec ??= { containers: [] };
  defaultPodSpec(template.spec);
}

function requestsFromLimits(container: Container): void {
  const { resources } = container;
  if (!resources?.limits) return;
  const requests = (resources.requests ??= {});
  for (const [resource, limit] of Object.entries(resources.limits)) requests[resource] ??= limit;
}

function hostPortsFromPorts(container: Container): void {
  for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
}

export function defaultPod(pod: Pod): void {
  pod.spec ??= { containers: [] };
  pod.status ??= {};
  // podIP wins over podIPs: upstream converts it to the first of the list (core/v1/conversion.go).
  const { podIP, podIPs } = pod.status;
  if (podIP && podIPs?.[0]?.ip !== podIP) pod.status.podIPs = [{ ip: podIP }];
  else if (!podIP && podIPs?.[0]?.ip) pod.status.podIP = podIPs[0].ip;
  defaultPodSpec(pod.spec);
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  containers.forEach(requestsFromLimits);
  pod.spec.enableServiceLinks ??= true;
  if (pod.spec.hostNetwork) containers.forEach(hostPortsFromPorts);
}
