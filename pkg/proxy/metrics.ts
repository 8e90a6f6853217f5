// kube-proxy's metrics, under the names and labels of upstream's nftables mode.
import type { Counter, Gauge, Histogram, Metrics } from '../util/env/env.js';
import { SYNC_BUCKETS } from './table-sync.js';

/** Seconds, as upstream's. */
const LATENCY_BUCKETS = [
  0.25, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 45, 60, 120, 180, 240, 300,
];

export interface ProxyMetrics {
  /** Labelled by ip_family, like all metrics except the counts of changes and of health answers. */
  duration: Histogram;
  fullDuration: Histogram;
  partialDuration: Histogram;
  lastSync: Gauge;
  lastQueued: Gauge;
  programmingLatency: Histogram;
  syncFailures: Counter;
  cleanupFailures: Counter;
  /** Labelled by traffic_policy too: 'internal' or 'external'. */
  noLocalEndpoints: Gauge;
  serviceChanges: Counter;
  servicesPending: Gauge;
  endpointChanges: Counter;
  endpointsPending: Gauge;
}

export function registerMetrics(metrics: Metrics): ProxyMetrics {
  const family = ['ip_family'];
  const rules = (name: string) => `kubeproxy_sync_proxy_rules_${name}`;
  return {
    duration: metrics.histogram(
      rules('duration_seconds'),
      'SyncProxyRules latency in seconds',
      SYNC_BUCKETS,
      family,
    ),
    fullDuration: metrics.histogram(
      'kubeproxy_sync_full_proxy_rules_duration_seconds',
      'SyncProxyRules latency in seconds for full resyncs',
      SYNC_BUCKETS,
      family,
    ),
    partialDuration: metrics.histogram(
      'kubeproxy_sync_partial_proxy_rules_duration_seconds',
      'SyncProxyRules latency in seconds for partial resyncs',
      SYNC_BUCKETS,
      family,
    ),
    lastSync: metrics.gauge(
      rules('last_timestamp_seconds'),
      'The last time proxy rules were successfully synced',
      family,
    ),
    lastQueued: metrics.gauge(
      rules('last_queued_timestamp_seconds'),
      'The last time a sync of proxy rules was queued',
      family,
    ),
    programmingLatency: metrics.histogram(
      'kubeproxy_network_programming_duration_seconds',
      'In Cluster Network Programming Latency in seconds',
      LATENCY_BUCKETS,
      family,
    ),
    syncFailures: metrics.counter(
      rules('nftables_sync_failures_total'),
      'Cumulative proxy nftables sync failures',
      family,
    ),
    cleanupFailures: metrics.counter(
      rules('nftables_cleanup_failures_total'),
      'Cumulative proxy nftables cleanup failures',
      family,
    ),
    noLocalEndpoints: metrics.gauge(
      rules('no_local_endpoints_total'),
      'Number of services with a Local traffic policy and no endpoints',
      [...family, 'traffic_policy'],
    ),
    serviceChanges: metrics.counter(
      rules('service_changes_total'),
      'Cumulative proxy rules Service changes',
    ),
    servicesPending: metrics.gauge(
      rules('service_changes_pending'),
      'Pending proxy rules Service changes',
    ),
    endpointChanges: metrics.counter(
      rules('endpoint_changes_total'),
      'Cumulative proxy rules Endpoint changes',
    ),
    endpointsPending: metrics.gauge(
      rules('endpoint_changes_pending'),
      'Pending proxy rules Endpoint changes',
    ),
  };
}
