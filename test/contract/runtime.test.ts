// The contract of Runtime, for the hollow runtime and, with root, for containerd.
import { strict as assert } from 'node:assert';
import path from 'node:path';
import type { Context } from 'mocha';
import { CriRuntime } from '../../pkg/kubelet/runtime/cri/cri-runtime.js';
import { HollowRuntime } from '../../pkg/kubelet/runtime/hollow/hollow-runtime.js';
import {
  isNotFound,
  type ContainerConfig,
  type Runtime,
  type RuntimeEvent,
  type SandboxConfig,
} from '../../pkg/kubelet/runtime/runtime.js';
import { realEnv } from '../../pkg/system/env.js';
import {
  needContainers,
  startContainerd,
  until,
  type PrivateContainerd,
} from '../support/kubelet-containerd.js';

interface Subject {
  runtime: Runtime;
  logs: string;
  cgroupParent: string;
  stop(): Promise<void>;
}

function suite(name: string, start: (context: Context) => Promise<Subject>): void {
  describe(`runtime contract: ${name}`, function () {
    this.timeout(60_000);
    let subject: Subject;
    let runtime: Runtime;
    let count = 0;

    before(async function () {
      subject = await start(this);
      runtime = subject.runtime;
    });
    after(() => subject?.stop());

    function sandbox(attempt = 0, uid = `uid-${++count}`): SandboxConfig {
      return {
        metadata: { name: `p-${uid}`, uid, namespace: 'default', attempt },
        hostname: 'p',
        logDirectory: path.join(subject.logs, uid),
        labels: { 'io.kubernetes.pod.uid': uid, other: 'x' },
        annotations: { note: 'kept' },
        linux: { cgroupParent: `${subject.cgroupParent}/pod${uid}`, securityContext: {} },
      };
    }

    function container(uid: string, attempt = 0): ContainerConfig {
      return {
        metadata: { name: 'c', attempt },
        image: { image: 'docker.io/library/busybox:latest' },
        command: ['sleep', '1000'],
        args: [],
        workingDir: '',
        envs: [],
        mounts: [],
        labels: { 'io.kubernetes.pod.uid': uid, 'io.kubernetes.container.name': 'c' },
        annotations: { 'io.kubernetes.container.restartCount': String(attempt) },
        logPath: `c/${attempt}.log`,
        stdin: false,
        stdinOnce: false,
        tty: false,
      };
    }

    it('reports its name, version and readiness', async () => {
      assert.ok((await runtime.version()).runtimeName);
      assert.deepEqual(
        (await runtime.conditions()).filter((c) => !c.status),
        [],
      );
    });

    it('creates a sandbox with an address, lists it by pod, and stops and removes it idempotently', async () => {
      const config = sandbox();
      const id = await runtime.runSandbox(config);
      const status = await runtime.sandboxStatus(id);
      assert.equal(status.state, 'SANDBOX_READY');
      assert.match(status.ip, /^\d+\.\d+\.\d+\.\d+$/);
      assert.deepEqual(status.metadata, config.metadata);
      const listed = await runtime.sandboxes({ podUid: config.metadata.uid });
      assert.deepEqual(
        listed.map((s) => s.id),
        [id],
      );
      assert.equal(listed[0]!.annotations['note'], 'kept');
      assert.deepEqual(await runtime.sandboxes({ podUid: 'nobody' }), []);
      await assert.rejects(runtime.runSandbox(config), 'a name and attempt is good once');
      for (let i = 0; i < 2; i++) await runtime.stopSandbox(id);
      assert.equal((await runtime.sandboxStatus(id)).state, 'SANDBOX_NOTREADY');
      for (let i = 0; i < 2; i++) await runtime.removeSandbox(id);
      assert.deepEqual(await runtime.sandboxes({ podUid: config.metadata.uid }), []);
      await assert.rejects(runtime.sandboxStatus(id), isNotFound);
    });

    it('refuses a sandbox of a handler that is not configured', async () => {
      const config = sandbox();
      await assert.rejects(
        runtime.runSandbox(config, 'none'),
        /no runtime for "none" is configured/,
      );
      assert.deepEqual(await runtime.sandboxes({ podUid: config.metadata.uid }), []);
    });

    it('reserves the name of a container for its pod, across sandboxes', async () => {
      const first = sandbox();
      const { uid } = first.metadata;
      const old = await runtime.runSandbox(first);
      const id = await runtime.createContainer(old, container(uid), first);
      await runtime.stopSandbox(old);
      const second = sandbox(1, uid);
      const next = await runtime.runSandbox(second);
      await assert.rejects(
        runtime.createContainer(next, container(uid), second),
        /failed to reserve container name/,
      );
      await runtime.createContainer(next, container(uid, 1), second);
      await runtime.removeContainer(id);
      await runtime.createContainer(next, container(uid), second);
      for (const sandboxId of [old, next]) await runtime.removeSandbox(sandboxId);
    });

    it('moves a container from created to running and exited', async () => {
      const config = sandbox();
      const { uid } = config.metadata;
      const sandboxId = await runtime.runSandbox(config);
      const id = await runtime.createContainer(sandboxId, container(uid), config);
      assert.equal((await runtime.containerStatus(id)).state, 'CONTAINER_CREATED');
      await runtime.startContainer(id);
      const running = await runtime.containerStatus(id);
      assert.equal(running.state, 'CONTAINER_RUNNING');
      assert.ok(running.startedAt > 0 && running.finishedAt === 0);
      assert.equal(running.logPath, path.join(subject.logs, uid, 'c/0.log'));
      assert.equal(running.annotations['io.kubernetes.container.restartCount'], '0');
      const listed = await runtime.containers({ podUid: uid });
      assert.deepEqual(
        listed.map((c) => [c.id, c.podSandboxId, c.state]),
        [[id, sandboxId, 'CONTAINER_RUNNING']],
      );
      assert.equal((await runtime.execSync(id, ['true'], 5)).exitCode, 0);
      await runtime.stopContainer(id, 0);
      const exited = await runtime.containerStatus(id);
      assert.equal(exited.state, 'CONTAINER_EXITED');
      assert.equal(exited.exitCode, 137);
      assert.equal(exited.reason, 'Error');
      assert.ok(exited.finishedAt >= exited.startedAt);
      await runtime.stopContainer(id, 0);
      for (let i = 0; i < 2; i++) await runtime.removeContainer(id);
      await assert.rejects(runtime.containerStatus(id), isNotFound);
      await runtime.stopSandbox(sandboxId);
      await runtime.removeSandbox(sandboxId);
    });

    it('stops the containers of a sandbox with the sandbox', async () => {
      const config = sandbox();
      const sandboxId = await runtime.runSandbox(config);
      const id = await runtime.createContainer(sandboxId, container(config.metadata.uid), config);
      await runtime.startContainer(id);
      await runtime.stopSandbox(sandboxId);
      assert.equal((await runtime.containerStatus(id)).state, 'CONTAINER_EXITED');
      await runtime.removeSandbox(sandboxId);
      assert.deepEqual(await runtime.containers({ podUid: config.metadata.uid }), []);
    });

    it('refuses containers in missing sandboxes', async () => {
      const config = sandbox();
      await assert.rejects(
        runtime.createContainer('f'.repeat(64), container(config.metadata.uid), config),
      );
    });

    it('reports exits at once', async () => {
      const events: RuntimeEvent[] = [];
      const controller = new AbortController();
      const watching = runtime.watch((e) => events.push(e), controller.signal);
      await until('the first event', () => events.some((e) => e.kind === 'relist'));
      const config = sandbox();
      const sandboxId = await runtime.runSandbox(config);
      const id = await runtime.createContainer(sandboxId, container(config.metadata.uid), config);
      await runtime.startContainer(id);
      await runtime.stopContainer(id, 0);
      await until('the exit', () => events.some((e) => e.kind === 'exited' && e.id === id));
      await runtime.stopSandbox(sandboxId);
      await until('the exit of the sandbox', () =>
        events.some((e) => e.kind === 'exited' && e.id === sandboxId),
      );
      await runtime.removeSandbox(sandboxId);
      controller.abort(new Error('seen enough'));
      await watching;
    });

    it('finds images by any of their names', async () => {
      for (const name of ['busybox', 'busybox:latest', 'docker.io/library/busybox:latest'])
        assert.ok(await runtime.imageStatus(name), name);
    });
  });
}

suite('hollow', () => {
  const env = realEnv('hollow', 'error');
  const runtime = new HollowRuntime(env, { startDelay: 5, sandboxDelay: 5, stopDelay: 5 });
  return Promise.resolve({
    runtime,
    logs: '/var/log/pods',
    cgroupParent: '',
    stop: () => Promise.resolve(),
  });
});

suite('cri', async (context) => {
  needContainers(context);
  const containerd: PrivateContainerd = await startContainerd();
  const runtime = new CriRuntime(containerd.endpoint, realEnv('cri', 'error'));
  return {
    runtime,
    logs: path.join(containerd.root, 'pods'),
    cgroupParent: `${containerd.cgroupRoot}/kubepods`,
    stop: async () => {
      runtime.close();
      await containerd.stop();
    },
  };
});
