import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Heap } from './heap.js';

describe('heap', () => {
  it('returns items in order after any pushes and removals', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ push: fc.integer() }),
        fc.record({ remove: fc.nat() }),
        fc.constant('pop' as const),
      ),
    );
    fc.assert(
      fc.property(steps, (list) => {
        const heap = new Heap<{ n: number }>((a, b) => a.n - b.n);
        const model: { n: number }[] = [];
        for (const step of list) {
          if (step === 'pop') {
            const top = heap.pop();
            assert.equal(top?.n, model.length ? Math.min(...model.map((m) => m.n)) : undefined);
            if (top) model.splice(model.indexOf(top), 1);
          } else if ('push' in step) {
            const item = { n: step.push };
            heap.push(item);
            model.push(item);
          } else if (model.length) {
            const [item] = model.splice(step.remove % model.length, 1);
            assert.ok(heap.remove(item!));
            assert.ok(!heap.remove(item!));
          }
          assert.equal(heap.size, model.length);
        }
      }),
    );
  });
});
