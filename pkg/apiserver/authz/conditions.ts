// Match conditions of authorization webhooks (upstream apiserver/pkg/authorization/cel). Load this
// file with the first condition.
import { aggregateText } from '../../apimachinery/errors/status-error.js';
import type { SubjectAccessReviewSpec } from '../../apis/authorization/v1/types.js';
import { BOOL, listOf, mapOf, STRING, structOf } from '../../cel/checker/types.js';
import { compileAdmission } from '../../cel/kubernetes/admission.js';
import { kubernetesEnvironment, structTypes, texts } from '../../cel/kubernetes/environment.js';
import { isError, type Value } from '../../cel/values/value.js';
import type { Conditions } from './webhook.js';

const RESOURCE = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'];
const STRUCTS = {
  'kubernetes.SubjectAccessReviewSpec': {
    ...texts('user', 'uid'),
    groups: listOf(STRING),
    extra: mapOf(STRING, listOf(STRING)),
    resourceAttributes: structOf('kubernetes.ResourceAttributes'),
    nonResourceAttributes: structOf('kubernetes.NonResourceAttributes'),
  },
  'kubernetes.ResourceAttributes': {
    ...texts(...RESOURCE),
    fieldSelector: structOf('kubernetes.FieldSelectorAttributes'),
    labelSelector: structOf('kubernetes.LabelSelectorAttributes'),
  },
  'kubernetes.NonResourceAttributes': texts('path', 'verb'),
  ...Object.fromEntries(
    ['Field', 'Label'].map((kind) => [
      `kubernetes.${kind}SelectorAttributes`,
      { ...texts('rawSelector'), requirements: listOf(structOf('kubernetes.SelectorRequirement')) },
    ]),
  ),
  'kubernetes.SelectorRequirement': { ...texts('key', 'operator'), values: listOf(STRING) },
};

const empty = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '']));

/** Expressions see every member of text, also without a value. */
function shown(spec: SubjectAccessReviewSpec): Value {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  return {
    user: '',
    groups: [],
    uid: '',
    extra: {},
    ...spec,
    ...(resource && { resourceAttributes: { ...empty(RESOURCE), ...resource } }),
    ...(path && { nonResourceAttributes: { path: '', verb: '', ...path } }),
  } as unknown as Value;
}

/** An expression that compiles, or upstream's text of why it does not. */
export function compileCondition(expression: string) {
  const environment = kubernetesEnvironment(
    { request: structOf('kubernetes.SubjectAccessReviewSpec') },
    { isStored: true, types: structTypes(STRUCTS) },
  );
  return compileAdmission(expression, environment, [BOOL]);
}

/** All conditions have to be true. The expressions compile. */
export function conditionsOf(expressions: readonly string[]): Conditions {
  const programs = expressions.map((text) => [text, compileCondition(text)] as const);
  return (spec) => {
    const request = shown(spec);
    const errors: string[] = [];
    for (const [text, compiled] of programs) {
      if ('error' in compiled) return { matches: false, error: compiled.error };
      const { value } = compiled.program.evaluate({ request });
      if (value === false) return { matches: false };
      if (isError(value))
        errors.push(
          `cel evaluation error: expression '${text}' resulted in error: ${value.message}`,
        );
    }
    if (!errors.length) return { matches: true };
    return { matches: false, error: aggregateText(errors) };
  };
}
