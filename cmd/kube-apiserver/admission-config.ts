// The file of --admission-control-config-file: the configuration of each admission plugin, in the
// file itself or in a file beside it (upstream apiserver/pkg/admission/config.go).
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { configured } from '../../pkg/apimachinery/codec/configuration.js';
import { parseYaml } from '../../pkg/apimachinery/codec/yaml.js';
import { errorText } from '../../pkg/util/errors/error-text.js';
import { FlagError } from '../flags.js';

/** Configurations by plugin name. Throws FlagError. */
export async function readAdmissionConfig(
  path: string | undefined,
): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  if (!path) return found;
  try {
    const file = parseYaml(await readFile(path, 'utf8')).value;
    const { plugins = [] } = configured(
      file,
      'AdmissionConfiguration',
      ['apiserver.config.k8s.io/v1'],
      { plugins: [{ name: 'text', path: 'text', configuration: 'any' }] },
    );
    for (const [index, { name, path: beside, configuration }] of plugins.entries()) {
      if (name === undefined) throw new Error(`plugins[${index}].name: Required value`);
      if (configuration !== undefined) found.set(name, configuration);
      else if (beside)
        found.set(name, parseYaml(await readFile(resolve(dirname(path), beside), 'utf8')).value);
    }
    return found;
  } catch (error) {
    throw new FlagError(
      `kube-apiserver: failed to read plugin config: unable to read admission control configuration from ${JSON.stringify(path)} [${errorText(error)}]`,
    );
  }
}
