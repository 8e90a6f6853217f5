// The columns of every table whose texts are those of ObjectMeta (upstream metav1.ObjectMeta
// SwaggerDoc, which printers quote).
import type { ColumnFacts } from '../../../apimachinery/schema/facts.js';

const NAME =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const CREATED =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

export const NAME_COLUMN: ColumnFacts = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: NAME,
};

export const CREATED_COLUMN: ColumnFacts = {
  name: 'Created At',
  type: 'date',
  description: CREATED,
};

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['Name', NAME],
  ['Age', CREATED],
]);

/** A column as clients see it: with all members, and with the text of a column of the metadata. */
export const wholeColumn = ({
  name,
  type,
  format = '',
  description = TEXTS.get(name) ?? '',
  priority = 0,
}: ColumnFacts): Required<ColumnFacts> => ({ name, type, format, description, priority });
