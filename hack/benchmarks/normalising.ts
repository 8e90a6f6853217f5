// The cost of bringing a body into the form that Go would store: one decoder, in turns with and
// without that form.
import { MESSAGES } from '../../pkg/apis/facts/messages.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import { decodeAsWritten, decodeObject } from '../../pkg/apimachinery/codec/strict.js';

const ROUNDS = 41;
const PER_ROUND = 2_000;
const SCHEMA = 'io.k8s.api.core.v1.Pod';

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Microseconds of CPU that a decode takes more; the median of rounds, which take turns. */
export function normalisingCost(pod: Pod): number {
  const text = JSON.stringify(pod);
  const timed = (decode: typeof decodeObject | typeof decodeAsWritten): number => {
    const bodies = Array.from({ length: PER_ROUND }, () => JSON.parse(text) as unknown);
    const before = process.cpuUsage();
    for (const body of bodies) decode(body, SCHEMA, MESSAGES, 'Strict');
    const { user, system } = process.cpuUsage(before);
    return (user + system) / PER_ROUND;
  };
  const more = Array.from({ length: ROUNDS }, (_, round) => {
    // Each goes first in half of the rounds.
    if (round % 2) return timed(decodeObject) - timed(decodeAsWritten);
    const plain = timed(decodeAsWritten);
    return timed(decodeObject) - plain;
  });
  return median(more.slice(ROUNDS >> 2));
}
