// Go's int64 where values may exceed 2^53: counting in bigint, and the form in objects.

const LIMIT = 2n ** 63n;

/** strconv.ParseInt(text, 10, 64); undefined for other text and for values out of range. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value >= -LIMIT && value < LIMIT ? value : undefined;
}

/** A field of type int64, which holds a bigint beyond 2^53 although its type is number. */
export const int64Of = (field: number): bigint => BigInt(field);

/** The form of int64Of's argument. */
export const int64Field = (value: bigint): number =>
  Number.isSafeInteger(Number(value)) ? Number(value) : (value as unknown as number);

export const maxInt64 = (...values: readonly bigint[]): bigint =>
  values.reduce((max, value) => (value > max ? value : max), 0n);

/** An order for sort. */
export const byInt64 = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
