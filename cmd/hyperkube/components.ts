// The components that can share a process. Each is imported only when the command line names it, to
// save memory. A new component is one row here.
import type { Env } from '../../pkg/util/env/env.js';
import type { Run } from '../run.js';
import type { Watchdog } from '../watchdog.js';

/** Parsed flags, ready to run in an Env. */
export type Start = (env: Env, signal: AbortSignal, watchdog?: Watchdog) => Promise<void>;

/** Throws FlagError for wrong flags and for --help. */
export type Component = (argv: readonly string[]) => Promise<{ start: Start; logLevel: string }>;

/** The module of a component's run function, which exports its parseOptions too. */
type Module<C, K extends string> = { parseOptions: (argv: readonly string[]) => C } & Record<
  K,
  Run<C>
>;

/** The component's flag --log-level; 'info' for a component without that flag. */
const component =
  <C extends object, K extends string>(load: () => Promise<Module<C, K>>, name: K): Component =>
  async (argv) => {
    const { parseOptions, [name]: run } = await load();
    const config = parseOptions(argv);
    const logLevel = 'log-level' in config ? String(config['log-level']) : 'info';
    return { logLevel, start: (env, signal, watchdog) => run(config, env, signal, watchdog) };
  };

export const COMPONENTS: Readonly<Record<string, Component>> = {
  'kube-apiserver': component(() => import('../kube-apiserver/run.js'), 'runKubeApiserver'),
  'kube-controller-manager': component(
    () => import('../kube-controller-manager/run.js'),
    'runKubeControllerManager',
  ),
  'kube-scheduler': component(() => import('../kube-scheduler/run.js'), 'runKubeScheduler'),
  kubelet: component(() => import('../kubelet/run.js'), 'runKubelet'),
  'kube-proxy': component(() => import('../kube-proxy/run.js'), 'runKubeProxy'),
  flanneld: component(() => import('../flanneld/run.js'), 'runFlanneld'),
  skydns: component(() => import('../skydns/run.js'), 'runSkyDns'),
  'metrics-server': component(() => import('../metrics-server/run.js'), 'runMetricsServer'),
  'kube-ui': component(() => import('../kube-ui/run.js'), 'runKubeUi'),
};
