// YAML as a visitor edits it, loaded with the first editor.
import { type Document, parseAllDocuments, visit } from 'yaml';
import { YAML_FORM } from '../../apimachinery/codec/yaml-text.js';

const READ = { version: '1.1', intAsBigInt: true, uniqueKeys: false } as const;
/** Written by the server alone. */
const OWN = ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'uid'];

/** An object as a visitor edits it, and which one it is. */
export type Draft = { text: string; uid: string; version: string };

/** Numbers keep all their digits. */
function documentsOf(text: string): Document[] {
  const documents = [...parseAllDocuments(text, READ)];
  for (const error of documents.flatMap(({ errors }) => errors)) throw error;
  return documents.filter((document) => document.toJS() !== null);
}
const at = (document: Document, ...path: string[]): string =>
  String((document.getIn(path) as string | undefined) ?? '');

/** The text of the server in the order of kubectl, without what the server alone writes. */
export function draftOf(text: string, withoutStatus: boolean): Draft {
  const document = documentsOf(text)[0]!;
  const [uid, version] = ['uid', 'resourceVersion'].map((field) => at(document, 'metadata', field));
  for (const field of OWN) document.deleteIn(['metadata', field]);
  if (withoutStatus) document.delete('status');
  visit(document, {
    Map: (_, { items }) => void items.sort((a, b) => (String(a.key) < String(b.key) ? -1 : 1)),
  });
  return { text: document.toString(YAML_FORM), uid: uid!, version: version! };
}

/** The objects of a text; with `base` the server takes each for this version of this object. */
export const objectsOf = (text: string, base?: Draft) =>
  documentsOf(text).map((document) => {
    if (base) document.setIn(['metadata', 'uid'], base.uid);
    if (base) document.setIn(['metadata', 'resourceVersion'], base.version);
    return {
      apiVersion: at(document, 'apiVersion'),
      kind: at(document, 'kind'),
      name: at(document, 'metadata', 'name'),
      namespace: at(document, 'metadata', 'namespace'),
      text: document.toString(YAML_FORM),
    };
  });
