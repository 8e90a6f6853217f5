// Validation of custom resource definitions (upstream
// apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go).
import { fieldErrors, type FieldError, GoText } from '../../apimachinery/errors/status-error.js';
import { isDns1035Label, isDns1123Subdomain } from '../../apimachinery/validation/names.js';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from '../../apis/apiextensions/v1/types.js';
import { goStrings } from '../../apis/meta/v1/go-value.js';
import { utf8Length, validateWith } from '../../apis/meta/v1/object-meta.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';
import { isConditionTrue } from '../../component-helpers/conditions.js';
import { MAX_DEPRECATION_WARNING } from '../limits.js';
import { schemasOf, someSchema } from '../schema/walk.js';
import { validateApproval } from './approval.js';
import { validateColumn, validateSimplePath } from './columns.js';
import { validateConversion } from './conversion.js';
import { NEW_OBJECT, optionsOfUpdate, type DefinitionOptions } from './ratchet.js';
import { validateSchema } from './schema.js';
import { validateSelectableFields } from './selectable-fields.js';
import { boundedErrors, validateSize } from './size.js';
import { each } from '../../apis/core/v1/validation/fields.js';

// Validation of the scale subresource's paths (upstream validation.go,
// ValidateCustomResourceDefinitionSubresources).

/** Where the value at a path may stand, and upstream's words for these places. */
const PLACES = {
  specReplicasPath: { under: ['.spec.'], words: 'under .spec' },
  statusReplicasPath: { under: ['.status.'], words: 'under .status' },
  labelSelectorPath: { under: ['.spec.', '.status.'], words: 'under either .spec or .status' },
} as const;

function validateSubresources({ scale }: CustomResourceSubresources, path: string): FieldError[] {
  if (!scale) return [];
  return Object.entries(PLACES).flatMap(([name, { under, words }]) => {
    const text = scale[name as keyof typeof PLACES] ?? '';
    if (name === 'labelSelectorPath' && !text) return [];
    const at = `${path}.scale.${name}`;
    const errors = validateSimplePath(text, at);
    return errors.length > 0 || under.some((prefix) => text.startsWith(prefix))
      ? errors
      : [fieldErrors.invalid(at, text, `should be a json path ${words}`)];
  });
}

// The internal form in which upstream validates a definition: parts that are equal in all versions
// stand once, at the top of the spec. Field errors name that place (upstream
// apiextensions-apiserver/pkg/apis/apiextensions/v1/conversion.go).
type Parts = Pick<
  CustomResourceDefinitionVersion,
  'additionalPrinterColumns' | 'schema' | 'selectableFields' | 'subresources'
>;

interface Hoisted {
  /** The parts of all versions. */
  readonly shared: Parts;
  /** The versions without these parts. */
  readonly versions: readonly CustomResourceDefinitionVersion[];
}

const PARTS = ['subresources', 'schema', 'additionalPrinterColumns', 'selectableFields'] as const;

function hoist({ versions }: Partial<CustomResourceDefinitionSpec>): Hoisted {
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

const { invalid, notSupported, required } = fieldErrors;

/** Of a new definition. The schemas' engine must be loaded (rules/engine.ts). */
export function validateDefinition(crd: CustomResourceDefinition): FieldError[] {
  if (!crd.spec) return [required('spec')];
  return boundedErrors([
    ...validateName(crd),
    ...validateSpec(crd.spec, NEW_OBJECT),
    ...validateDefinitionStatus(crd),
    ...validateStoredVersions(crd),
    ...validateApproval(crd),
    ...validatePreservation(crd.spec),
  ]);
}

/** Of a changed definition: rules that the old one does not obey are not enforced. */
export function validateDefinitionUpdate(
  next: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  if (!next.spec || !old.spec) return [required('spec')];
  const isServed = isEstablished(old);
  return boundedErrors([
    ...validateSpec(next.spec, optionsOfUpdate(next, old, isServed)),
    ...validateImmutable(next.spec, old.spec, isServed),
    ...validateDefinitionStatus(next),
    ...validateStoredVersions(next),
    ...validateApproval(next, old),
    ...(old.spec.preserveUnknownFields ? [] : validatePreservation(next.spec)),
  ]);
}

export function validateDefinitionStatus({ status }: CustomResourceDefinition): FieldError[] {
  return status?.acceptedNames ? validateNames(status.acceptedNames, 'status.acceptedNames') : [];
}

export const isEstablished = ({ status }: CustomResourceDefinition): boolean =>
  isConditionTrue(status?.conditions ?? [], 'Established');

function validateName({ metadata, spec }: CustomResourceDefinition): FieldError[] {
  const wanted = `${spec.names?.plural ?? ''}.${spec.group ?? ''}`;
  return (['generateName', 'name'] as const).flatMap((field) => {
    const name = metadata[field];
    return name && name !== wanted
      ? [invalid(`metadata.${field}`, name, 'must be spec.names.plural+"."+spec.group')]
      : [];
  });
}

const SCOPES = ['Cluster', 'Namespaced'];

function validateSpec(
  spec: Partial<CustomResourceDefinitionSpec>,
  options: DefinitionOptions,
): FieldError[] {
  const { group = '', names, preserveUnknownFields, scope = '' } = spec;
  const tooLarge = validateSize(schemasOf(spec), 'spec.versions');
  if (tooLarge.length > 0) return tooLarge;
  const hoisted = hoist(spec);
  const errors = [...validateGroup(group)];
  if (!scope) errors.push(required('spec.scope'));
  else if (!SCOPES.includes(scope)) errors.push(notSupported('spec.scope', scope, SCOPES));
  errors.push(...validatePresence(hoisted, options));
  if (preserveUnknownFields && schemasOf(spec).some(hasDefaults))
    errors.push(
      invalid(
        'spec.preserveUnknownFields',
        true,
        'must be false in order to use defaults in the schema',
      ),
    );
  errors.push(...validateVersions(spec, hoisted, options));
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const)
    if (!names?.[name]) errors.push(required(`spec.names.${name}`));
  if (names) errors.push(...validateNames(names, 'spec.names'));
  errors.push(
    ...validateParts(hoisted.shared, 'spec', 'validation', hasAnyStatus(hoisted), {
      ...options,
      isUnchanged: options.isUnchanged(spec.versions?.[0]?.name ?? ''),
    }),
  );
  const { conversion } = spec;
  if (preserveUnknownFields && conversion && conversion.strategy !== 'None')
    errors.push(
      invalid(
        'spec.conversion.strategy',
        conversion.strategy,
        'must be None if spec.preserveUnknownFields is true',
      ),
    );
  if (conversion) errors.push(...validateConversion(conversion, options));
  return errors;
}

