// The built-in admission plugins, in upstream's order (pkg/kubeapiserver/options/plugins.go). First
// every plugin's `mutate` runs in this order, then every `validate`. A plugin decides from the
// request, the watch caches and the authorizer; it writes nothing.
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';
import {
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
} from './certificates.js';
import { defaultIngressClass, defaultStorageClass } from './default-class.js';
import { defaultTolerationSeconds } from './default-toleration-seconds.js';
import { limitRanger } from './limit-ranger.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { nodeRestriction } from './node-restriction.js';
import { podSecurity } from './pod-security.js';
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
  PodSecurity: podSecurity,
  Priority: priority,
  DefaultTolerationSeconds: defaultTolerationSeconds,
  DefaultStorageClass: defaultStorageClass,
  StorageObjectInUseProtection: storageObjectInUseProtection,
  RuntimeClass: runtimeClass,
  CertificateApproval: certificateApproval,
  CertificateSigning: certificateSigning,
  CertificateSubjectRestriction: certificateSubjectRestriction,
  DefaultIngressClass: defaultIngressClass,
  MutatingAdmissionWebhook: mutatingWebhooks,
  ValidatingAdmissionWebhook: validatingWebhooks,
  // Last, so that a request that another plugin denies is never charged.
  ResourceQuota: resourceQuota,
};

/**
 * Run after the others on every server. No flag names them: upstream's storage makes these checks.
 */
const UNCONDITIONAL_PLUGINS: readonly AdmissionPluginFactory[] = [rbacEscalation];

/** Enabled without flags: upstream's defaults, and NodeRestriction as kubeadm enables it. */
export const DEFAULT_ADMISSION_PLUGINS: readonly string[] = Object.keys(ADMISSION_PLUGINS);

/**
 * The enabled plugins and the unconditional ones, in order of execution. Throws for a name that is
 * not in the list.
 */
export function selectAdmissionPlugins(
  enable: readonly string[] = [],
  disable: readonly string[] = [],
): AdmissionPluginFactory[] {
  for (const name of [...enable, ...disable]) {
    if (!(name in ADMISSION_PLUGINS))
      throw new Error(
        `unknown admission plugin ${name}, choose from ${Object.keys(ADMISSION_PLUGINS).join(', ')}`,
      );
  }
  const on = new Set([...DEFAULT_ADMISSION_PLUGINS, ...enable]);
  const enabled = Object.entries(ADMISSION_PLUGINS).flatMap(([name, factory]) =>
    on.has(name) && !disable.includes(name) ? [factory] : [],
  );
  return [...enabled, ...UNCONDITIONAL_PLUGINS];
}
