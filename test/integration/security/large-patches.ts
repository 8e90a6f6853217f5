// Patches, selectors and reads with n of something, for linear.test.ts.
import {
  list,
  map,
  NS,
  DRY,
  create,
  pod,
  configMap,
  owner,
  type Case,
  type Request,
} from './large-objects.js';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

const patch = (type: string, body: unknown, path = `${NS}/configmaps/stored`): Request => ({
  method: 'PATCH',
  path: `${path}${DRY}${type === APPLY ? '&fieldManager=m&force=true' : ''}`,
  body,
  type,
});
/** A case for each kind of patch and of query. */
export const PATCHES: readonly Case[] = [
  {
    name: 'JSON patch: additions',
    largest: 5_000,
    make: (n) =>
      patch(
        JSON_PATCH,
        list(n, (i) => ({ op: 'add', path: `/data/p-${i}`, value: 'v' })),
      ),
  },
  {
    name: 'JSON patch: additions at the head of a list',
    largest: 5_000,
    make: (n) =>
      patch(JSON_PATCH, [
        { op: 'add', path: '/metadata/finalizers', value: [] },
        ...list(n, (i) => ({
          op: 'add',
          path: '/metadata/finalizers/0',
          value: `example.com/f-${i}`,
        })),
      ]),
  },
  {
    name: 'JSON patch: copies',
    largest: 5_000,
    make: (n) =>
      patch(
        JSON_PATCH,
        list(n, (i) => ({ op: 'copy', from: '/data/key-0', path: `/data/p-${i}` })),
      ),
  },
  {
    name: 'JSON patch: copies of the growing whole',
    largest: 5_000,
    make: (n) =>
      patch(
        JSON_PATCH,
        list(n, (i) => ({ op: 'copy', from: '/metadata', path: `/metadata/x${i}` })),
      ),
  },
  {
    name: 'JSON patch: moves',
    largest: 5_000,
    make: (n) =>
      patch(
        JSON_PATCH,
        list(n, (i) => ({
          op: 'move',
          from: i ? `/data/p-${i - 1}` : '/data/key-0',
          path: `/data/p-${i}`,
        })),
      ),
  },
  {
    name: 'JSON patch: tests',
    largest: 5_000,
    make: (n) =>
      patch(
        JSON_PATCH,
        list(n, () => ({ op: 'test', path: '/data/key-0', value: 'v' })),
      ),
  },
  {
    name: 'JSON patch: tests of the whole',
    largest: 5_000,
    make: (n) =>
      patch(
        JSON_PATCH,
        list(n, () => ({ op: 'test', path: '/data', value: {} })),
      ),
  },
  {
    name: 'merge patch',
    largest: 20_000,
    make: (n) => patch(MERGE_PATCH, { data: map(n, () => 'w') }),
  },
  {
    name: 'strategic patch: finalizers',
    largest: 10_000,
    make: (n) =>
      patch(STRATEGIC, { metadata: { finalizers: list(n, (i) => `example.com/f-${i}`) } }),
  },
  {
    name: 'strategic patch: owners',
    largest: 10_000,
    make: (n) => patch(STRATEGIC, { metadata: { ownerReferences: list(n, owner) } }),
  },
  {
    name: 'strategic patch: order of primitives',
    largest: 10_000,
    make: (n) =>
      patch(STRATEGIC, {
        metadata: {
          $setElementOrder$: 0,
          '$setElementOrder/finalizers': list(n, (i) => `example.com/f-${i}`),
          finalizers: list(n, (i) => `example.com/f-${i}`),
        },
      }),
  },
  {
    name: 'strategic patch: order of objects',
    largest: 10_000,
    make: (n) =>
      patch(
        STRATEGIC,
        {
          spec: {
            '$setElementOrder/tolerations': list(n, (i) => ({ key: `k-${i}` })),
            '$setElementOrder/containers': list(n, (i) => ({ name: `c-${i}` })),
          },
        },
        `${NS}/pods/stored`,
      ),
  },
  {
    name: 'strategic patch: order and deletions',
    largest: 10_000,
    make: (n) =>
      patch(STRATEGIC, {
        metadata: {
          '$setElementOrder/ownerReferences': list(n, (i) => ({ uid: `uid-${i}` })),
          ownerReferences: list(n, (i) => ({ uid: `uid-${i}`, $patch: 'delete' })),
        },
      }),
  },
  {
    name: 'strategic patch: deletions of primitives',
    largest: 10_000,
    make: (n) =>
      patch(STRATEGIC, {
        metadata: { '$deleteFromPrimitiveList/finalizers': list(n, (i) => `example.com/f-${i}`) },
      }),
  },
  {
    name: 'strategic patch: retained keys',
    largest: 10_000,
    make: (n) =>
      patch(
        STRATEGIC,
        { spec: { strategy: { $retainKeys: list(n, (i) => `k-${i}`), type: 'Recreate' } } },
        '/apis/apps/v1/namespaces/default/deployments/stored',
      ),
  },
  {
    name: 'apply: keys',
    largest: 10_000,
    make: (n) =>
      patch(
        APPLY,
        {
          ...configMap(
            { name: 'applied' },
            map(n, () => 'w'),
          ),
        },
        `${NS}/configmaps/applied`,
      ),
  },
  {
    name: 'apply: keys of another manager',
    largest: 10_000,
    make: (n) =>
      patch(APPLY, {
        ...configMap(
          { name: 'stored' },
          map(n, () => 'w'),
        ),
      }),
  },
  {
    name: 'apply: finalizers',
    largest: 10_000,
    make: (n) =>
      patch(
        APPLY,
        configMap({ name: 'applied', finalizers: list(n, (i) => `example.com/f-${i}`) }),
        `${NS}/configmaps/applied`,
      ),
  },
  {
    name: 'apply: owners',
    largest: 10_000,
    make: (n) =>
      patch(
        APPLY,
        configMap({ name: 'applied', ownerReferences: list(n, owner) }),
        `${NS}/configmaps/applied`,
      ),
  },
  {
    name: 'apply: a list of objects',
    largest: 10_000,
    make: (n) =>
      patch(
        APPLY,
        {
          apiVersion: 'v1',
          kind: 'Pod',
          ...pod({}, { name: 'applied' }, { env: list(n, (i) => ({ name: `V${i}`, value: 'v' })) }),
        },
        `${NS}/pods/applied`,
      ),
  },
  {
    name: 'managed fields',
    largest: 2_000,
    make: (n) =>
      create(
        `${NS}/configmaps`,
        configMap({
          managedFields: list(n, (i) => ({
            manager: `m-${i}`,
            operation: 'Update',
            apiVersion: 'v1',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:data': { [`f:k-${i}`]: {} } },
          })),
        }),
      ),
  },
  {
    name: 'fields of one manager',
    largest: 10_000,
    make: (n) =>
      create(
        `${NS}/configmaps`,
        configMap({
          managedFields: [
            {
              manager: 'm',
              operation: 'Update',
              apiVersion: 'v1',
              fieldsType: 'FieldsV1',
              fieldsV1: { 'f:data': Object.fromEntries(list(n, (i) => [`f:k-${i}`, {}])) },
            },
          ],
        }),
      ),
  },
  {
    name: 'label selector: values',
    largest: 20_000,
    make: (n) => ({
      method: 'GET',
      path: `${NS}/configmaps?labelSelector=${encodeURIComponent(`a in (${list(n, (i) => `v${i}`).join(',')})`)}`,
    }),
  },
  {
    name: 'label selector: requirements',
    largest: 20_000,
    make: (n) => ({
      method: 'GET',
      path: `${NS}/configmaps?labelSelector=${list(n, (i) => `k${i}=v`).join(',')}`,
    }),
  },
  {
    name: 'field selector',
    largest: 10_000,
    make: (n) => ({
      method: 'GET',
      path: `${NS}/configmaps?fieldSelector=${list(n, (i) => `metadata.name!=v${i}`).join(',')}`,
    }),
  },
  {
    name: 'query keys',
    largest: 20_000,
    make: (n) => ({
      method: 'GET',
      path: `${NS}/configmaps?${list(n, (i) => `k${i}=v`).join('&')}`,
    }),
  },
  {
    name: 'segments of a path',
    largest: 50_000,
    make: (n) => ({ method: 'GET', path: `${NS}${'/a'.repeat(n)}` }),
  },
  {
    name: 'rows of a Table',
    largest: 500,
    make: (n) => ({ method: 'GET', path: `${NS}/events?limit=${n}`, type: 'table' }),
  },
];
