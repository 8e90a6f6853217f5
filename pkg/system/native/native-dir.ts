// Finds the folder of the compiled native parts: flannel-tun and netlink.node, built by
// hack/build-native.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * The folder of `explicit` or WHEELHOUSE_NATIVE_DIR, else relative to the running script:
 * ../../native for dist/cmd/NAME/main.js, dist/native of the checkout for build/.../x.js.
 */
export function findNativeDir(
  script: string | undefined,
  environment: Record<string, string | undefined>,
  explicit?: string,
): string {
  const given = explicit || environment['WHEELHOUSE_NATIVE_DIR'];
  if (given) return resolve(given);
  const beside = resolve(dirname(script ?? '.'), '../../native');
  if (existsSync(beside)) return beside;
  for (
    let folder = dirname(resolve(script ?? '.'));
    folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    const candidate = resolve(folder, 'dist/native');
    if (existsSync(candidate)) return candidate;
  }
  return beside;
}
