// A bucket that fills with `qps` tokens a second up to `burst` (client-go flowcontrol).

/** Takes a token and gives 0, or gives the milliseconds until there is one. */
export type TakeToken = () => number;

/** `now` counts milliseconds. */
export function tokenBucket(qps: number, burst: number, now: () => number): TakeToken {
  let tokens = burst;
  let at = now();
  return () => {
    tokens = Math.min(burst, tokens + ((now() - at) * qps) / 1000);
    at = now();
    if (tokens < 1) return Math.ceil(((1 - tokens) * 1000) / qps);
    tokens--;
    return 0;
  };
}
