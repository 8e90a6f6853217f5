// Texts of files with placeholders such as ${NAME}.
import { readFileSync } from 'node:fs';

/** The text of a file with its placeholders filled. Throws for a placeholder without a value. */
export function filledFile(file: string, values: Readonly<Record<string, string>>): string {
  return readFileSync(file, 'utf8').replace(/\$\{(\w+)\}/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file} asks for \${${name}}, which has no value`);
    return value;
  });
}
