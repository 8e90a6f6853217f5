import { strict as assert } from 'node:assert';
import type { Node, Pod } from '../../apis/core/v1/types.js';
import { admissionRefusal, type AdmissionInput } from './admission.js';
import { dottedSysctl, unknownSysctl } from './sysctls.js';

function pod(spec: Partial<Pod['spec']> = {}, metadata: object = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: 'u', ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  };
}

const asking = (requests: Record<string, string>, more: Partial<Pod['spec']> = {}): Pod =>
  pod({ containers: [{ name: 'c', image: 'i', resources: { requests } }], ...more });
const listening = (...ports: object[]): Pod =>
  pod({ containers: [{ name: 'c', image: 'i', ports: ports as never }] });
const sysctl = (name: string, more: Partial<Pod['spec']> = {}): Pod =>
  pod({ securityContext: { sysctls: [{ name, value: '1' }] }, ...more });

const node = (labels: Record<string, string> = {}, spec: object = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels: { 'kubernetes.io/os': 'linux', ...labels } },
  spec,
});

function judge(subject: Pod, more: Partial<AdmissionInput> = {}): string | undefined {
  const refusal = admissionRefusal({
    pod: subject,
    others: [],
    nodeName: 'n1',
    allocatable: { cpu: '2', memory: '1Gi', pods: '3', 'ephemeral-storage': '10Gi' },
    node: node(),
    unsafeSysctls: [],
    ...more,
  });
  return refusal && `${refusal.reason}: ${refusal.message}`;
}

