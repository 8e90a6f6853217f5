// A family of inputs: how they are made, and the rules that hold for every one of them.
import { StatusError } from '../../pkg/apimachinery/errors/status-error.js';
import type { Choice } from './random.js';

export interface Prepared {
  make(choice: Choice): Buffer;
  /** Throws, or rejects, when the input breaks a rule. */
  run(input: Buffer): void | Promise<void>;
  close?(): Promise<void>;
}

export interface Family {
  name: string;
  /** Its share of all inputs, in relation to those of the other families. */
  share: number;
  /** Bytes of heap that an input may leave behind; servers keep histories and rings. */
  growth?: number;
  prepare(): Prepared | Promise<Prepared>;
}

/** The result of `attempt`; undefined when it throws one of the documented errors. */
export function tried<T>(attempt: () => T, ...documented: readonly Function[]): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (isDocumented(error, documented)) return undefined;
    throw error;
  }
}

export function isDocumented(error: unknown, documented: readonly Function[]): boolean {
  if (error instanceof StatusError && error.status.code! < 500) return true;
  return documented.some((kind) =>
    // Some rooms throw plain errors with a text for the reader; TypeErrors are bugs everywhere.
    kind === Error
      ? (error as Error)?.constructor === Error
      : error instanceof (kind as new () => unknown),
  );
}

export class RuleBroken extends Error {}

export function rule(holds: boolean, text: string, ...facts: unknown[]): asserts holds {
  if (!holds) throw new RuleBroken(`${text}${facts.map((fact) => ` | ${show(fact)}`).join('')}`);
}

export function show(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : (JSON.stringify(value, (_, inner: unknown) =>
          typeof inner === 'bigint' ? `${inner}n` : inner,
        ) ?? String(value));
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
}
