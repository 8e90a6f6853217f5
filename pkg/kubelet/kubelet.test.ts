import { strict as assert } from 'node:assert';
import type { Pod, PodStatus } from '../apis/core/v1/types.js';
import type { Client } from '../client/client.js';
import { virtualEnv, type VirtualEnv } from '../../test/support/virtual-env.js';
import { HOLLOW_HOST } from './host/hollow-host.js';
import { Kubelet, type KubeletDeps } from './kubelet.js';
import { isStaticPod } from './types/labels.js';
import { RuntimeError } from './runtime/runtime.js';
import { EXIT_AFTER, EXIT_CODE, HollowRuntime } from './runtime/hollow/hollow-runtime.js';

interface Fixture {
  env: VirtualEnv;
  kubelet: Kubelet;
  runtime: HollowRuntime;
  events: string[];
  status(uid?: string): PodStatus;
  stop(): void;
}

function setUp(
  runtime?: HollowRuntime,
  env = virtualEnv(7),
  hostIPs = ['192.0.2.1'],
  refusal?: KubeletDeps['refusal'],
  more: Partial<KubeletDeps> = {},
): Fixture {
  const controller = new AbortController();
  const events: string[] = [];
  const actual = runtime ?? new HollowRuntime(env);
  const kubelet = new Kubelet(
    {
      env,
      runtime: actual,
      host: HOLLOW_HOST,
      recorder: {
        event: (_about, _type, reason, message) => events.push(`${reason}: ${message}`),
        flush: () => Promise.resolve(),
      },
      nodeName: 'n1',
      hostIPs: () => hostIPs,
      ...(refusal ? { refusal } : {}),
      ...more,
    },
    controller.signal,
  );
  void kubelet.run();
  return {
    env,
    kubelet,
    runtime: actual,
    events,
    status: (uid = 'u1') => kubelet.status.get(uid)!,
    stop: () => controller.abort(new Error('test over')),
  };
}

function pod(change: Partial<Pod['spec']> = {}, annotations: Record<string, string> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'default',
      uid: 'u1',
      annotations: { 'kubernetes.io/config.source': 'file', ...annotations },
    },
    spec: { containers: [{ name: 'c', image: 'busybox' }], ...change },
  };
}

/** Ends the running instance of a container. */
async function exit(w: Fixture, name: string, code: number): Promise<void> {
  const { id } = (await w.runtime.containers()).find(
    (c) => c.metadata.name === name && c.state === 'CONTAINER_RUNNING',
  )!;
  const { containerMap } = w.runtime as unknown as { containerMap: Map<string, unknown> };
  (w.runtime as unknown as { exit(c: unknown, code: number): void }).exit(
    containerMap.get(id),
    code,
  );
}