describe('admission of pods by the node', () => {
  it('admits a plain pod, also before the node is registered', () => {
    assert.equal(judge(pod()), undefined);
    assert.equal(judge(pod({ nodeSelector: { a: 'b' } }), { node: undefined }), undefined);
  });

  it('refuses pods of another operating system', () => {
    assert.equal(
      judge(pod({ os: { name: 'windows' } })),
      "PodOSNotSupported: Failed to admit pod as the OS field doesn't match node OS",
    );
    assert.equal(judge(pod({ os: { name: 'linux' } })), undefined);
    assert.match(
      judge(pod({}, { labels: { 'kubernetes.io/os': 'windows' } }))!,
      /^PodOSSelectorNodeLabelDoesNotMatch: /,
    );
  });

  it('refuses pods for which the node has too little left', () => {
    const others = [asking({ cpu: '1500m', memory: '512Mi' }), asking({ cpu: '100m' })];
    assert.equal(
      judge(asking({ cpu: '401m' }), { others }),
      "OutOfcpu: Node didn't have enough resource: cpu, requested: 401, used: 1600, capacity: 2000",
    );
    assert.equal(judge(asking({ cpu: '400m' }), { others }), undefined);
    assert.match(judge(asking({ memory: '513Mi' }), { others })!, /^OutOfmemory: .* 537919488,/);
    assert.match(judge(asking({ 'ephemeral-storage': '11Gi' }))!, /^OutOfephemeral-storage: /);
    assert.match(judge(asking({ 'hugepages-2Mi': '2Mi' }))!, /^OutOfhugepages-2Mi: /);
    assert.equal(
      judge(pod(), { others: [pod(), pod(), pod()] }),
      "OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
    );
    const sidecar = { name: 's', image: 'i', restartPolicy: 'Always' };
    const requests = { cpu: '1900m' };
    const initContainers = [{ ...sidecar, resources: { requests } }];
    assert.match(judge(asking({ cpu: '101m' }, { initContainers }))!, /^OutOfcpu: .* 2001,/);
  });

  it('names the other obstacles of a critical pod before a shortage', () => {
    const others = [asking({ cpu: '2' })];
    const wanted = (priority: number) =>
      judge(asking({ cpu: '1' }, { priority, nodeSelector: { disk: 'ssd' } }), { others })!;
    assert.match(wanted(0), /^OutOfcpu/);
    assert.match(wanted(2_000_000_000), /^NodeAffinity/);
  });

  it('counts an extended resource only when the node offers it', () => {
    assert.equal(judge(asking({ 'example.com/gpu': '1' })), undefined);
    const allocatable = { cpu: '2', pods: '3', 'example.com/gpu': '1' };
    assert.match(
      judge(asking({ 'example.com/gpu': '2' }), { allocatable })!,
      /^OutOfexample.com\/gpu: /,
    );
  });

  it('refuses pods whose node selector or affinity the node does not match', () => {
    const text =
      "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
    assert.equal(judge(pod({ nodeSelector: { disk: 'ssd' } })), text);
    assert.equal(
      judge(pod({ nodeSelector: { disk: 'ssd' } }), { node: node({ disk: 'ssd' }) }),
      undefined,
    );
    const terms = (operator: string) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator }] }],
        },
      },
    });
    assert.equal(judge(pod({ affinity: terms('Exists') })), text);
    assert.equal(judge(pod({ affinity: terms('DoesNotExist') })), undefined);
    assert.match(judge(pod({ nodeName: 'n2' }))!, /^NodeName: /);
  });

  it('refuses pods whose host ports are taken', () => {
    const others = [listening({ containerPort: 1, hostPort: 80 })];
    assert.equal(
      judge(listening({ containerPort: 2, hostPort: 80 }), { others }),
      "NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    );
    const free = [
      { containerPort: 2, hostPort: 81 },
      { containerPort: 2, hostPort: 80, protocol: 'UDP' },
      { containerPort: 80 },
    ];
    for (const port of free) assert.equal(judge(listening(port), { others }), undefined);
    const at = (hostIP: string) => listening({ containerPort: 1, hostPort: 80, hostIP });
    assert.equal(judge(at('127.0.0.1'), { others: [at('127.0.0.2')] }), undefined);
    assert.match(judge(at('127.0.0.1'), { others })!, /^NodePorts/);
  });

  it('refuses pods that do not tolerate a NoExecute taint, static pods apart', () => {
    const tainted = node({}, { taints: [{ key: 'k', effect: 'NoExecute' }] });
    assert.match(judge(pod(), { node: tainted })!, /^TaintToleration: Predicate TaintToleration/);
    assert.equal(
      judge(pod({ tolerations: [{ operator: 'Exists' }] }), { node: tainted }),
      undefined,
    );
    const annotations = { 'kubernetes.io/config.source': 'file' };
    assert.equal(judge(pod({}, { annotations }), { node: tainted }), undefined);
    const noSchedule = node({}, { taints: [{ key: 'k', effect: 'NoSchedule' }] });
    assert.equal(judge(pod(), { node: noSchedule }), undefined);
  });

  it('refuses sysctls that are neither safe nor allowed', () => {
    for (const name of [
      'net.core.somaxconn',
      'kernel.msgmax',
      'vm.swappiness',
      'net/core/somaxconn',
    ])
      assert.equal(
        judge(sysctl(name)),
        `SysctlForbidden: forbidden sysctl: "${name.replaceAll('/', '.')}" not allowlisted`,
      );
    for (const name of ['net.ipv4.ip_unprivileged_port_start', 'net/ipv4/tcp_syncookies'])
      assert.equal(judge(sysctl(name)), undefined);
    const unsafeSysctls = ['net.core.*', 'kernel.msgmax', 'net/ipv4/conf/*'];
    for (const name of ['net.core.somaxconn', 'kernel.msgmax', 'net.ipv4.conf.eth0.forwarding'])
      assert.equal(judge(sysctl(name), { unsafeSysctls }), undefined);
    assert.match(judge(sysctl('kernel.msgmnb'), { unsafeSysctls })!, /"kernel.msgmnb" not allow/);
    assert.match(
      judge(sysctl('net.ipv4.tcp_syncookies', { hostNetwork: true }))!,
      /"net.ipv4.tcp_syncookies" not allowed with host net enabled$/,
    );
    assert.match(
      judge(sysctl('kernel.shm_rmid_forced', { hostIPC: true }))!,
      /not allowed with host ipc enabled$/,
    );
  });

  it('reads the names of sysctls as sysctl(8) does, and knows the namespaced ones', () => {
    assert.equal(
      dottedSysctl('net/ipv4/conf/eno2.100/rp_filter'),
      'net.ipv4.conf.eno2/100.rp_filter',
    );
    assert.equal(
      dottedSysctl('net.ipv4.conf.eno2/100.rp_filter'),
      'net.ipv4.conf.eno2/100.rp_filter',
    );
    assert.equal(unknownSysctl(['net.*', 'kernel.shm*', 'kernel.sem', 'fs.mqueue.x']), undefined);
    for (const name of ['vm.swappiness', 'kernel.*', 'kernel.semx', '*'])
      assert.equal(unknownSysctl([name]), name);
  });
});
