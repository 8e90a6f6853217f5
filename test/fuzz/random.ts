// Choices of the fuzzer: the same choices for the same seed, family and number of the input.
import { SeededRandom } from '../support/virtual-env.js';
import { fnv32a } from '../../pkg/util/hash/fnv.js';

export class Choice {
  private readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  /** The choices of one input. */
  static of(seed: number, family: string, input: number): Choice {
    return new Choice(fnv32a(`${seed}/${family}/${input}`) | 0);
  }

  readonly below = (bound: number): number => Math.floor(this.random.next() * bound);
  readonly chance = (probability: number): boolean => this.random.next() < probability;
  readonly pick = <T>(list: readonly T[]): T => list[this.below(list.length)]!;
  /** From `least` to `most`. */
  readonly between = (least: number, most: number): number => least + this.below(most - least + 1);
  readonly times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
}
