// Texts that `kubectl explain` shows. They are built from a dependency (hack/generate-descriptions.mjs)
// and not part of the source; without the file every field is served without text.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** By schema name, then by JSON field; '' is the kind itself. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const DESCRIPTIONS_FILE = 'openapi-descriptions.json';

/** Where the file is looked for when no path is given: beside the program, above it, in ./dist. */
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
