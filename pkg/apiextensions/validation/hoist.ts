// The internal form in which upstream validates a definition: parts that are equal in all versions
// stand once, at the top of the spec. Field errors name that place (upstream
// apiextensions-apiserver/pkg/apis/apiextensions/v1/conversion.go).
import type {
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from '../../apis/apiextensions/v1/types.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';

type Parts = Pick<
  CustomResourceDefinitionVersion,
  'additionalPrinterColumns' | 'schema' | 'selectableFields' | 'subresources'
>;

export interface Hoisted {
  /** The parts of all versions. */
  readonly shared: Parts;
  /** The versions without these parts. */
  readonly versions: readonly CustomResourceDefinitionVersion[];
}

const PARTS = ['subresources', 'schema', 'additionalPrinterColumns', 'selectableFields'] as const;

export function hoist({ versions }: Partial<CustomResourceDefinitionSpec>): Hoisted {
  const [first, ...others] = versions ?? [];
  if (!first) return { shared: {}, versions: [] };
  const isEqual = (part: keyof Parts): boolean =>
    others.every((version) => semanticEqual(version[part], first[part]));
  // Selectable fields stay beside their schemas.
  const parts = PARTS.filter(
    (part) => isEqual(part) && (part !== 'selectableFields' || isEqual('schema')),
  );
  const shared: Parts = {};
  for (const part of parts)
    if (first[part] !== undefined) Object.assign(shared, { [part]: first[part] });
  return {
    shared,
    versions: [first, ...others].map((version) => {
      const rest = { ...version };
      for (const part of parts) delete rest[part];
      return rest;
    }),
  };
}
