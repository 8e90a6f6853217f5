// Types of fields for tests of code that has no schema table.
import type { FieldFacts } from '../../pkg/apimachinery/schema/facts.js';
import type {
  FieldNode,
  ScalarNode,
  StructNode,
  TypeNode,
} from '../../pkg/apimachinery/schema/schema.js';

export const scalar = (name: ScalarNode['scalar']): TypeNode => ({ kind: 'scalar', scalar: name });

export function struct(
  members: Readonly<Record<string, [TypeNode, FieldFacts?]>>,
  isOpen = false,
): TypeNode {
  const fields = new Map<string, FieldNode>(
    Object.entries(members).map(([name, [type, facts = {}]]) => [
      name,
      { name, element: `f:${name}`, type, facts, zero: 'keep' },
    ]),
  );
  const node: StructNode = { schemaName: '', name: '', fields, written: [], facts: {}, isOpen };
  return { kind: 'struct', struct: node };
}
