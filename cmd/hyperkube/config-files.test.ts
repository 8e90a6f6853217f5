import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFlags, type ConfigKind } from '../config-file.js';
import { parseOptions as proxy } from '../kube-proxy/options.js';
import { parseOptions as scheduler } from '../kube-scheduler/options.js';
import {
  KUBE_PROXY_CONFIGURATION,
  KUBE_SCHEDULER_CONFIGURATION,
  KUBELET_CONFIGURATION,
} from '../config-kinds.generated.js';

const head = ({ apiVersion, kind }: ConfigKind) => `apiVersion: ${apiVersion}\nkind: ${kind}\n`;
const flags = (kind: ConfigKind, text: string) =>
  Object.fromEntries(configFlags(kind, 'FILE', head(kind) + text));

describe('component configuration files', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (kind: ConfigKind, text: string): string => {
    const path = join(folder, `${kind.kind}.yaml`);
    writeFileSync(path, head(kind) + text);
    return `--config=${path}`;
  };

  it('of kube-proxy are read as kubeadm writes them, and flags win', () => {
    const config = file(
      KUBE_PROXY_CONFIGURATION,
      `
bindAddress: 0.0.0.0
clientConnection: {acceptContentTypes: "", burst: 0, contentType: "", kubeconfig: /k.conf, qps: 0}
clusterCIDR: 10.244.0.0/16
configSyncPeriod: 0s
conntrack: {maxPerCore: null, min: 7, tcpBeLiberal: false, tcpCloseWaitTimeout: null, udpTimeout: 0s}
detectLocal: {bridgeInterface: "", interfaceNamePrefix: ""}
detectLocalMode: ""
enableProfiling: false
iptables: {localhostNodePorts: null, masqueradeAll: false, syncPeriod: 0s}
ipvs: {strictARP: false}
logging: {flushFrequency: 0}
mode: nftables
nftables: {masqueradeAll: true, minSyncPeriod: 5s}
nodePortAddresses: null
oomScoreAdj: null
winkernel: {enableDSR: false}
`,
    );
    const read = proxy([config, '--cluster-cidr=10.9.0.0/16']);
    assert.deepEqual(
      [read.kubeconfig, read['cluster-cidr'], read['conntrack-min'], read['masquerade-all']],
      ['/k.conf', '10.9.0.0/16', 7, true],
    );
    assert.deepEqual([read['min-sync-period'], read['nodeport-addresses']], [5000, ['primary']]);
    assert.throws(
      () => proxy([file(KUBE_PROXY_CONFIGURATION, 'mode: ipvs')]),
      /--proxy-mode=ipvs is not supported/,
    );
    assert.throws(
      () => proxy([file(KUBE_PROXY_CONFIGURATION, 'conntrack: {udpTimeout: 9s}')]),
      /--conntrack-udp-timeout=9s is not supported/,
    );
  });

  it('of kube-scheduler name the profile and the lease', () => {
    const read = scheduler([
      file(
        KUBE_SCHEDULER_CONFIGURATION,
        `
clientConnection: {kubeconfig: /s.conf, qps: 50}
leaderElection: {leaderElect: false, resourceLock: leases, leaseDuration: 20s}
percentageOfNodesToScore: 0
podMaxBackoffSeconds: 10
profiles: [{schedulerName: mine}]
extenders: []
`,
      ),
    ]);
    assert.deepEqual(
      [read.kubeconfig, read['leader-elect'], read['leader-elect-lease-duration']],
      ['/s.conf', false, 20_000],
    );
    assert.equal(read['scheduler-name'], 'mine');
  });

  it('are refused where they would be ignored to harm, or are misspelt', () => {
    for (const [kind, text, message] of [
      [KUBE_SCHEDULER_CONFIGURATION, 'percentageOfNodesToScore: 5', /only 0 is supported/],
      [KUBE_SCHEDULER_CONFIGURATION, 'extenders: [{urlPrefix: x}]', /extenders: only \[\]/],
      [
        KUBE_SCHEDULER_CONFIGURATION,
        'profiles: [{schedulerName: a, plugins: {}}]',
        /profiles: wrong type/,
      ],
      [KUBE_SCHEDULER_CONFIGURATION, 'profile: []', /unknown field "profile"/],
      [KUBE_PROXY_CONFIGURATION, 'detectLocalMode: NodeCIDR', /only "ClusterCIDR" is supported/],
      [KUBE_PROXY_CONFIGURATION, 'conntrack: {max: 1}', /unknown field "conntrack.max"/],
      [KUBELET_CONFIGURATION, 'shutdownGracePeriod: 30s', /shutdownGracePeriod: only "0s"/],
      [KUBELET_CONFIGURATION, 'serverTLSBootstrap: 1', /serverTLSBootstrap: wrong type/],
      [KUBELET_CONFIGURATION, 'rotateCertificates: sometimes', /rotateCertificates: wrong type/],
      ...['{effect: NoSchedule}', '{key: {toString: 1}, effect: a}', '{key: a, effect: [b]}'].map(
        (taint) =>
          [
            KUBELET_CONFIGURATION,
            `registerWithTaints: [${taint}]`,
            /registerWithTaints: wrong type/,
          ] as const,
      ),
    ] as const)
      assert.throws(() => flags(kind, text), message, text);
  });

  it('of any shape are refused with a text', () => {
    for (const kind of ['{toString: x}', '[a]', 'null', '1', '{}'])
      assert.throws(
        () =>
          configFlags(KUBELET_CONFIGURATION, 'FILE', `apiVersion: {toString: 1}\nkind: ${kind}\n`),
        /no kind ".*" is registered for version "\{"toString":1\}"/,
        kind,
      );
    for (const taint of ['{key: {toString: x}}', '{key: k, effect: {valueOf: 1}}', '{key: [k]}'])
      assert.throws(
        () => flags(KUBELET_CONFIGURATION, `registerWithTaints: [${taint}]\n`),
        /registerWithTaints: wrong type/,
        taint,
      );
  });

  it('of kubelets take zero values as upstream, and other flags as the command line does', () => {
    assert.deepEqual(
      flags(
        KUBELET_CONFIGURATION,
        `
authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 0s}}
cpuManagerReconcilePeriod: 0s
evictionPressureTransitionPeriod: 0s
logging: {verbosity: 2}
crashLoopBackOff: {}
healthzPort: 0
serializeImagePulls: false
kubeReserved: {cpu: 100m}
syncFrequency: 30s
`,
      ),
      {
        'healthz-port': '0',
        'serialize-image-pulls': 'false',
        'kube-reserved': '{"cpu":"100m"}',
        'sync-frequency': '30s',
      },
    );
  });
});
