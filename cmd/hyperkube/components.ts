// The components that can share a process. Each is imported only when the command line names it, to
// save memory. A new component is one row here.
import type { Env } from '../../pkg/util/env/env.js';
import type { Run } from '../run.js';
import type { Watchdog } from '../watchdog.js';

/** Parsed flags, ready to run in an Env. */
export type Start = (env: Env, signal: AbortSignal, watchdog?: Watchdog) => Promise<void>;

export interface Component {
  /** Throws FlagError for wrong flags and for --help. */
  prepare(argv: readonly string[]): Promise<{ start: Start; logLevel: string }>;
}

interface Parts<C> {
  parseOptions: (argv: readonly string[]) => C;
  run: Run<C>;
}

/** The component's flag --log-level; 'info' for a component without that flag. */
function component<C extends object>(load: () => Promise<Parts<C>>): Component {
  return {
    async prepare(argv) {
      const { parseOptions, run } = await load();
      const config = parseOptions(argv);
      const level = 'log-level' in config ? String(config['log-level']) : 'info';
      return {
        logLevel: level,
        start: (env, signal, watchdog) => run(config, env, signal, watchdog),
      };
    },
  };
}

export const COMPONENTS: Readonly<Record<string, Component>> = {
  'kube-apiserver': component(async () => ({
    ...(await import('../kube-apiserver/options.js')),
    run: (await import('../kube-apiserver/run.js')).runKubeApiserver,
  })),
  'kube-controller-manager': component(async () => ({
    ...(await import('../kube-controller-manager/options.js')),
    run: (await import('../kube-controller-manager/run.js')).runKubeControllerManager,
  })),
  'kube-scheduler': component(async () => ({
    ...(await import('../kube-scheduler/options.js')),
    run: (await import('../kube-scheduler/run.js')).runKubeScheduler,
  })),
  kubelet: component(async () => ({
    ...(await import('../kubelet/options.js')),
    run: (await import('../kubelet/run.js')).runKubelet,
  })),
  'kube-proxy': component(async () => ({
    ...(await import('../kube-proxy/options.js')),
    run: (await import('../kube-proxy/run.js')).runKubeProxy,
  })),
  flanneld: component(async () => ({
    parseOptions: (await import('../flanneld/options.js')).parseOptions,
    run: (await import('../flanneld/run.js')).runFlanneld,
  })),
  skydns: component(async () => ({
    ...(await import('../skydns/options.js')),
    run: (await import('../skydns/run.js')).runSkyDns,
  })),
  'metrics-server': component(async () => ({
    ...(await import('../metrics-server/options.js')),
    run: (await import('../metrics-server/run.js')).runMetricsServer,
  })),
  'kube-ui': component(async () => ({
    ...(await import('../kube-ui/options.js')),
    run: (await import('../kube-ui/run.js')).runKubeUi,
  })),
};
