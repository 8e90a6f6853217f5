import assert from 'node:assert/strict';
import { podQos } from '../../component-helpers/qos.js';
import { podRequests } from '../../component-helpers/resources.js';
import { staticPod } from './static-pods.js';

const parse = (spec: string) =>
  staticPod(`kind: Pod\nmetadata: {name: web}\nspec: ${spec}`, '/etc/web.yaml', 'Node-1', 0);

describe('static pods', () => {
  it('have the name, the node and the tolerations of static pods', () => {
    const { metadata, spec } = parse('{containers: [{name: c, image: i}]}');
    assert.deepEqual(
      [metadata.name, metadata.namespace, spec.nodeName],
      ['web-node-1', 'default', 'Node-1'],
    );
    assert.deepEqual(spec.tolerations, [{ operator: 'Exists', effect: 'NoExecute' }]);
  });

  it('have the defaults of the API, requests from limits among them', () => {
    const pod = parse(
      '{containers: [{name: c, image: i, resources: {limits: {cpu: 1, memory: 1Gi}}}]}',
    );
    assert.equal(podQos(pod), 'Guaranteed');
    assert.equal(podRequests(pod)['cpu']?.milliValue(), 1000);
    const { restartPolicy, dnsPolicy, terminationGracePeriodSeconds, enableServiceLinks } =
      pod.spec;
    assert.deepEqual(
      [restartPolicy, dnsPolicy, terminationGracePeriodSeconds, enableServiceLinks],
      ['Always', 'ClusterFirst', 30, true],
    );
  });

  it('keep what the manifest sets', () => {
    const { spec } = parse(
      '{restartPolicy: Never, terminationGracePeriodSeconds: 0, containers: [{name: c, image: i}]}',
    );
    assert.deepEqual([spec.restartPolicy, spec.terminationGracePeriodSeconds], ['Never', 0]);
  });

  it('change their uid with the manifest alone', () => {
    const one = parse('{containers: [{name: c, image: i}]}').metadata.uid;
    assert.equal(parse('{containers: [{name: c, image: i}]}').metadata.uid, one);
    assert.notEqual(parse('{containers: [{name: c, image: j}]}').metadata.uid, one);
  });
});
