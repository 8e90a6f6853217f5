// Defaults and the status of a CustomResourceDefinition (upstream
// apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go and its registry strategy).
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionStatus,
} from './types.js';

const WEBHOOK_PORT = 443;

export function defaultCustomResourceDefinition(crd: CustomResourceDefinition): void {
  const { spec }: { spec?: Partial<CustomResourceDefinitionSpec> } = crd;
  if (!spec) return;
  const { names } = spec;
  if (names?.kind) {
    names.singular ||= names.kind.toLowerCase();
    names.listKind ||= `${names.kind}List`;
  }
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= WEBHOOK_PORT;
}

/** The status of a definition that no controller has seen yet. */
export function emptyDefinitionStatus(): CustomResourceDefinitionStatus {
  return { acceptedNames: { kind: '', plural: '' }, conditions: null, storedVersions: null };
}

/** Adds the storage version to those in which objects may be stored. The server removes none. */
export function recordStorageVersion(crd: CustomResourceDefinition): void {
  const { spec }: { spec?: Partial<CustomResourceDefinitionSpec> } = crd;
  const storage = (spec?.versions ?? []).find((version) => version.storage);
  if (!storage) return;
  crd.status ??= emptyDefinitionStatus();
  const stored = (crd.status.storedVersions ??= []);
  if (!stored.includes(storage.name)) stored.push(storage.name);
}
