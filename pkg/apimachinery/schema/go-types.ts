// Fields with a named Go type, which decoding errors show ('cannot unmarshal number into Go struct
// field PodSpec.spec.restartPolicy of type v1.RestartPolicy'). go-types.yaml has them.

import { GO_TYPES } from './go-types.generated.js';

const TYPES = new Map<string, string>();
for (const [type, fields] of Object.entries(GO_TYPES))
  for (const field of fields.split(' ')) TYPES.set(field, type);

/**
 * 'v1.RestartPolicy' for ('io.k8s.api.core.v1.PodSpec', 'restartPolicy'); undefined for fields of
 * plain types.
 */
export function namedGoType(schemaName: string, field: string): string | undefined {
  const parts = schemaName.split('.');
  const key = `${parts.at(-1)}.${field}`;
  return TYPES.get(key) ?? TYPES.get(`${parts.at(-3)}.${key}`);
}
