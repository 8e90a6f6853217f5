// An empty list of custom resource definitions, as long as no definition serves that resource. For
// kinds without patch (reviews, evictions, unknown kinds) kubectl asks for the list before it
// validates, and a 404 would hide the validation error from the user. The group is not in
// discovery.
import type { Delegate } from './delegation.js';

const LIST = {
  kind: 'CustomResourceDefinitionList',
  apiVersion: 'apiextensions.k8s.io/v1',
  metadata: { resourceVersion: '0' },
  items: [],
};

export const noCustomResources: Delegate = {
  name: 'no-custom-resources',
  accepts: ({ group, name, resource, verb, version }) =>
    group === 'apiextensions.k8s.io' &&
    version === 'v1' &&
    resource === 'customresourcedefinitions' &&
    verb === 'list' &&
    name === '',
  handle(request) {
    request.respond(200, { 'content-type': 'application/json' }, JSON.stringify(LIST));
    return Promise.resolve();
  },
};
