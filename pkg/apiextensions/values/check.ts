// The words that the checks of a schema share.
import type { FieldError } from '../../apimachinery/errors/status-error.js';
import { MAX_VALUE_ERRORS } from '../limits.js';
import type { Correlated } from './correlation.js';

export interface Problem {
  /** The text that tells whether a problem was reported before. */
  readonly text: string;
  readonly error: FieldError;
}

/** The state of one validation. */
export interface Walk {
  problems: Problem[];
  /** Passed checks: they tell which branch of anyOf and oneOf was meant. */
  matches: number;
}

/**
 * Adds the problems of `value` to the walk. `path` starts without a dot. `was` correlates the value
 * with its former one.
 */
export type Check = (value: unknown, path: string, walk: Walk, was: Correlated | undefined) => void;

/** The path of problems that have none. */
export const NO_PATH = '<nil>';

/** Upstream's path of a property below the root begins with a dot where a schema has any names. */
export const fieldOf = (path: string): string =>
  (path.startsWith('.') ? path.slice(1) : path) || NO_PATH;

/** A problem of a field; `make` gets its path. */
export function report(
  walk: Walk,
  path: string,
  text: string,
  make: (field: string, text: string) => FieldError,
): void {
  if (walk.problems.length < MAX_VALUE_ERRORS)
    walk.problems.push({ text, error: make(fieldOf(path), text) });
}
