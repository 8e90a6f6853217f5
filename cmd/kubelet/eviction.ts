// The eviction manager with this machine's observations, usage and disk reclaim.
import { keyOf } from '../../pkg/apimachinery/meta/object.js';
import { EvictionManager } from '../../pkg/kubelet/eviction/eviction-manager.js';
import { parseThresholds, type Threshold } from '../../pkg/kubelet/eviction/thresholds.js';
import { podStorage, podUsage } from '../../pkg/kubelet/host/pod-usage.js';
import type { CollectImages } from '../../pkg/kubelet/images/image-gc.js';
import type { Kubelet } from '../../pkg/kubelet/kubelet.js';
import type { Layout } from '../../pkg/kubelet/layout.js';
import { KUBELET_METRICS } from '../../pkg/kubelet/metrics.generated.js';
import { observePressure } from '../../pkg/kubelet/node/machine-info.js';
import type { Runtime } from '../../pkg/kubelet/runtime/runtime.js';
import type { Env } from '../../pkg/util/env/env.js';
import { registered } from '../../pkg/util/metrics/registered.js';
import { durationFlag, FlagError } from '../flags.js';
import type { KubeletConfig } from './options.js';

/** Throws FlagError for thresholds that upstream rejects. */
export function evictionThresholds(
  config: Pick<KubeletConfig, 'eviction-hard' | 'eviction-soft' | 'eviction-soft-grace-period'>,
): Threshold[] {
  const periods: Record<string, number> = {};
  try {
    for (const [signal, text] of Object.entries(config['eviction-soft-grace-period']))
      periods[signal] = durationFlag(text);
    return [
      ...parseThresholds(config['eviction-hard']),
      ...parseThresholds(config['eviction-soft'], periods),
    ];
  } catch (error) {
    throw new FlagError(
      `kubelet: invalid value for --eviction-hard, --eviction-soft: ${(error as Error).message}`,
    );
  }
}

interface Parts {
  config: KubeletConfig;
  env: Env;
  runtime: Runtime;
  layout: Layout;
}

/** `kubelet` is a function because the kubelet is created later, with the eviction manager. */
export function makeEviction(
  { config, env, runtime, layout }: Parts,
  collectImages: CollectImages,
  kubelet: () => Kubelet,
): EvictionManager {
  const { evictions } = registered(env.metrics, KUBELET_METRICS);
  return new EvictionManager({
    clock: env.clock,
    log: env.log,
    thresholds: evictionThresholds(config),
    transitionPeriod: config['eviction-pressure-transition-period'],
    maxPodGrace: config['eviction-max-pod-grace-period'],
    observe: () => observePressure(runtime, layout.root),
    pods: () => kubelet().activePods(),
    usage: (of, pods) => podUsage(runtime, layout, of, pods),
    storage: (pods) => podStorage(runtime, layout, pods),
    reclaimDisk: async () => {
      await kubelet().collect();
      await collectImages({ totalBytes: 1, usedBytes: Infinity }, env.clock.now());
    },
    evict: (pod, graceSeconds, ended) => kubelet().evict(pod, graceSeconds, ended),
    ended: (pod) => (kubelet().worker(pod.metadata.uid!)?.mode ?? 'terminated') === 'terminated',
    evicted: (pod, signal, message) => {
      evictions.inc({ eviction_signal: signal });
      env.log.warn('pod evicted', { pod: keyOf(pod), signal, message });
    },
  });
}
