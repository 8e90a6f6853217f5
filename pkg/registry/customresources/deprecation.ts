// The warnings of deprecated versions (apiextensions-apiserver
// pkg/apiserver/customresource_handler.go).
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import { compareVersions } from '../../apimachinery/meta/versions.js';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from '../../apis/apiextensions/v1/types.js';

/** The author's text, or one that names a better version where one is served. */
export function deprecationOf(
  { spec }: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
): string[] {
  if (!version.deprecated) return [];
  if (version.deprecationWarning !== undefined) return [version.deprecationWarning];
  const { group, names } = spec;
  const nameOf = (name: string) => `${apiVersionOf({ group, version: name })} ${names.kind}`;
  const better = spec.versions
    .filter(
      ({ name, served, deprecated }) =>
        served && !deprecated && compareVersions(name, version.name) < 0,
    )
    .map(({ name }) => name)
    .sort(compareVersions)[0];
  const advice = better === undefined ? '' : `; use ${nameOf(better)}`;
  return [`${nameOf(version.name)} is deprecated${advice}`];
}
