// Regular expressions in RE2's syntax, which match in linear time whatever a user writes.
import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import { MAX_CACHED_PATTERNS } from '../limits.js';
import { EvalError } from './value.js';

const compiled = new LRUCache<string, RE2JS | EvalError>({ max: MAX_CACHED_PATTERNS });

/** An error for text that is no pattern. The patterns that were used last are kept. */
export function patternOf(text: string): RE2JS | EvalError {
  let pattern = compiled.get(text);
  if (pattern) return pattern;
  try {
    pattern = RE2JS.compile(text);
  } catch (error) {
    pattern = new EvalError(error instanceof Error ? goMessage(error.message) : String(error));
  }
  compiled.set(text, pattern);
  return pattern;
}

/** Go writes the offending text between backquotes. */
const goMessage = (message: string): string => message.replace(/: '(.*)'$/s, ': `$1`');

/** Whether some part of `text` matches. */
export function matchesPattern(text: string, pattern: string): boolean | EvalError {
  const re = patternOf(pattern);
  return re instanceof EvalError ? re : re.matcher(text).find();
}

/** The parts that match, from left to right, `limit` of them at most (all when negative). */
export function findPattern(text: string, pattern: string, limit: number): string[] | EvalError {
  const re = patternOf(pattern);
  if (re instanceof EvalError) return re;
  const matcher = re.matcher(text);
  const found: string[] = [];
  while ((limit < 0 || found.length < limit) && matcher.find()) found.push(matcher.group()!);
  return found;
}
