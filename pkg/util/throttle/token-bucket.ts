// A bucket that fills with `qps` tokens a second up to `burst` (client-go flowcontrol).

export interface TokenBucket {
  /** Takes a token and gives 0, or gives the milliseconds until there is one. */
  take(): number;
}

/** `now` counts milliseconds. */
export function createTokenBucket(qps: number, burst: number, now: () => number): TokenBucket {
  let tokens = burst;
  let at = now();
  return {
    take() {
      tokens = Math.min(burst, tokens + ((now() - at) * qps) / 1000);
      at = now();
      if (tokens < 1) return Math.ceil(((1 - tokens) * 1000) / qps);
      tokens--;
      return 0;
    },
  };
}
