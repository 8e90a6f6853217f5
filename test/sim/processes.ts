// The clients of a simulated cluster as processes that start, crash and stop: controller managers
// and schedulers with leader election, and hollow kubelets. Each start is a new process with empty
// caches; containers outlive the kubelet.
import { setMaxListeners } from 'node:events';
import {
  controllerOptions,
  runTerm as runControllerTerm,
} from '../../cmd/kube-controller-manager/run.js';
import { parseOptions } from '../../cmd/kube-controller-manager/options.js';
import { runTerm as runSchedulerTerm } from '../../cmd/kube-scheduler/run.js';
import type { Client } from '../../pkg/client/client.js';
import { runWithLeadership } from '../../pkg/client/leader-election.js';
import { createEventRecorder } from '../../pkg/client/record-events.js';
import { chooseControllers } from '../../pkg/controller/controllers.js';
import { runHollowNode } from '../../pkg/kubelet/hollow-node.js';
import { HollowRuntime } from '../../pkg/kubelet/runtime/hollow/hollow-runtime.js';
import type { Runtime } from '../../pkg/kubelet/runtime/runtime.js';
import type { PeerCertificate } from '../../pkg/apiserver/http/exchange.js';
import type { Env } from '../../pkg/util/env/env.js';
import type { Link } from './link.js';

export interface ProcessOptions {
  name: string;
  certificate: PeerCertificate;
  /** Each start creates a new process. */
  env: () => Env;
  link: (name: string, certificate: PeerCertificate, env: Env) => Link;
  /** Called for a process that ends by itself with an error, which is a bug. */
  failed: (name: string, error: unknown) => void;
  main: (env: Env, client: Client, signal: AbortSignal) => Promise<void>;
}

export class SimProcess {
  link: Link | undefined;
  private life = new AbortController();
  private running: Promise<void> | undefined;

  constructor(readonly options: ProcessOptions) {}

  get up(): boolean {
    return this.link !== undefined;
  }

  start(): void {
    if (this.link) return;
    const { name, certificate, failed, main } = this.options;
    const env = this.options.env();
    const life = new AbortController();
    setMaxListeners(0, life.signal);
    const link = this.options.link(name, certificate, env);
    this.link = link;
    this.life = life;
    this.running = main(env, link.client, life.signal).then(
      () => {
        if (!life.signal.aborted) failed(name, new Error('ended by itself'));
      },
      (error: unknown) => {
        if (!life.signal.aborted) failed(name, error);
      },
    );
  }

  /** Ends the process at once, as SIGKILL does. */
  crash(): void {
    this.link?.kill();
    this.link = undefined;
    this.life.abort(new Error('crashed'));
  }

  /** Ends the process as SIGTERM does: a leader releases its lease. */
  async stop(): Promise<void> {
    const { link } = this;
    this.life.abort(new Error('stopped'));
    await this.running;
    if (this.link === link) this.link = undefined;
    link?.kill();
  }
}

type Shared = Pick<ProcessOptions, 'env' | 'link' | 'failed'>;

export async function managerProcess(name: string, shared: Shared): Promise<SimProcess> {
  const config = parseOptions(['--kubeconfig', 'none']);
  const options = await controllerOptions(config, 'simulated CA');
  const controllers = chooseControllers([...config.controllers, 'service-lb-controller']);
  return new SimProcess({
    ...shared,
    name,
    certificate: { commonName: 'system:kube-controller-manager', organizations: [] },
    main: (env, client, signal) =>
      runWithLeadership(
        client,
        env,
        { name: 'kube-controller-manager', identity: `${name}_${env.random.uuid()}` },
        (term) => {
          setMaxListeners(0, term);
          return runControllerTerm(env, client, controllers, options, term);
        },
        signal,
      ),
  });
}

export function schedulerProcess(name: string, shared: Shared): SimProcess {
  return new SimProcess({
    ...shared,
    name,
    certificate: { commonName: 'system:kube-scheduler', organizations: [] },
    main: (env, client, signal) =>
      runWithLeadership(
        client,
        env,
        { name: 'kube-scheduler', identity: `${name}_${env.random.uuid()}` },
        (term) => {
          setMaxListeners(0, term);
          return runSchedulerTerm(env, client, 'default-scheduler', term);
        },
        signal,
      ),
  });
}

/** A machine, whose runtime survives a crash of the kubelet but not a power failure. */
export class SimNode {
  runtime: HollowRuntime;
  readonly process: SimProcess;
  private boots = 0;

  constructor(
    readonly name: string,
    private readonly index: number,
    private readonly clockAndChance: Env,
    shared: Shared,
  ) {
    this.runtime = this.boot();
    this.process = new SimProcess({
      ...shared,
      name: `kubelet-${name}`,
      certificate: { commonName: `system:node:${name}`, organizations: ['system:nodes'] },
      main: (env, client, signal) => {
        const recorder = createEventRecorder(
          client,
          env,
          { component: 'kubelet', host: name },
          signal,
        );
        const runtime = heldBy(this.runtime, signal);
        const labels = { 'topology.kubernetes.io/zone': `zone-${index % 2}` };
        return runHollowNode(
          { env, client, recorder, name, ip: `10.0.1.${index + 1}`, labels, runtime },
          signal,
        );
      },
    });
  }

  private boot(): HollowRuntime {
    this.boots++;
    return new HollowRuntime(this.clockAndChance, {
      sandboxDelay: 300,
      startDelay: 500,
      stopDelay: 400,
      network: `10.${244 + (this.boots % 8)}`,
      subnet: 20 * this.index,
    });
  }

  /** Ends all containers, as a power failure does. */
  powerCut(): void {
    this.process.crash();
    this.runtime = this.boot();
  }
}

/** The runtime for one kubelet process: calls of a dead process have no effect and never return. */
function heldBy(runtime: HollowRuntime, signal: AbortSignal): Runtime {
  return new Proxy(runtime as Runtime, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]): unknown => {
        if (signal.aborted && key !== 'close') return new Promise(() => {});
        const result: unknown = Reflect.apply(value, target, parameters);
        return result;
      };
    },
  });
}
