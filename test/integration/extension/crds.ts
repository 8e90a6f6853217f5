// CustomResourceDefinitions for tests.
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from '../../../pkg/apis/apiextensions/v1/types.js';

export const WIDGET_SCHEMA: JSONSchemaProps = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      description: 'The wishes.',
      properties: {
        colour: { type: 'string', description: 'Colour of the paint.' },
        replicas: { type: 'integer', default: 1 },
        parts: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, size: { type: 'integer' } },
          },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
        },
      },
    },
    status: {
      type: 'object',
      properties: { replicas: { type: 'integer' }, phase: { type: 'string' } },
    },
  },
};

export const WIDGET_V1: CustomResourceDefinitionVersion = {
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: WIDGET_SCHEMA },
  subresources: {
    status: {},
    scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
  },
  additionalPrinterColumns: [
    { name: 'Colour', type: 'string', jsonPath: '.spec.colour' },
    { name: 'Wanted', type: 'integer', jsonPath: '.spec.replicas' },
  ],
  selectableFields: [{ jsonPath: '.spec.colour' }],
};

/** widgets.GROUP in namespaces, with the short name wd in the category all. */
export function widgets(
  group: string,
  versions: CustomResourceDefinitionVersion[] = [WIDGET_V1],
  more: Partial<CustomResourceDefinition['spec']> = {},
): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        plural: 'widgets',
        singular: 'widget',
        kind: 'Widget',
        shortNames: ['wd'],
        categories: ['all'],
      },
      versions,
      ...more,
    },
  };
}

export const widget = (group: string, name: string, spec: object, version = 'v1') => ({
  apiVersion: `${group}/${version}`,
  kind: 'Widget',
  metadata: { name },
  spec,
});