const hasDefaults = (schema: Parameters<typeof someSchema>[0]): boolean =>
  someSchema(schema, (one) => one.default !== undefined);

function validateGroup(group: string): FieldError[] {
  if (!group) return [required('spec.group')];
  const problems = isDns1123Subdomain(group);
  if (problems.length > 0) return [invalid('spec.group', group, problems.join(','))];
  return group.includes('.')
    ? []
    : [invalid('spec.group', group, 'should be a domain with at least one dot')];
}

/** Each version has a schema. */
function validatePresence(
  { shared, versions }: Hoisted,
  { requiresSchemas }: DefinitionOptions,
): FieldError[] {
  if (shared.schema?.openAPIV3Schema) return [];
  return each(versions, 'spec.versions', ({ schema, served }, at) => {
    if (schema?.openAPIV3Schema || !(requiresSchemas || served)) return [];
    const why = requiresSchemas
      ? 'schemas are required'
      : 'because otherwise all fields are pruned';
    return [required(`${at}.schema.openAPIV3Schema`, why)];
  });
}

function validateVersions(
  spec: Partial<CustomResourceDefinitionSpec>,
  hoisted: Hoisted,
  options: DefinitionOptions,
): FieldError[] {
  const { shared, versions } = hoisted;
  const errors: FieldError[] = [];
  const hasOwnSubresources = versions.some(({ subresources }) => subresources !== undefined);
  // The first version of a name decides, as in upstream's lookup.
  const byName = new Map([...versions].reverse().map((version) => [version.name, version]));
  versions.forEach((version: Partial<CustomResourceDefinitionVersion>, index) => {
    const path = `spec.versions[${index}]`;
    const { deprecated, deprecationWarning, name = '' } = version;
    const problems = isDns1035Label(name);
    if (problems.length > 0) errors.push(invalid(`${path}.name`, name, problems.join(',')));
    for (const problem of deprecationProblems(deprecated === true, deprecationWarning))
      errors.push(invalid(`${path}.deprecationWarning`, deprecationWarning, problem));
    const { subresources } = (hasOwnSubresources && byName.get(name)) || shared;
    errors.push(
      ...validateParts(version, path, 'schema', subresources?.status !== undefined, {
        ...options,
        isUnchanged: options.isUnchanged(name),
      }),
    );
  });
  const complain = (detail: string): void => {
    errors.push(invalid('spec.versions', goVersions(spec.versions && versions), detail));
  };
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    complain('must contain unique version names');
  if (versions.filter(({ storage }) => storage).length !== 1)
    complain('must have exactly one version marked as storage version');
  const [first] = spec.versions ?? [];
  const problems = first ? isDns1035Label(first.name ?? '') : [];
  if (first?.name && problems.length > 0)
    errors.push(invalid('spec.version', first.name, problems.join(',')));
  return errors;
}

/** The versions as Go prints them, without their parts. */
function goVersions(versions: readonly CustomResourceDefinitionVersion[] | undefined): GoText {
  const type = 'apiextensions.CustomResourceDefinitionVersion';
  if (!versions) return new GoText(`[]${type}(nil)`);
  const shown = versions.map(
    ({ deprecated, name, served, storage }) =>
      `${type}{Name:${JSON.stringify(name)}, Served:${served}, Storage:${storage}, Deprecated:${deprecated ?? false}}`,
  );
  return new GoText(`[]${type}{${shown.join(', ')}}`);
}

