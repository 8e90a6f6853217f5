// Shuffle sharding: the hash of a flow chooses a few queues of many, so that one flow that floods
// its queues shares all of them with few other flows (upstream util/shufflesharding).

/**
 * `handSize` different numbers below `deckSize`. The hash is read as a number in mixed radix: its
 * digits choose among the numbers that are left.
 */
export function dealHand(hash: bigint, deckSize: number, handSize: number): number[] {
  const hand: number[] = [];
  const taken: number[] = [];
  let rest = hash;
  for (let left = deckSize; left > deckSize - handSize; left--) {
    let card = Number(rest % BigInt(left));
    rest /= BigInt(left);
    let at = 0;
    while (at < taken.length && taken[at]! <= card) {
      card++;
      at++;
    }
    taken.splice(at, 0, card);
    hand.push(card);
  }
  return hand;
}
