// The order of a pod's addresses in the API (upstream: kubelet_pods.go sortPodIPs). Pure. The
// runtime reports them in the order of the CNI plugin's ranges, which need not match the node's
// families.

/** One address per family; the family of the node's first address comes first. */
export function orderPodIPs(ips: readonly string[], hostIPs: readonly string[]): string[] {
  const four = ips.find((ip) => ip && !ip.includes(':'));
  const six = ips.find((ip) => ip.includes(':'));
  const ordered = hostIPs[0]?.includes(':') ? [six, four] : [four, six];
  return ordered.filter((ip) => ip !== undefined);
}
