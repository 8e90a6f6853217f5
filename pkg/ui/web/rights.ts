// The rights of the visitor, asked one by one when a page wants to know them. A review of all rules
// is one answer, but an incomplete one: authorizers other than RBAC cannot list theirs.
import { signal, type Signal } from '@preact/signals';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { needOf, suits, type Action } from './actions.js';
import { ACTIONS } from './actions.generated.js';
import { served } from './catalog.js';
import { askedBecause, request } from './connection.js';
import type { Kind } from './kind.js';
import { route } from './navigation.js';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const known = new Map<string, Signal<boolean | undefined>>();
let page = '';
askedBecause.subscribe(() => known.clear());

/** Each page asks anew. Undefined until the server has answered. */
function ask(resourceAttributes: object): boolean | undefined {
  if (page !== route.value.path) known.clear();
  page = route.value.path;
  const id = JSON.stringify(resourceAttributes);
  const entry = known.get(id) ?? signal<boolean | undefined>(undefined);
  if (!known.has(id)) {
    const apiVersion = 'authorization.k8s.io/v1';
    const body = { apiVersion, kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
    request(REVIEWS, { body })
      .then(async (answer) => (await answer.json()) as { status: { allowed: boolean } })
      .then(({ status }) => (entry.value = status.allowed))
      .catch(() => (entry.value = false));
  }
  known.set(id, entry);
  return entry.value;
}

/** Whether the visitor has the right; false until the server has answered. */
export function may(need: object, namespace = ''): boolean {
  const everywhere = ask(need);
  return (everywhere === false && namespace ? ask({ ...need, namespace }) : everywhere) ?? false;
}

/** The actions that the visitor may take on each of the objects. */
export function actionsOn(shown: Kind, objects: readonly ApiObject[]): Action[] {
  const kind = served(shown);
  if (!kind) return [];
  return ACTIONS.filter(
    (action) =>
      (!action.isAlone || objects.length === 1) &&
      objects.every((object) => suits(action, kind, object)) &&
      objects.every(({ metadata }) => may(needOf(action, kind), metadata.namespace)),
  );
}
