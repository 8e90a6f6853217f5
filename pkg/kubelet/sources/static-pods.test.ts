import assert from 'node:assert/strict';
import { podQos } from '../../component-helpers/qos.js';
import { podRequests } from '../../component-helpers/resources.js';
import { staticPod } from './static-pods.js';

const parse = (spec: string) =>
  staticPod(
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: ${spec}`,
    '/etc/web.yaml',
    'Node-1',
    0,
  );

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

  it('are refused when the API would refuse them', () => {
    const bad = {
      '{containers: []}': /spec.containers: Required value/,
      '{containers: [{name: C, image: i}]}': /spec.containers\[0\].name: Invalid value: "C"/,
      '{containers: [{name: c}]}': /spec.containers\[0\].image: Required value/,
      '{restartPolicy: Sometimes, containers: [{name: c, image: i}]}': /restartPolicy: Unsupported/,
      '{containers: [{name: c, image: i, ports: [{containerPort: 70000}]}]}': /containerPort/,
      '{containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /v}]}]}': /Not found/,
      '{containers: 3}': /cannot unmarshal|cannot be handled/,
    };
    for (const [spec, message] of Object.entries(bad)) assert.throws(() => parse(spec), message);
    for (const text of ['kind: Pod', 'apiVersion: v1\nkind: Service', '', '[]'])
      assert.throws(() => staticPod(text, 'f', 'n', 0), /not a Pod of v1/);
    assert.throws(
      () => staticPod('apiVersion: v1\nkind: Pod', 'f', 'n', 0),
      /metadata.name: Required value/,
    );
  });

  it('have the form in which the API stores them', () => {
    const { spec } = parse('{hostNetwork: false, containers: [{name: c, image: i, args: []}]}');
    assert.deepEqual([spec.hostNetwork, spec.containers[0]!.args], [undefined, undefined]);
  });

  it('change their uid with the manifest alone', () => {
    const one = parse('{containers: [{name: c, image: i}]}').metadata.uid;
    assert.equal(parse('{containers: [{name: c, image: i}]}').metadata.uid, one);
    assert.notEqual(parse('{containers: [{name: c, image: j}]}').metadata.uid, one);
  });
});
