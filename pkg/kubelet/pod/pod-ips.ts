// The addresses of a pod in the order the API shows them (upstream: kubelet_pods.go sortPodIPs). Pure.
// A runtime reports them in the order of the CNI plugin's ranges, which says nothing about the node.

/** One of each family, that of the node's first address first. */
export function orderPodIPs(ips: readonly string[], hostIPs: readonly string[]): string[] {
  const [four, six] = [
    ips.find((ip) => ip && !ip.includes(':')),
    ips.find((ip) => ip.includes(':')),
  ];
  const ordered = hostIPs[0]?.includes(':') ? [six, four] : [four, six];
  return ordered.filter((ip) => ip !== undefined);
}
