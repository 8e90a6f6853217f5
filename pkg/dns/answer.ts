// The questions that plugins get and the replies that they give.
import type { Query } from './wire/query.js';
import type { Rcode } from './wire/codes.js';
import type { Reply } from './wire/record.js';

export interface Question {
  /** Lower case, without the final dot. */
  name: string;
  /** 'A', 'SRV', ...; 'TYPE65280' for types without a name. */
  type: string;
  /** The query, for forwarding. */
  query: Query;
}

export const refusal = (rcode: Rcode): Reply => ({ rcode, authoritative: false, answers: [] });

/** A member of the chain. Returning `undefined` passes the question to the next plugin. */
export interface Plugin {
  readonly name: string;
  /** The class of the questions that it answers; absent: IN. */
  readonly class?: number;
  /** An exception or a rejection is answered with SERVFAIL. */
  readonly answer: (
    question: Question,
    signal: AbortSignal,
  ) => Reply | undefined | Promise<Reply | undefined>;
  /** The server is not ready while this returns false. */
  readonly ready?: () => boolean;
}
