// The built-in admission plugins, in upstream's order (pkg/kubeapiserver/options/plugins.go). First
// every plugin's `mutate` runs in this order, then every `validate`. A plugin decides from the
// request, the watch caches and the authorizer; it writes nothing.
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';
import { alwaysPullImages } from './always-pull-images.js';
import {
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
} from './certificates.js';
import { defaultIngressClass, defaultStorageClass } from './default-class.js';
import { defaultTolerationSeconds } from './default-toleration-seconds.js';
import { denyServiceExternalIPs } from './deny-service-external-ips.js';
import { eventRateLimit } from './event-rate-limit.js';
import { limitRanger } from './limit-ranger.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { nodeRestriction } from './node-restriction.js';
import { podSecurityWith } from './pod-security.js';
import { paramAccess } from './policy/param-access.js';
import { mutatingPolicies } from './policy/mutating.js';
import { validatingPolicies } from './policy/validating.js';
import { priority } from './priority.js';
import { rbacEscalation } from './rbac-escalation.js';
import { resourceQuota } from './resource-quota.js';
import { runtimeClass } from './runtime-class.js';
import { serviceAccount } from './service-account.js';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.js';
import { taintNodesByCondition } from './taint-nodes-by-condition.js';
import { mutatingWebhooks } from './webhooks/mutating.js';
import { validatingWebhooks } from './webhooks/validating.js';

/** By upstream's name, in order of execution. */
export const ADMISSION_PLUGINS: Readonly<Record<string, AdmissionPluginFactory>> = {
  NamespaceLifecycle: namespaceLifecycle,
  LimitRanger: limitRanger,
  ServiceAccount: serviceAccount,
  NodeRestriction: nodeRestriction,
  TaintNodesByCondition: taintNodesByCondition,
  AlwaysPullImages: alwaysPullImages,
  PodSecurity: podSecurityWith(undefined),
  Priority: priority,
  DefaultTolerationSeconds: defaultTolerationSeconds,
  EventRateLimit: (context) => eventRateLimit(undefined)(context),
  DefaultStorageClass: defaultStorageClass,
  StorageObjectInUseProtection: storageObjectInUseProtection,
  RuntimeClass: runtimeClass,
  CertificateApproval: certificateApproval,
  CertificateSigning: certificateSigning,
  CertificateSubjectRestriction: certificateSubjectRestriction,
  DefaultIngressClass: defaultIngressClass,
  DenyServiceExternalIPs: denyServiceExternalIPs,
  // Without the feature gate its objects are not served, and there are no policies.
  MutatingAdmissionPolicy: mutatingPolicies,
  MutatingAdmissionWebhook: mutatingWebhooks,
  ValidatingAdmissionPolicy: validatingPolicies,
  ValidatingAdmissionWebhook: validatingWebhooks,
  // Last, so that a request that another plugin denies is never charged.
  ResourceQuota: resourceQuota,
};

/** These make their factory from their part of the configuration file, or throw Error. */
const CONFIGURED: Readonly<Record<string, (config: unknown) => AdmissionPluginFactory>> = {
  PodSecurity: podSecurityWith,
  EventRateLimit: eventRateLimit,
};

/**
 * Run after the others on every server. No flag names them: upstream's storage makes these checks.
 */
const UNCONDITIONAL_PLUGINS: readonly AdmissionPluginFactory[] = [rbacEscalation, paramAccess];

/** Enabled without flags: upstream's defaults, and NodeRestriction as kubeadm enables it. */
export const DEFAULT_ADMISSION_PLUGINS: readonly string[] = Object.keys(ADMISSION_PLUGINS).filter(
  (name) => !['AlwaysPullImages', 'EventRateLimit', 'DenyServiceExternalIPs'].includes(name),
);

/**
 * The enabled plugins and the unconditional ones, in order of execution. `configs` has the
 * configurations by name. Throws Error for a name that is not in the list or in both lists, and for
 * a configuration that is wrong or that nobody reads.
 */
export function selectAdmissionPlugins(
  enable: readonly string[] = [],
  disable: readonly string[] = [],
  configs: ReadonlyMap<string, unknown> = new Map(),
): AdmissionPluginFactory[] {
  for (const name of [...enable, ...disable, ...configs.keys()]) {
    if (!Object.hasOwn(ADMISSION_PLUGINS, name))
      throw new Error(
        `unknown admission plugin ${name}, choose from ${Object.keys(ADMISSION_PLUGINS).join(', ')}`,
      );
  }
  const twice = enable.filter((name) => disable.includes(name));
  if (twice.length)
    throw new Error(
      `[${twice.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`,
    );
  for (const name of configs.keys())
    if (!Object.hasOwn(CONFIGURED, name)) throw new Error(`plugin ${name} takes no configuration`);
  const on = new Set([...DEFAULT_ADMISSION_PLUGINS, ...enable]);
  const enabled = Object.entries(ADMISSION_PLUGINS).flatMap(([name, factory]) => {
    if (!on.has(name) || disable.includes(name)) return [];
    return [configs.has(name) ? CONFIGURED[name]!(configs.get(name)) : factory];
  });
  return [...enabled, ...UNCONDITIONAL_PLUGINS];
}
