// While there are no custom resource definitions: their list, which is empty. kubectl validates what has no patch
// (reviews, evictions, kinds that do not exist) by first asking whether a definition makes the kind, and gives up on 404
// where it would go on to say what is wrong. The group is not in discovery; once a definition serves it, nobody asks here.
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
