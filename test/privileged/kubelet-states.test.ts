// States of pods that only real containers show: sandboxes that die, isolation that the kernel
// enforces, pods that a finalizer holds.
import { strict as assert } from 'node:assert';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import { isAppArmorEnabled } from '../../pkg/kubelet/node/machine-info.js';
import { NAMESPACES, PODS, RUNTIME_CLASSES } from '../../pkg/apis/resource-types.js';
import { needContainers, until } from '../support/kubelet-containerd.js';
import { FOREVER, NODE_NAME, startNode, testPods, type TestNode } from './kubelet-node.js';

describe('states of pods with containerd', function () {
  this.timeout(120_000);
  let node: TestNode;
  const { container, ended, events, get, gone, logs, ready, remove, run, status } = testPods(
    () => node,
  );

  before(async function () {
    needContainers(this);
    node = await startNode();
    const { root } = node.containerd;
    await mkdir(path.join(root, 'manifests'));
    await mkdir(path.join(root, 'kubelet/seccomp/profiles'), { recursive: true });
    await node.startKubelet({ 'allowed-unsafe-sysctls': 'kernel.msgmax' });
  });
  after(() => node?.stop());

  /** Kills the pause process of a pod. */
  async function killSandbox(pod: string): Promise<void> {
    const filter = `labels."io.kubernetes.pod.name"==${pod},labels."io.cri-containerd.kind"==sandbox`;
    const ids = (await node.containerd.ctr(['containers', 'ls', '-q', filter])).trim().split('\n');
    for (const line of (await node.containerd.ctr(['tasks', 'ls'])).split('\n')) {
      const [id = '', pid, state] = line.trim().split(/\s+/);
      if (ids.includes(id) && state === 'RUNNING') process.kill(Number(pid), 'SIGKILL');
    }
  }

  it('bring pods with init containers and sidecars back when their sandbox dies', async () => {
    const side = { ...container(FOREVER), name: 's', restartPolicy: 'Always' };
    const init = { ...container('true'), name: 'i' };
    const specs: Record<string, Partial<Pod['spec']>> = {
      'lost-plain': {},
      'lost-init': { initContainers: [init] },
      'lost-side': { initContainers: [side, init] },
    };
    const names = Object.keys(specs);
    for (const name of names) await run(name, { ...specs[name], containers: [container(FOREVER)] });
    await Promise.all(names.map(ready));
    for (const restarts of [1, 2]) {
      await Promise.all(names.map(killSandbox));
      await Promise.all(
        names.map((name) =>
          status(
            name,
            `back with ${restarts} restarts`,
            (s) =>
              s.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') &&
              [...(s.initContainerStatuses ?? []), ...s.containerStatuses!].every(
                (c) => c.restartCount === restarts,
              ),
            60_000,
          ),
        ),
      );
    }
    await Promise.all(names.map(remove));
  });

  it('keep the exit codes of deleted pods that a finalizer holds, and rest', async () => {
    const finalizers = ['example.com/hold'];
    const bye = `trap 'printf bye > /dev/termination-log; exit 42' TERM; ${FOREVER}`;
    await run('held', { containers: [container(bye)] }, { finalizers });
    await run(
      'held-done',
      { restartPolicy: 'Never', containers: [container('true')] },
      { finalizers },
    );
    await run('held-loop', { containers: [container('exit 3')] }, { finalizers });
    await ready('held');
    await ended('held-done');
    await status('held-loop', 'in a loop', (s) => s.containerStatuses?.[0]?.state?.waiting);
    const names = ['held', 'held-done', 'held-loop'];
    for (const name of names) await node.client.delete(PODS, { namespace: 'default', name });
    for (const name of names)
      await until(`${name} without containers`, async () => {
        const left = await node.containerd.podsWithDirectories(name);
        return left.length === 0;
      });
    const state = async (name: string) =>
      (await get(name)).status!.containerStatuses![0]!.state?.terminated;
    await until('held is over', async () => (await state('held'))?.exitCode === 42);
    assert.equal((await state('held'))?.message, 'bye');
    assert.deepEqual(
      [(await state('held-done'))?.exitCode, (await state('held-done'))?.reason],
      [0, 'Completed'],
    );
    assert.equal((await state('held-loop'))?.exitCode, 3);
    const versions = async () =>
      Promise.all(names.map(async (name) => (await get(name)).metadata.resourceVersion));
    const before = await versions();
    await node.client.patch(
      PODS,
      { namespace: 'default', name: 'held' },
      { metadata: { annotations: { wake: 'up' } } },
      { type: 'merge' },
    );
    await run('after', { restartPolicy: 'Never', containers: [container('true')] });
    await ended('after');
    assert.deepEqual((await versions()).slice(1), before.slice(1));
    assert.equal((await state('held'))?.exitCode, 42);
    for (const name of names)
      await node.client.patch(
        PODS,
        { namespace: 'default', name },
        { metadata: { finalizers: null } },
        { type: 'merge' },
      );
    await Promise.all(names.map(gone));
    await remove('after');
  });

  it('enforce localhost profiles and refuse unsafe sysctls', async () => {
    const names = ['chmod', 'fchmod', 'fchmodat'];
    await writeFile(
      path.join(node.containerd.root, 'kubelet/seccomp/profiles/no-mkdir.json'),
      JSON.stringify({
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['mkdir', 'mkdirat', ...names], action: 'SCMP_ACT_ERRNO' }],
      }),
    );
    const seccompProfile = { type: 'Localhost', localhostProfile: 'profiles/no-mkdir.json' };
    await run('seccomp', {
      restartPolicy: 'Never',
      securityContext: { seccompProfile },
      containers: [container('mkdir /tmp/x 2>/dev/null && echo worked || echo denied')],
    });
    const sysctl = (name: string, value: string): Partial<Pod['spec']> => ({
      restartPolicy: 'Never',
      securityContext: { sysctls: [{ name, value }] },
      containers: [container(`cat /proc/sys/${name.replaceAll('.', '/')}`)],
    });
    await run('unsafe', sysctl('net.core.somaxconn', '4096'));
    await run('safe', sysctl('net.ipv4.ip_unprivileged_port_start', '80'));
    await run('allowed', sysctl('kernel.msgmax', '4096'));
    await Promise.all(['seccomp', 'unsafe', 'safe', 'allowed'].map(ended));
    assert.equal(await logs('seccomp'), 'denied\n');
    const { phase, reason, message } = (await get('unsafe')).status!;
    assert.deepEqual(
      [phase, reason, message],
      [
        'Failed',
        'SysctlForbidden',
        'Pod was rejected: forbidden sysctl: "net.core.somaxconn" not allowlisted',
      ],
    );
    assert.equal(await logs('safe'), '80\n');
    assert.equal(await logs('allowed'), '4096\n');
    await Promise.all(['seccomp', 'unsafe', 'safe', 'allowed'].map(remove));
  });

  it('never let a pod run without the isolation or the node that it asks for', async function () {
    await node.client.create(RUNTIME_CLASSES, {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: 'sandboxed' },
      handler: 'gvisor',
    });
    const containers = [container(FOREVER)];
    await run('class', { runtimeClassName: 'sandboxed', containers });
    await run('windows', { os: { name: 'windows' }, containers });
    await run('selector', { nodeSelector: { disk: 'none' }, containers });
    const ports = [{ containerPort: 80, hostPort: 8099 }];
    await run('port', { containers: [container(FOREVER, { ports })] });
    await ready('port');
    await run('port-again', { containers: [container(FOREVER, { ports })] });
    await run('big', {
      containers: [container(FOREVER, { resources: { requests: { cpu: '999' } } })],
    });
    const reasons = {
      windows: 'PodOSNotSupported',
      selector: 'NodeAffinity',
      'port-again': 'NodePorts',
      big: 'OutOfcpu',
    };
    for (const [name, reason] of Object.entries(reasons))
      assert.equal((await ended(name)).reason, reason);
    await until('the event of the class', async () =>
      (await events('class')).includes('no runtime for "gvisor" is configured'),
    );
    assert.equal((await get('class')).status?.phase, 'Pending');
    const names = ['class', 'port', ...Object.keys(reasons)];
    if (!(await isAppArmorEnabled())) {
      names.push('armor');
      await run('armor', {
        securityContext: { appArmorProfile: { type: 'RuntimeDefault' } },
        containers,
      });
      const s = await status('armor', 'blocked', (x) => x.reason);
      assert.deepEqual(
        [s.phase, s.reason, s.message],
        ['Pending', 'AppArmor', 'Cannot enforce AppArmor: AppArmor is not enabled on the host'],
      );
    }
    await Promise.all(names.map(remove));
  });

  it('show a failed init container to kubectl', async () => {
    await run('migrate', {
      restartPolicy: 'Never',
      initContainers: [{ ...container('exit 5'), name: 'i' }],
      containers: [container('true')],
    });
    const s = await ended('migrate');
    assert.equal(s.containerStatuses![0]!.state?.waiting?.reason, 'PodInitializing');
    assert.equal(s.conditions?.find((c) => c.type === 'Initialized')?.status, 'False');
    const { stdout } = await node.kubectl(['get', 'pod', 'migrate', '--no-headers']);
    assert.equal(stdout.split(/\s+/)[2], 'Init:Error');
    await remove('migrate');
  });

  it('let a probe read a server that ends lines with LF alone', async () => {
    const answer = "printf 'HTTP/1.1 200 OK\\nContent-Length: 3\\n\\nok\\n'";
    await run('bare', {
      containers: [
        container(`while true; do ${answer} | nc -l -p 8080; done`, {
          readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
        }),
      ],
    });
    await ready('bare');
    await remove('bare');
  });

  it('follow an edited manifest and wait for a namespace', async () => {
    const file = (name: string) => path.join(node.containerd.root, 'manifests', `${name}.yaml`);
    const write = (name: string, namespace: string, text: string) =>
      writeFile(
        file(name),
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [container(`echo ${text}; ${FOREVER}`)],
          },
        }),
      );
    const mirror = `edited-${NODE_NAME}`;
    for (const text of ['v1', 'v2', 'v3']) {
      await write('edited', 'default', text);
      await until(`the log of ${text}`, async () => (await logs(mirror)) === `${text}\n`);
    }
    await write('later', 'later', 'v1');
    await writeFile(
      file('invalid'),
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'invalid' },
        spec: { containers: [{ name: 'C', image: 'busybox' }] },
      }),
    );
    await until('the later pod', async () => (await node.kubeletLog()).includes('not reconciled'));
    await node.client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'later' },
      spec: {},
    });
    await until(
      'the later mirror',
      () =>
        node.client.get(PODS, { namespace: 'later', name: `later-${NODE_NAME}` }).then(() => true),
      60_000,
    );
    assert.deepEqual(await node.containerd.podsWithDirectories(`invalid-${NODE_NAME}`), []);
    for (const name of ['edited', 'later', 'invalid']) await rm(file(name));
    await gone(mirror);
  });

  it('bound a volume in memory by the limit of the pod', async () => {
    await run('memory', {
      restartPolicy: 'Never',
      containers: [
        container("stat -f -c '%b %S' /m", {
          resources: { limits: { memory: '32Mi' } },
          volumeMounts: [{ name: 'm', mountPath: '/m' }],
        }),
      ],
      volumes: [{ name: 'm', emptyDir: { medium: 'Memory' } }],
    });
    await ended('memory');
    const [blocks, size] = (await logs('memory')).split(' ').map(Number);
    assert.equal(blocks! * size!, 32 * 2 ** 20);
    await remove('memory');
  });

  it('lose no output of a short command that kubectl runs and attaches to', async () => {
    const outputs: string[] = [];
    for (let round = 0; round < 8; round++) {
      const name = `short-${round}`;
      const overrides = JSON.stringify({ spec: { nodeName: NODE_NAME } });
      const { stdout } = await node.kubectl(
        [
          'run',
          name,
          '--rm',
          '-i',
          '--restart=Never',
          '--image=busybox',
          '--image-pull-policy=IfNotPresent',
          `--overrides=${overrides}`,
          '--',
          'echo',
          'hi',
        ],
        'typed\n',
      );
      outputs.push(stdout.split('\n')[0]!);
      await gone(name);
    }
    assert.deepEqual(
      outputs,
      Array.from({ length: 8 }, () => 'hi'),
    );
  });

  it("show an ephemeral container its target's processes", async () => {
    await run('debugged', {
      initContainers: [{ ...container(`sleep 12345`), name: 'i' }],
      containers: [container(FOREVER)],
    });
    await status(
      'debugged',
      'at its init container',
      (s) => s.initContainerStatuses?.[0]?.state?.running,
    );
    const command = ['cat', '/proc/1/cmdline'];
    const debug = [
      'debug',
      'debugged',
      '--image=busybox',
      '--image-pull-policy=IfNotPresent',
      '--target=i',
      '-c',
      'e',
      '--',
      ...command,
    ];
    await node.kubectl(debug);
    await status(
      'debugged',
      'debugged',
      (s) => s.ephemeralContainerStatuses?.[0]?.state?.terminated,
    );
    assert.match(await logs('debugged', '-c', 'e'), /sleep 12345/);
    await remove('debugged');
  });
});
