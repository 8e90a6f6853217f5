// A value beside its former value, where both have the same place: fields by name, items of lists
// by their keys. Unchanged parts may stay invalid.
// Source: k8s.io/apiserver/pkg/cel/common/equality.go.
import { equalJson } from '../../apimachinery/meta/clone.js';
import { mapListOf, type MapList } from '../rules/map-list.js';
import { memberNode, type JsonObject, type Node } from './node.js';

export class Correlated {
  private children: Map<string | number, Correlated | undefined> | undefined;
  private isEqual: boolean | undefined;
  private oldItems: MapList | undefined;

  constructor(
    private readonly value: unknown,
    private readonly old: unknown,
    private readonly node: Node,
  ) {}

  /** A member of an object, or an item of a list; undefined without a former value. */
  child(step: string | number): Correlated | undefined {
    this.children ??= new Map();
    if (!this.children.has(step)) this.children.set(step, this.find(step));
    return this.children.get(step);
  }

  private find(step: string | number): Correlated | undefined {
    const { value, old, node } = this;
    if (typeof value !== 'object' || typeof old !== 'object' || !value || !old) return undefined;
    if (typeof step === 'number') {
      if (!Array.isArray(value) || !Array.isArray(old) || !node.items) return undefined;
      this.oldItems ??= mapListOf(old, node.schema);
      const former = this.oldItems.get(value[step]);
      return former === undefined ? undefined : new Correlated(value[step], former, node.items);
    }
    if (Array.isArray(value) || Array.isArray(old)) return undefined;
    const member = memberNode(node, step);
    if (!member || !Object.hasOwn(value, step) || !Object.hasOwn(old, step)) return undefined;
    return new Correlated((value as JsonObject)[step], (old as JsonObject)[step], member);
  }

  /** Whether the value is its former value; lists with keys may be in another order. */
  equal(): boolean {
    return (this.isEqual ??= this.compare());
  }

  private compare(): boolean {
    const { value, old, node } = this;
    if (typeof value !== 'object' || typeof old !== 'object' || !value || !old)
      return equalJson(value, old);
    if (Array.isArray(value) !== Array.isArray(old)) return false;
    if (Array.isArray(value)) {
      if (value.length !== (old as unknown[]).length) return false;
      if (node.schema['x-kubernetes-list-type'] !== 'map') return equalJson(value, old);
      return value.every((_, i) => this.child(i)?.equal() === true);
    }
    const keys = Object.keys(value);
    return (
      keys.length === Object.keys(old).length &&
      keys.every((key) => this.child(key)?.equal() === true)
    );
  }
}

/**
 * Whether the value at these steps below `root` is its former value; where it has none, whether the
 * nearest value above with a former one is. Null stands for a branch of allOf, which has the
 * privilege of what is above only.
 */
export function isUnchanged(root: Correlated, steps: readonly (string | number | null)[]): boolean {
  let current: Correlated | undefined = root;
  let above: Correlated | undefined;
  for (const step of steps) {
    if (!current) break;
    if (step === null) current = undefined;
    // The version of the former value was converted, so that it tells nothing.
    else if (!above && (step === 'apiVersion' || step === 'kind')) return false;
    else [above, current] = [current, current.child(step)];
  }
  return (current ?? above)?.equal() ?? false;
}
