// The order of API versions (apimachinery/pkg/version/helpers.go).

const KUBE_LIKE = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/;

/** Order key of a version that looks like Kubernetes' own: stability, major, minor. */
function ranks(version: string): readonly [number, number, number] | undefined {
  const match = KUBE_LIKE.exec(version);
  if (!match) return undefined;
  const stability = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}

/**
 * Sorts the preferred version first: v10, v2, v1, v2beta1, v1beta2, v1alpha1, then others by name.
 * Negative when `a` comes before `b`.
 */
export function compareVersions(a: string, b: string): number {
  const x = ranks(a);
  const y = ranks(b);
  if (!x || !y) return x ? -1 : y ? 1 : a < b ? -1 : a > b ? 1 : 0;
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2];
}
