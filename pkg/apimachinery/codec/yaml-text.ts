// Objects as YAML. Strings that YAML 1.1 (the server, kubectl) or YAML 1.2 reads as another type
// are quoted: yes, 1:30, 0o17. Pure.
import { Document, visit } from 'yaml';

/** The form of kubectl. */
export const YAML_FORM = { lineWidth: 0, indentSeq: false } as const;

export function toYaml(object: unknown): string {
  const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (/^[-+]?0o[0-7]+$/.test(String(scalar.value))) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString(YAML_FORM);
}
