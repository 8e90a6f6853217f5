// Definitions of custom resources from objects and files.
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { CustomResourceDefinition } from '../../../pkg/apis/apiextensions/v1/types.js';

const KIND = 'CustomResourceDefinition';
const VERSION = 'apiextensions.k8s.io/v1';

interface Found {
  where: string;
  object: Partial<CustomResourceDefinition>;
}

async function inFile(path: string): Promise<Found[]> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Error(`crds: cannot read ${path}: ${error.message}`);
  });
  return parseAllDocuments(text).flatMap((document, at) => {
    const where = `${path}, document ${at + 1}`;
    const [error] = document.errors;
    if (error) throw new Error(`crds: ${where}: ${error.message}`);
    const object = document.toJS() as Found['object'] | null;
    return object === null ? [] : [{ where, object }];
  });
}

/**
 * The definitions of a list of objects and of paths of YAML or JSON files, whose documents must all
 * be definitions. Throws Error with the place of the mistake.
 */
export async function readDefinitions(
  crds: readonly (string | object)[],
): Promise<CustomResourceDefinition[]> {
  const found = await Promise.all(
    crds.map((one, at) =>
      typeof one === 'string'
        ? inFile(one)
        : Promise.resolve<Found[]>([{ where: `crds[${at}]`, object: one }]),
    ),
  );
  return found.flat().map(({ where, object: { apiVersion, kind, metadata }, object }) => {
    if (apiVersion !== VERSION || kind !== KIND)
      throw new Error(`crds: ${where}: want ${VERSION} ${KIND}, found ${apiVersion} ${kind}`);
    if (!metadata?.name) throw new Error(`crds: ${where}: metadata.name is missing`);
    return object as CustomResourceDefinition;
  });
}
