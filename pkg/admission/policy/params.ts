// The parameter objects of a binding (upstream
// apiserver/pkg/admission/plugin/policy/generic/policy_matcher.go CollectParams).
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import type { ParamKind, ParamRef } from '../../apis/admissionregistration/v1/types.js';
import type { ObjectShapes, ObjectsOfKind } from '../../apiserver/admission/shapes.js';
import type { Params } from './rules.js';

/** `example.com/v1, Kind=Limit` */
const kindText = ({ apiVersion = '', kind = '' }: ParamKind): string =>
  `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;

/** @throws Error for a kind that the server does not serve. */
export function paramObjects(
  kind: ParamKind | undefined,
  shapes: Pick<ObjectShapes, 'objectsOf'>,
): ObjectsOfKind | undefined {
  if (!kind) return undefined;
  const objects = shapes.objectsOf(kind.apiVersion ?? '', kind.kind ?? '');
  if (objects) return objects;
  throw new Error(`failed to find resource referenced by paramKind: '${kindText(kind)}'`);
}

/** `namespace` is the request's. @throws Error when the binding cannot be used. */
export async function collectParams(
  objects: ObjectsOfKind | undefined,
  ref: ParamRef | undefined,
  namespace: string,
): Promise<Params> {
  if (!objects || !ref) return [undefined];
  const { name, selector, parameterNotFoundAction } = ref;
  const from = objects.namespaced ? ref.namespace || namespace : '';
  if (objects.namespaced && !from)
    throw new Error(
      'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
    );
  if (!objects.namespaced && ref.namespace)
    throw new Error('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  let params: Params = [];
  if (name) {
    const found = await objects.get(from, name);
    if (found) params = [found];
  } else if (selector) {
    const wanted = selectorFromLabelSelector(selector);
    params = await objects.list(from, (labels) => wanted.matches(labels));
  }
  if (!params.length && parameterNotFoundAction === 'Deny')
    throw new Error('no params found for policy binding with `Deny` parameterNotFoundAction');
  return params;
}
