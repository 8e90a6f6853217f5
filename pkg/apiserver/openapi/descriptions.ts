// Field descriptions for `kubectl explain`. hack/generate-descriptions.mjs builds the file from a
// dependency; without the file, fields have no description.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Descriptions by schema name and JSON field; '' stands for the kind itself. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const DESCRIPTIONS_FILE = 'openapi-descriptions.json';

/** Candidate paths of the file: beside the program, above it, in ./dist. */
export function descriptionCandidates(program: string | undefined): string[] {
  const folders = program
    ? [dirname(program), join(dirname(program), '..'), join(dirname(program), '../..')]
    : [];
  return [...folders, 'dist'].map((folder) => join(folder, DESCRIPTIONS_FILE));
}

/**
 * The first readable file of `paths`; {} when there is none.
 * @throws Error when a file is there but is not JSON.
 */
export async function readDescriptions(
  paths: readonly string[] = descriptionCandidates(process.argv[1]),
): Promise<Descriptions> {
  for (const path of paths) {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch {
      continue;
    }
    return JSON.parse(text) as Descriptions;
  }
  return {};
}