/** Advances the clock in small steps and lets all promise chains complete between them. */
async function advance(w: Fixture, ms: number): Promise<void> {
  for (let done = 0; done < ms; done += 10) {
    await w.env.clock.advance(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const condition = (status: PodStatus, type: string) =>
  status.conditions?.find((c) => c.type === type)?.status;

describe('kubelet on the hollow runtime', () => {
  let w: Fixture;
  afterEach(() => w.stop());

  it('starts a pod, which becomes Running and Ready', async () => {
    w = setUp();
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 10);
    assert.equal(w.status().phase, 'Pending');
    assert.equal(w.status().containerStatuses?.[0]?.state?.waiting?.reason, 'ContainerCreating');
    await advance(w, 200);
    assert.equal(w.status().phase, 'Running');
    assert.equal(condition(w.status(), 'Ready'), 'True');
    assert.match(w.status().podIP ?? '', /^10\.244\./);
    assert.deepEqual(
      w.events.map((e) => e.split(':')[0]),
      ['Pulled', 'Created', 'Started'],
    );
  });

  it('stops the containers of a pod that another component has ended', async () => {
    w = setUp();
    const running = pod({}, { 'kubernetes.io/config.source': 'api' });
    w.kubelet.setApiPod(running);
    w.kubelet.apiSynced();
    await advance(w, 300);
    assert.equal(w.status().phase, 'Running');
    w.kubelet.setApiPod({
      ...running,
      metadata: { ...running.metadata, resourceVersion: '9' },
      status: { ...w.status(), phase: 'Failed', reason: 'NodeLost' },
    });
    await advance(w, 3_000);
    assert.deepEqual(
      (await w.runtime.containers()).map(({ state }) => state),
      ['CONTAINER_EXITED'],
    );
    const { phase, reason, containerStatuses } = w.status();
    assert.deepEqual([phase, reason], ['Failed', 'NodeLost']);
    assert.ok(containerStatuses?.[0]?.state?.terminated);
  });

  it("reports both addresses, the node's first family first", async () => {
    for (const hostIPs of [
      ['192.0.2.1', '2001:db8::1'],
      ['2001:db8::1', '192.0.2.1'],
    ]) {
      const env = virtualEnv(7);
      w = setUp(new HollowRuntime(env, { network6: 'fd00:244' }), env, hostIPs);
      w.kubelet.setStaticPods([pod()]);
      await advance(w, 300);
      const { hostIP, podIP, podIPs, ...status } = w.status();
      assert.deepEqual([hostIP, status.hostIPs], [hostIPs[0], hostIPs.map((ip) => ({ ip }))]);
      const families = podIPs!.map(({ ip }) => ip.includes(':'));
      assert.deepEqual([podIP, families], [podIPs![0]!.ip, hostIPs.map((ip) => ip.includes(':'))]);
      w.stop();
    }
  });

  it('restarts with growing back-off and reports CrashLoopBackOff', async () => {
    w = setUp();
    w.kubelet.setStaticPods([pod({}, { [EXIT_AFTER]: '1s', [EXIT_CODE]: '3' })]);
    await advance(w, 3000);
    const status = w.status().containerStatuses![0]!;
    assert.equal(status.restartCount, 1);
    assert.equal(status.state?.waiting?.reason, 'CrashLoopBackOff');
    assert.match(
      status.state?.waiting?.message ?? '',
      /^back-off 10s restarting failed container=c pod=p_default\(u1\)$/,
    );
    assert.equal(status.lastState?.terminated?.exitCode, 3);
    assert.equal(w.status().phase, 'Running');
    assert.equal(condition(w.status(), 'Ready'), 'False');
    await advance(w, 10_000);
    assert.equal(w.status().containerStatuses![0]!.restartCount, 2);
    await advance(w, 15_000);
    assert.equal(w.status().containerStatuses![0]!.restartCount, 2);
    await advance(w, 10_000);
    assert.equal(w.status().containerStatuses![0]!.restartCount, 3);
  });

  it('forgets the back-off of a container when its image changes', async () => {
    w = setUp();
    const annotations = { [EXIT_AFTER]: '1s', [EXIT_CODE]: '3' };
    const edition = (image: string, more: Partial<Pod['spec']> = {}): Pod => ({
      ...pod({ containers: [{ name: 'c', image }], ...more }, annotations),
    });
    w.kubelet.setStaticPods([edition('bad')]);
    await advance(w, 40_000);
    const count = w.status().containerStatuses![0]!.restartCount;
    assert.equal(w.status().containerStatuses![0]!.state?.waiting?.reason, 'CrashLoopBackOff');
    w.kubelet.setStaticPods([edition('good')]);
    await advance(w, 300);
    assert.equal(w.status().containerStatuses![0]!.restartCount, count + 1);
  });

  it('shows the own words of a runtime that cannot create or start a container', async () => {
    const refusal = new RuntimeError('NotFound', 'rpc error: code = NotFound desc = no c', 'no c');
    for (const [method, reason] of [
      ['createContainer', 'CreateContainerError'],
      ['startContainer', 'RunContainerError'],
    ] as const) {
      const env = virtualEnv(7);
      const runtime = new HollowRuntime(env);
      let attempts = 0;
      Object.assign(runtime, { [method]: () => (attempts++, Promise.reject(refusal)) });
      w = setUp(runtime, env);
      w.kubelet.setStaticPods([pod()]);
      await advance(w, 300);
      const { waiting } = w.status().containerStatuses![0]!.state!;
      assert.deepEqual(waiting, { reason, message: 'no c' }, method);
      assert.ok(w.events.includes('Failed: Error: no c'), w.events.join());
      assert.equal(attempts, 1, `${method} waits before its next attempt`);
      await advance(w, 6_000);
      assert.equal(attempts, 2, method);
      w.stop();
    }
  });

  it('keeps the command and output of a failed hook out of events', async () => {
    const secret = 's3cret';
    const hook = () => Promise.reject(new Error(`command "cat ${secret}" failed: ${secret}`));
    for (const [lifecycle, event] of [
      ['preStop', 'FailedPreStopHook: PreStopHook failed'],
      ['postStart', 'FailedPostStartHook: PostStartHook failed'],
    ] as const) {
      const host = { ...HOLLOW_HOST, hook };
      w = setUp(undefined, undefined, undefined, undefined, { host });
      const exec = { command: ['cat', secret] };
      const container = { name: 'c', image: 'i', lifecycle: { [lifecycle]: { exec } } };
      w.kubelet.setStaticPods([pod({ containers: [container] })]);
      await advance(w, 300);
      w.kubelet.setStaticPods([]);
      await advance(w, 3_000);
      assert.ok(w.events.includes(event), w.events.join());
      assert.ok(!w.events.some((text) => text.includes(secret)), w.events.join());
      w.stop();
    }
  });

  it('tries a corrected image at once, though the pull of the old one backs off', async () => {
    const env = virtualEnv(7);
    const runtime = new HollowRuntime(env);
    const present = runtime.imageStatus.bind(runtime);
    const pulls: string[] = [];
    runtime.imageStatus = (image) =>
      image.startsWith('bad') ? Promise.resolve(undefined) : present(image);
    runtime.pullImage = (image) => {
      pulls.push(image);
      return Promise.reject(new Error('not found'));
    };
    w = setUp(runtime, env);
    const edition = (image: string) => pod({ containers: [{ name: 'c', image }] });
    w.kubelet.setStaticPods([edition('bad')]);
    await advance(w, 100_000);
    assert.deepEqual(pulls.length, 4, pulls.join());
    assert.equal(w.status().containerStatuses![0]!.state?.waiting?.reason, 'ImagePullBackOff');
    w.kubelet.setStaticPods([edition('good')]);
    await advance(w, 300);
    assert.equal(w.status().phase, 'Running');
  });

  it('completes a pod with restartPolicy Never as Succeeded or Failed', async () => {
    w = setUp();
    w.kubelet.setStaticPods([
      pod({ restartPolicy: 'Never' }, { [EXIT_AFTER]: '1s', [EXIT_CODE]: '0' }),
    ]);
    await advance(w, 3000);
    assert.equal(w.status().phase, 'Succeeded');
    assert.equal(condition(w.status(), 'Ready'), 'False');
    w.stop();
    w = setUp();
    w.kubelet.setStaticPods([
      pod({ restartPolicy: 'OnFailure' }, { [EXIT_AFTER]: '1s', [EXIT_CODE]: '0' }),
    ]);
    await advance(w, 3000);
    assert.equal(w.status().phase, 'Succeeded');
    w.stop();
    w = setUp();
    w.kubelet.setStaticPods([
      pod({ restartPolicy: 'Never' }, { [EXIT_AFTER]: '1s', [EXIT_CODE]: '9' }),
    ]);
    await advance(w, 3000);
    assert.equal(w.status().phase, 'Failed');
    assert.equal(w.status().containerStatuses?.[0]?.state?.terminated?.exitCode, 9);
  });

  it('keeps containers running across a restart and terminates pods that no source knows', async () => {
    w = setUp();
    w.kubelet.setStaticPods([
      pod(),
      { ...pod(), metadata: { ...pod().metadata, name: 'q', uid: 'u2' } },
    ]);
    await advance(w, 500);
    const before = (await w.runtime.containers()).map((c) => c.id).sort();
    assert.equal(before.length, 2);
    w.stop();
    const { runtime, env } = w;
    w = setUp(runtime, env);
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 3000);
    const after = await w.runtime.containers();
    assert.equal(after.length, 1);
    assert.ok(before.includes(after[0]!.id));
    assert.equal(w.status().containerStatuses?.[0]?.restartCount, 0);
    assert.equal(w.status().phase, 'Running');
  });

  it('replaces a sandbox and a container that disappear', async () => {
    w = setUp();
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 500);
    const sandbox = (await w.runtime.sandboxes())[0]!;
    const stopped: string[] = [];
    const stop = w.runtime.stopSandbox.bind(w.runtime);
    w.runtime.stopSandbox = (id) => (stopped.push(id), stop(id));
    await Promise.all([stop(sandbox.id), advance(w, 1000)]);
    await advance(w, 12_000);
    assert.ok(stopped.includes(sandbox.id), 'its address and its host ports are given back');
    assert.equal(w.status().phase, 'Running');
    assert.equal(condition(w.status(), 'Ready'), 'True');
    assert.equal(w.status().containerStatuses?.[0]?.restartCount, 1);
    assert.notEqual(w.kubelet.worker('u1')!.observed.sandboxes[0]!.id, sandbox.id);
  });

  it('runs init containers and sidecars again in a new sandbox, with the next numbers', async () => {
    w = setUp();
    const initContainers = [
      { name: 'side', image: 'x', restartPolicy: 'Always' },
      { name: 'init', image: 'x' },
    ];
    w.kubelet.setStaticPods([pod({ initContainers })]);
    await advance(w, 400);
    await exit(w, 'init', 0);
    await advance(w, 300);
    for (const round of [1, 2]) {
      const sandbox = w.kubelet.worker('u1')!.observed.sandboxes[0]!;
      await Promise.all([w.runtime.stopSandbox(sandbox.id), advance(w, 25_000)]);
      await exit(w, 'init', 0);
      await advance(w, 25_000);
      assert.equal(condition(w.status(), 'Ready'), 'True');
      const { containerStatuses, initContainerStatuses } = w.status();
      assert.deepEqual(
        [...initContainerStatuses!, ...containerStatuses!].map((c) => c.restartCount),
        [round, round, round],
      );
    }
  });

  it('counts on when the runtime has lost its containers', async () => {
    w = setUp();
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 500);
    await exit(w, 'c', 1);
    await advance(w, 500);
    await exit(w, 'c', 1);
    await advance(w, 11_000);
    assert.equal(w.status().containerStatuses![0]!.restartCount, 2);
    const state = w.runtime as unknown as Record<
      'containerMap' | 'sandboxMap',
      Map<string, object>
    >;
    state.containerMap.clear();
    state.sandboxMap.clear();
    await advance(w, 65_000);
    const c = w.status().containerStatuses![0]!;
    assert.deepEqual([c.restartCount, c.ready], [3, true]);
    assert.equal(c.lastState?.terminated?.reason, 'ContainerStatusUnknown');
  });

  it('tries again to refresh the volumes of a running pod', async () => {
    const host = { ...HOLLOW_HOST };
    let calls = 0;
    host.prepare = () => {
      calls++;
      return calls === 2 ? Promise.reject(new Error('no answer')) : Promise.resolve();
    };
    w = setUp(undefined, undefined, undefined, undefined, { host });
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 500);
    assert.equal(calls, 1);
    w.kubelet.worker('u1')!.refreshVolumes();
    await advance(w, 1000);
    assert.equal(calls, 2);
    assert.equal(w.status().phase, 'Running');
    await advance(w, 65_000);
    assert.equal(calls, 3);
    await advance(w, 65_000);
    assert.equal(calls, 3);
  });

  it('removes everything of a pod that its source deletes', async () => {
    w = setUp();
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 500);
    w.kubelet.setStaticPods([]);
    await advance(w, 500);
    assert.deepEqual(await w.runtime.containers(), []);
    assert.deepEqual(await w.runtime.sandboxes(), []);
    assert.equal(w.kubelet.worker('u1'), undefined);
    assert.ok(w.events.includes('Killing: Stopping container c'));
  });

  it('runs an edited static pod after its predecessor has ended', async () => {
    w = setUp(undefined, undefined, undefined, (_p, others) =>
      others.length ? { reason: 'NodePorts', message: 'taken' } : undefined,
    );
    const edition = (uid: string): Pod => ({ ...pod(), metadata: { ...pod().metadata, uid } });
    w.kubelet.setStaticPods([edition('v1')]);
    await advance(w, 500);
    w.kubelet.setStaticPods([edition('v2')]);
    w.kubelet.setStaticPods([edition('v3')]);
    let most = 0;
    for (let time = 0; time < 1000; time += 10) {
      await advance(w, 10);
      const running = await w.runtime.containers();
      most = Math.max(most, running.filter((c) => c.state === 'CONTAINER_RUNNING').length);
    }
    assert.equal(most, 1);
    assert.equal(w.status('v3').phase, 'Running');
    assert.equal(w.kubelet.worker('v2'), undefined);
  });

  it('reports an evicted pod as Failed with the reason and starts no container of a rejected pod', async () => {
    w = setUp();
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 500);
    assert.equal(w.kubelet.activePods().length, 1);
    w.kubelet.evict(w.kubelet.activePods()[0]!, 0, {
      reason: 'Evicted',
      message: 'The node was low on resource: memory. ',
    });
    await advance(w, 500);
    const { phase, reason, message, conditions } = w.status();
    assert.deepEqual(
      [phase, reason, message],
      ['Failed', 'Evicted', 'The node was low on resource: memory. '],
    );
    const disruption = conditions?.find((c) => c.type === 'DisruptionTarget');
    assert.deepEqual([disruption?.status, disruption?.reason], ['True', 'TerminationByKubelet']);
    assert.ok((await w.runtime.containers()).every((c) => c.state !== 'CONTAINER_RUNNING'));
    assert.ok(w.events.includes('Evicted: The node was low on resource: memory. '));
    assert.deepEqual(w.kubelet.activePods(), []);
    w.stop();
    w = setUp(undefined, virtualEnv(7), ['192.0.2.1'], () => ({
      reason: 'Evicted',
      message: 'no room',
    }));
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 500);
    assert.deepEqual(
      [w.status().phase, w.status().reason, w.status().message],
      ['Failed', 'Evicted', 'Pod was rejected: no room'],
    );
    assert.deepEqual(await w.runtime.containers(), []);
  });

  it('counts admitted pods alone, and reads the node again before it judges labels', async () => {
    const env = virtualEnv(7);
    const labels = new Set<string>();
    const seen: string[][] = [];
    const refusal: KubeletDeps['refusal'] = (p, others) => {
      seen.push(others.map((o) => o.metadata.uid!));
      if (others.length >= 1) return { reason: 'OutOfpods', message: 'full' };
      const isMissing = p.spec.nodeSelector && !labels.has('disk');
      return isMissing ? { reason: 'NodeAffinity', message: 'no', byLabels: true } : undefined;
    };
    const refreshed = () => {
      labels.add('disk');
      return Promise.resolve();
    };
    w = setUp(undefined, env, ['192.0.2.1'], refusal, { refreshNode: refreshed });
    const of = (uid: string, spec: Partial<Pod['spec']> = {}): Pod => {
      const p = pod({ restartPolicy: 'Never', ...spec }, { [EXIT_AFTER]: '1s' });
      return { ...p, metadata: { ...p.metadata, name: uid, uid } };
    };
    w.kubelet.setStaticPods([of('a', { nodeSelector: { disk: '' } })]);
    await advance(w, 10);
    const pods = [of('a', { nodeSelector: { disk: '' } }), of('b'), of('c')];
    w.kubelet.setStaticPods(pods);
    await advance(w, 500);
    assert.deepEqual(seen, [[], [], ['a'], ['a']]);
    assert.deepEqual(
      ['a', 'b', 'c'].map((uid) => w.status(uid).reason ?? w.status(uid).phase),
      ['Running', 'OutOfpods', 'OutOfpods'],
    );
    await advance(w, 2000);
    w.kubelet.setStaticPods([...pods, of('d')]);
    await advance(w, 500);
    assert.equal(w.status('d').phase, 'Running');
  });

  it('evicts less important pods for a critical one that does not fit', async () => {
    const short = [{ resource: 'pods', requested: 1, used: 1, capacity: 1 }];
    w = setUp(undefined, undefined, undefined, (_p, others) =>
      others.length ? { reason: 'OutOfpods', message: 'full', short } : undefined,
    );
    const of = (uid: string, priority: number): Pod => {
      const p = pod({ priority });
      return { ...p, metadata: { ...p.metadata, annotations: {}, name: uid, uid } };
    };
    w.kubelet.setStaticPods([]);
    w.kubelet.setApiPod(of('low', 0));
    await advance(w, 300);
    w.kubelet.setApiPod(of('plain', 0));
    w.kubelet.setApiPod(of('critical', 2_000_000_000));
    await advance(w, 500);
    const reasons = ['low', 'plain', 'critical'].map((uid) => w.status(uid).reason);
    assert.deepEqual(reasons, ['Preempting', 'OutOfpods', undefined]);
    assert.equal(w.status('critical').phase, 'Running');
    assert.equal(condition(w.status('low'), 'DisruptionTarget'), 'True');
    w.kubelet.setApiPod(of('second', 2_000_000_000));
    await advance(w, 300);
    assert.equal(w.status('second').reason, 'UnexpectedAdmissionError');
    assert.match(w.status('second').message!, /reclaim resources: \[\(res: pods, q: 1\), \]$/);
  });

  it('never runs a pod under another runtime than that of its class', async () => {
    const get = () => Promise.resolve({ handler: 'gvisor' });
    const client = { get } as unknown as Client;
    for (const [more, message] of [
      [{ client }, 'failed to get sandbox runtime: no runtime for "gvisor" is configured'],
      [{}, 'runtimeclass.node.k8s.io "g" not found'],
    ] as const) {
      w = setUp(undefined, undefined, undefined, undefined, more);
      const p = pod({ runtimeClassName: 'g' });
      if ('client' in more) {
        w.kubelet.setApiPod({ ...p, metadata: { ...p.metadata, annotations: {} } });
      } else w.kubelet.setStaticPods([p]);
      await advance(w, 500);
      assert.equal(w.status().phase, 'Pending');
      assert.deepEqual(await w.runtime.containers(), []);
      assert.ok(
        w.events.includes(`FailedCreatePodSandBox: Failed to create pod sandbox: ${message}`),
        w.events.join(),
      );
      w.stop();
    }
  });

  it('blocks a pod while the host lacks an isolation that the pod asks for', async () => {
    const block = { reason: 'AppArmor', message: 'Cannot enforce AppArmor' };
    w = setUp(undefined, undefined, undefined, undefined, { block: () => block });
    w.kubelet.setStaticPods([pod()]);
    await advance(w, 500);
    const { phase, reason, message, containerStatuses } = w.status();
    assert.deepEqual([phase, reason, message], ['Pending', block.reason, block.message]);
    assert.equal(containerStatuses?.[0]?.state?.waiting?.reason, 'Blocked');
    assert.deepEqual(await w.runtime.sandboxes(), []);
    w.kubelet.setStaticPods([]);
    await advance(w, 500);
    assert.equal(w.kubelet.worker('u1'), undefined);
  });

  it('takes no pod of the API server for a static one', async () => {
    w = setUp();
    w.kubelet.setApiPod(pod({}, { 'kubernetes.io/config.source': 'file' }));
    assert.equal(isStaticPod(w.kubelet.findPod('default', 'p')!.pod!), false);
  });

  it('runs init containers in order, starts sidecars first and stops them last', async () => {
    w = setUp();
    const spec = pod({
      initContainers: [
        { name: 'side', image: 'x', restartPolicy: 'Always' },
        { name: 'init', image: 'x' },
      ],
    });
    w.kubelet.setStaticPods([spec]);
    await advance(w, 400);
    assert.equal(w.status().phase, 'Pending');
    assert.equal(w.status().containerStatuses?.[0]?.state?.waiting?.reason, 'PodInitializing');
    assert.equal(condition(w.status(), 'Initialized'), 'False');
    await exit(w, 'init', 0);
    await advance(w, 300);
    assert.equal(w.status().phase, 'Running');
    assert.equal(condition(w.status(), 'Ready'), 'True');
    w.kubelet.setStaticPods([]);
    await advance(w, 500);
    assert.deepEqual(
      w.events.filter((e) => e.startsWith('Killing')),
      ['Killing: Stopping container c', 'Killing: Stopping container side'],
    );
  });
});
