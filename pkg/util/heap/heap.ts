// A binary heap that can remove any of its elements.

export class Heap<T extends object> {
  private readonly items: T[] = [];
  private readonly places = new Map<T, number>();

  /** `compare` is negative when `a` comes before `b`. */
  constructor(private readonly compare: (a: T, b: T) => number) {}

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    this.items.push(item);
    this.up(this.items.length - 1);
  }

  pop(): T | undefined {
    const top = this.items[0];
    if (top) this.remove(top);
    return top;
  }

  /** True when the item was in the heap. */
  remove(item: T): boolean {
    const at = this.places.get(item);
    if (at === undefined) return false;
    this.places.delete(item);
    const last = this.items.pop()!;
    if (last === item) return true;
    this.put(last, at);
    this.up(at);
    this.down(this.places.get(last)!);
    return true;
  }

  private put(item: T, at: number): void {
    this.items[at] = item;
    this.places.set(item, at);
  }

  private up(from: number): void {
    const item = this.items[from]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.compare(item, this.items[parent]!) >= 0) break;
      this.put(this.items[parent]!, at);
      at = parent;
    }
    this.put(item, at);
  }

  private down(from: number): void {
    const item = this.items[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.items.length) break;
      if (
        child + 1 < this.items.length &&
        this.compare(this.items[child + 1]!, this.items[child]!) < 0
      )
        child++;
      if (this.compare(this.items[child]!, item) >= 0) break;
      this.put(this.items[child]!, at);
      at = child;
    }
    this.put(item, at);
  }
}
