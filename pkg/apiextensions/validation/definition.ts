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
import { each, oneOf, whenSet } from '../../apis/core/v1/validation/fields.js';
import { goStrings } from '../../apis/meta/v1/go-value.js';
import {
  utf8Length,
  validateImmutableField,
  validateWith,
} from '../../apis/meta/v1/object-meta.js';
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

const { invalid, required, unless, when } = fieldErrors;

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
    if (errors.length > 0) return errors;
    const fits = under.some((prefix) => text.startsWith(prefix));
    return unless(fits).invalid(at, text, `should be a json path ${words}`);
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

export const validateDefinitionStatus = ({ status }: CustomResourceDefinition): FieldError[] =>
  status?.acceptedNames ? validateNames(status.acceptedNames, 'status.acceptedNames') : [];

export const isEstablished = ({ status }: CustomResourceDefinition): boolean =>
  isConditionTrue(status?.conditions ?? [], 'Established');

function validateName({ metadata, spec }: CustomResourceDefinition): FieldError[] {
  const wanted = `${spec.names?.plural ?? ''}.${spec.group ?? ''}`;
  return (['generateName', 'name'] as const).flatMap((field) =>
    unless([undefined, '', wanted].includes(metadata[field])).invalid(
      `metadata.${field}`,
      metadata[field],
      'must be spec.names.plural+"."+spec.group',
    ),
  );
}

const SCOPES = ['Cluster', 'Namespaced'];

function validateSpec(
  spec: Partial<CustomResourceDefinitionSpec>,
  options: DefinitionOptions,
): FieldError[] {
  const { conversion, group = '', names, preserveUnknownFields } = spec;
  const tooLarge = validateSize(schemasOf(spec), 'spec.versions');
  if (tooLarge.length > 0) return tooLarge;
  const hoisted = hoist(spec);
  const isUnchanged = options.isUnchanged(spec.versions?.[0]?.name ?? '');
  return [
    ...validateGroup(group),
    ...oneOf(spec.scope, SCOPES, 'spec.scope'),
    ...validatePresence(hoisted, options),
    ...when(preserveUnknownFields && schemasOf(spec).some(hasDefaults)).invalid(
      'spec.preserveUnknownFields',
      true,
      'must be false in order to use defaults in the schema',
    ),
    ...validateVersions(spec, hoisted, options),
    ...(['plural', 'singular', 'kind', 'listKind'] as const).flatMap((name) =>
      unless(names?.[name]).required(`spec.names.${name}`),
    ),
    ...(names ? validateNames(names, 'spec.names') : []),
    ...validateParts(hoisted.shared, 'spec', 'validation', hasAnyStatus(hoisted), {
      ...options,
      isUnchanged,
    }),
    ...when(preserveUnknownFields && (conversion?.strategy ?? 'None') !== 'None').invalid(
      'spec.conversion.strategy',
      conversion?.strategy,
      'must be None if spec.preserveUnknownFields is true',
    ),
    ...(conversion ? validateConversion(conversion, options) : []),
  ];
}

const hasDefaults = (schema: Parameters<typeof someSchema>[0]): boolean =>
  someSchema(schema, (one) => one.default !== undefined);

function validateGroup(group: string): FieldError[] {
  if (!group) return [required('spec.group')];
  const problems = isDns1123Subdomain(group);
  if (problems.length > 0) return [invalid('spec.group', group, problems.join(','))];
  const detail = 'should be a domain with at least one dot';
  return unless(group.includes('.')).invalid('spec.group', group, detail);
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
  const hasOwnSubresources = versions.some(({ subresources }) => subresources !== undefined);
  // The first version of a name decides, as in upstream's lookup.
  const byName = new Map([...versions].reverse().map((version) => [version.name, version]));
  const [first] = spec.versions ?? [];
  const shown = goVersions(spec.versions && versions);
  return [
    ...each<Partial<CustomResourceDefinitionVersion>>(versions, 'spec.versions', (version, at) => {
      const { deprecated, deprecationWarning, name = '' } = version;
      const { subresources } = (hasOwnSubresources && byName.get(name)) || shared;
      return [
        ...validateWith(label, name, `${at}.name`),
        ...deprecationProblems(deprecated === true, deprecationWarning).map((problem) =>
          invalid(`${at}.deprecationWarning`, deprecationWarning, problem),
        ),
        ...validateParts(version, at, 'schema', subresources?.status !== undefined, {
          ...options,
          isUnchanged: options.isUnchanged(name),
        }),
      ];
    }),
    ...when(new Set(versions.map(({ name }) => name)).size < versions.length).invalid(
      'spec.versions',
      shown,
      'must contain unique version names',
    ),
    ...unless(versions.filter(({ storage }) => storage).length === 1).invalid(
      'spec.versions',
      shown,
      'must have exactly one version marked as storage version',
    ),
    ...whenSet(label, first?.name, 'spec.version'),
  ];
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

/** The problems of a label as one. */
function label(name: string): string[] {
  const problems = isDns1035Label(name);
  return problems.length > 0 ? [problems.join(',')] : [];
}
const mixedCaseLabel = (name: string): string[] =>
  label(name.toLowerCase()).map(
    (problem) => `may have mixed case, but should otherwise match: ${problem}`,
  );

const NAME_RULES = {
  plural: label,
  singular: label,
  kind: mixedCaseLabel,
  listKind: mixedCaseLabel,
} as const;

/** Names that are there; a status may have none. */
function validateNames(names: CustomResourceDefinitionNames, path: string): FieldError[] {
  const { categories, kind, listKind, shortNames } = names;
  return [
    ...Object.entries(NAME_RULES).flatMap(([field, rule]) =>
      whenSet(rule, names[field as keyof typeof NAME_RULES], `${path}.${field}`),
    ),
    ...when(kind && kind === listKind).invalid(
      `${path}.listKind`,
      listKind,
      'kind and listKind may not be the same',
    ),
    ...each(shortNames, `${path}.shortNames`, (name, at) => validateWith(label, name, at)),
    ...each(categories, `${path}.categories`, (name, at) => validateWith(label, name, at)),
  ];
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
      when(storage && !stored.includes(name)).invalid(
        path,
        stored,
        `must have the storage version ${name}`,
      ),
    ),
    ...each(stored, path, (name, at) =>
      unless(names.has(name)).invalid(at, name, 'must appear in spec.versions'),
    ),
  ];
}

const validatePreservation = ({
  preserveUnknownFields,
}: CustomResourceDefinitionSpec): FieldError[] =>
  when(preserveUnknownFields).invalid(
    'spec.preserveUnknownFields',
    true,
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
  );

/** The group and the plural are the object's name; scope and kind decide how objects are stored. */
function validateImmutable(
  next: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec,
  isServed: boolean,
): FieldError[] {
  const fixed = (value: string | undefined, before: string | undefined, path: string) =>
    validateImmutableField(value ?? '', before ?? '', path);
  return [
    ...(isServed ? fixed(next.scope, old.scope, 'spec.scope') : []),
    ...(isServed ? fixed(next.names?.kind, old.names?.kind, 'spec.names.kind') : []),
    ...fixed(next.group, old.group, 'spec.group'),
    ...fixed(next.names?.plural, old.names?.plural, 'spec.names.plural'),
  ];
}
