// Guarantees of writes by kind: every stored kind obeys the same rules. README.md has the table.
import assert from 'node:assert/strict';
import type { Api, Json } from '../apiserver/harness.js';
import { eventually } from '../../support/control-plane.js';
import { MERGE, withServer } from './serve.js';
import { sampleOf } from '../../../pkg/registry/samples.test.js';
import { RESOURCES } from '../../../pkg/apis/facts/resources.js';
import type { ResourceFacts } from '../../../pkg/apimachinery/schema/facts.js';

/** Kinds that require a resourceVersion in a PUT, and kinds that a PUT creates. */
const CONDITIONAL = new Set(
  'leases poddisruptionbudgets runtimeclasses validatingwebhookconfigurations mutatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings csidrivers csinodes csistoragecapacities volumeattachments'.split(
    ' ',
  ),
);
/** Their status endpoint keeps the metadata (metav1.ResetObjectMetaForStatus). */
const STATUS_ALONE = new Set([
  'flowschemas',
  'prioritylevelconfigurations',
  'validatingadmissionpolicies',
  'volumeattachments',
]);
const CREATED_BY_PUT = new Set(
  'leases endpoints events limitranges services runtimeclasses roles rolebindings clusterroles clusterrolebindings'.split(
    ' ',
  ),
);
/** Kinds with a generation. Pods have none in 1.32. */
const COUNTED = new Set(
  'podtemplates ingressclasses deployments replicasets statefulsets daemonsets replicationcontrollers jobs cronjobs poddisruptionbudgets ingresses networkpolicies priorityclasses flowschemas prioritylevelconfigurations endpointslices validatingwebhookconfigurations mutatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings'.split(
    ' ',
  ),
);
/**
 * Kinds that other writers create, or that controllers and hooks create again. The server itself
 * writes definitions of custom resources and APIServices (test/integration/extension).
 */
const SKIPPED = new Set([
  'namespaces',
  'serviceaccounts',
  'customresourcedefinitions',
  'apiservices',
]);

const stored = RESOURCES.filter(
  (facts: ResourceFacts) =>
    facts.verbs.includes('update') &&
    sampleOf(facts) &&
    !(facts.resource === 'horizontalpodautoscalers' && facts.version === 'v1') &&
    !SKIPPED.has(facts.resource),
);

/** A flow schema with the condition that the server writes soon after its creation. */
const judged = (api: Api, path: string): Promise<Json> =>
  eventually('condition', async () => {
    const schema: Json = await api.ok(api.get(path));
    return schema.status?.conditions?.length ? schema : undefined;
  });

withServer('semantics of writes, kind by kind', (suite) => {
  const pathOf = ({ group, version, resource, namespaced }: ResourceFacts): string =>
    `${group ? `/apis/${group}` : '/api'}/${version}${namespaced ? `/namespaces/${suite.name}` : ''}/${resource}`;
  const sample = (facts: ResourceFacts, name: string): Json => {
    const object = sampleOf(facts)! as Json;
    delete object.metadata.uid;
    for (const about of [object.involvedObject, object.regarding])
      if (about) about.namespace = suite.name;
    return {
      ...object,
      metadata: {
        ...object.metadata,
        name,
        ...(facts.namespaced ? { namespace: suite.name } : {}),
      },
    };
  };

  for (const facts of stored) {
    const { resource, group } = facts;
    it(`${resource}${group ? `.${group}` : ''}: create, read back, PUT with and without a revision, status, delete`, async () => {
      const { api } = suite;
      const path = pathOf(facts);
      const name = `w-${suite.name}`;
      let made: Json = await api.ok(api.post(path, sample(facts, name)), 201);
      if (resource === 'flowschemas') made = await judged(api, `${path}/${name}`);
      assert.ok(
        made.metadata.uid && made.metadata.resourceVersion && made.metadata.creationTimestamp,
      );
      assert.equal(made.metadata.generation, COUNTED.has(resource) ? 1 : undefined);
      assert.deepEqual(await api.ok(api.get(`${path}/${name}`)), made);
      const same: Json = await api.ok(api.put(`${path}/${name}`, made));
      assert.equal(
        same.metadata.resourceVersion,
        made.metadata.resourceVersion,
        'nothing changed, nothing counted',
      );
      const labelled = structuredClone(made);
      labelled.metadata.labels = { ...labelled.metadata.labels, l: '1' };
      delete labelled.metadata.resourceVersion;
      const unconditional = await api.put(`${path}/${name}`, labelled);
      if (CONDITIONAL.has(resource)) {
        assert.deepEqual(
          [unconditional.status, unconditional.json.details.causes],
          [
            422,
            [
              {
                reason: 'FieldValueInvalid',
                message: 'Invalid value: 0x0: must be specified for an update',
                field: 'metadata.resourceVersion',
              },
            ],
          ],
        );
      } else assert.equal(unconditional.status, 200, unconditional.bytes.toString());
      const current: Json = await api.ok(
        api.patch(`${path}/${name}`, MERGE, { metadata: { labels: { l: '2' } } }),
      );
      assert.deepEqual(
        [current.metadata.labels.l, current.metadata.generation],
        [
          '2',
          resource === 'endpointslices' ? current.metadata.generation : made.metadata.generation,
        ],
        'labels are no spec',
      );
      const stale = await api.put(`${path}/${name}`, {
        ...made,
        metadata: { ...made.metadata, labels: { l: '3' } },
      });
      assert.deepEqual([stale.status, stale.json.reason], [409, 'Conflict']);
      if (facts.subresources?.some((sub: { name: string }) => sub.name === 'status')) {
        const annotated: Json = await api.ok(
          api.patch(`${path}/${name}/status`, MERGE, { metadata: { annotations: { s: 't' } } }),
        );
        assert.deepEqual(
          [annotated.metadata.annotations?.s, annotated.metadata.generation],
          [STATUS_ALONE.has(resource) ? undefined : 't', made.metadata.generation],
        );
      }
      await api.ok(
        api.delete(`${path}/${name}`, { propagationPolicy: 'Background', gracePeriodSeconds: 0 }),
      );
      await api.patch(`${path}/${name}`, MERGE, { metadata: { finalizers: null } });
      assert.equal((await api.get(`${path}/${name}`)).status, 404);
      const again = await api.put(`${path}/${name}`, sample(facts, name));
      assert.equal(again.status, CREATED_BY_PUT.has(resource) ? 201 : 404, again.bytes.toString());
    });
  }
});
