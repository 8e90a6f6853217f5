// Upstream's flags that a program of ours does not have; upstream-flags.yaml has them.
import { UPSTREAM_FLAGS } from './upstream-flags.generated.js';

interface Row {
  /** The programs. */
  of: readonly string[];
  /** The reason for the user, which completes "--NAME has no effect: ". */
  why: string;
  /** True: a value other than the default ends the program. */
  refused?: boolean;
  flags: string;
}

export type FlagRows = readonly Row[];

export interface UpstreamFlag {
  name: string;
  boolean: boolean;
  default: string;
  why: string;
  refused: boolean;
}

/** The flags of upstream's program of that name which ours does not have. */
export function upstreamFlags(binary: string): UpstreamFlag[] {
  return UPSTREAM_FLAGS.filter(({ of }) => of.includes(binary)).flatMap(
    ({ why, refused = false, flags }) =>
      flags
        .trim()
        .split(/\s+/)
        .map((word): UpstreamFlag => {
          const [, name = '', mark = '', value = ''] = /^([a-z0-9-]+)([:!]?)(.*)$/.exec(word) ?? [];
          const boolean = mark === '!';
          return { name, boolean, default: value || (boolean ? 'false' : ''), why, refused };
        }),
  );
}