type SchemaPart = Parameters<typeof validateSchema>[3];

/** The parts that stand in a version, or for all versions at the top. */
function validateParts(
  { additionalPrinterColumns = [], schema, selectableFields = [], subresources }: Hoisted['shared'],
  path: string,
  schemaName: 'schema' | 'validation',
  hasStatus: boolean,
  options: SchemaPart,
): FieldError[] {
  const { openAPIV3Schema } = schema ?? {};
  const schemaPath = `${path}.${schemaName}.openAPIV3Schema`;
  return [
    ...(openAPIV3Schema ? validateSchema(openAPIV3Schema, schemaPath, hasStatus, options) : []),
    ...(subresources ? validateSubresources(subresources, `${path}.subresources`) : []),
    ...each(additionalPrinterColumns, `${path}.additionalPrinterColumns`, validateColumn),
    ...(selectableFields.length > 0
      ? validateSelectableFields(selectableFields, openAPIV3Schema, path, schemaName)
      : []),
  ];
}

const hasAnyStatus = ({ shared, versions }: Hoisted): boolean =>
  [shared, ...versions].some(({ subresources }) => subresources?.status !== undefined);

/** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function deprecationProblems(isDeprecated: boolean, warning: string | undefined): string[] {
  if (warning === undefined) return [];
  if (!isDeprecated) return ['can only be set for deprecated versions'];
  const problems: string[] = [];
  if (utf8Length(warning) > MAX_DEPRECATION_WARNING)
    problems.push(`must be <= ${MAX_DEPRECATION_WARNING} characters long`);
  if (!warning) problems.push('must not be an empty string');
  let at = 0;
  for (const character of warning) {
    if (!PRINTABLE.test(character)) {
      problems.push(
        `must only contain printable UTF-8 characters; non-printable character found at index ${at}`,
      );
      break;
    }
    at += utf8Length(character);
  }
  return problems;
}

const mixedCaseLabel = (name: string): string[] => {
  const problems = isDns1035Label(name.toLowerCase());
  return problems.length > 0
    ? [`may have mixed case, but should otherwise match: ${problems.join(',')}`]
    : [];
};
const label = (name: string): string[] => {
  const problems = isDns1035Label(name);
  return problems.length > 0 ? [problems.join(',')] : [];
};

const NAME_RULES = {
  plural: label,
  singular: label,
  kind: mixedCaseLabel,
  listKind: mixedCaseLabel,
} as const;

/** Names that are there; a status may have none. */
function validateNames(names: CustomResourceDefinitionNames, path: string): FieldError[] {
  const { categories = [], kind, listKind, shortNames = [] } = names;
  const errors: FieldError[] = [];
  for (const [field, rule] of Object.entries(NAME_RULES)) {
    const name = names[field as keyof typeof NAME_RULES];
    if (name) errors.push(...validateWith(rule, name, `${path}.${field}`));
  }
  if (kind && kind === listKind)
    errors.push(invalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same'));
  for (const [field, list] of Object.entries({ shortNames, categories }))
    list.forEach((name, index) =>
      errors.push(...validateWith(label, name, `${path}.${field}[${index}]`)),
    );
  return errors;
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition): FieldError[] {
  const path = 'status.storedVersions';
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0)
    return [invalid(path, goStrings(undefined), 'must have at least one stored version')];
  const versions = spec.versions ?? [];
  const names = new Set(versions.map(({ name }) => name));
  return [
    ...versions.flatMap(({ name, storage }) =>
      storage && !stored.includes(name)
        ? [invalid(path, stored, `must have the storage version ${name}`)]
        : [],
    ),
    ...each(stored, path, (name, at) =>
      names.has(name) ? [] : [invalid(at, name, 'must appear in spec.versions')],
    ),
  ];
}

function validatePreservation({
  preserveUnknownFields,
}: CustomResourceDefinitionSpec): FieldError[] {
  return preserveUnknownFields
    ? [
        invalid(
          'spec.preserveUnknownFields',
          true,
          'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
        ),
      ]
    : [];
}

/** The group and the plural are the object's name; scope and kind decide how objects are stored. */
function validateImmutable(
  next: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec,
  isServed: boolean,
): FieldError[] {
  const pairs: [path: string, next: unknown, old: unknown][] = [
    ...(isServed
      ? ([
          ['spec.scope', next.scope, old.scope],
          ['spec.names.kind', next.names?.kind, old.names?.kind],
        ] as [string, unknown, unknown][])
      : []),
    ['spec.group', next.group, old.group],
    ['spec.names.plural', next.names?.plural, old.names?.plural],
  ];
  return pairs.flatMap(([path, value, before]) =>
    semanticEqual(value, before) ? [] : [invalid(path, value ?? '', 'field is immutable')],
  );
}
