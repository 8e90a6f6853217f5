// YAML of objects, loaded when the first is shown. Strings that YAML 1.1 (kubectl) or YAML 1.2
// reads as another type are quoted: yes, 1:30, 0o17.
import { Document, visit } from 'yaml';

export function toYaml(object: unknown): string {
  const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (/^[-+]?0o[0-7]+$/.test(String(scalar.value))) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false });
}
