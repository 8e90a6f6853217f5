// resource.Quantity: exact amounts such as '100m', '1.5Gi', '1e3'. A value is immutable, has nano
// precision (finer input rounds away from zero); binary suffixes reach 2^63-1 units, as upstream
// (k8s.io/apimachinery/pkg/api/resource/quantity.go).
import { LRUCache } from 'lru-cache';
import { MAX_KNOWN_QUANTITIES, MAX_KNOWN_QUANTITY_LENGTH } from '../limits.js';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export class QuantityError extends Error {
  override name = 'QuantityError';
}

const FORMAT_TEXT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NUMERIC_TEXT = 'unable to parse numeric part of quantity';
const SUFFIX_TEXT = "unable to parse quantity's suffix";

/** By suffix: 3 for `k`. */
export const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_EXPONENTS: Readonly<Record<string, number>> = {
  Ki: 10,
  Mi: 20,
  Gi: 30,
  Ti: 40,
  Pi: 50,
  Ei: 60,
};
const DECIMAL_SUFFIXES = new Map(Object.entries(DECIMAL_EXPONENTS).map(([s, e]) => [e, s]));
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const NANO = 1_000_000_000n;
const MAX_NANOS = (2n ** 63n - 1n) * NANO;
/** Exponents stop here, so that amounts stay small enough to calculate with. */
const EXPONENT_LIMIT = 400;
/** Larger amounts count as this, whatever their exponent. */
const MOST_NANOS = 10n ** BigInt(EXPONENT_LIMIT);

const absolute = (n: bigint): bigint => (n < 0n ? -n : n);

/** Division rounding away from zero. */
function divideUp(n: bigint, by: bigint): bigint {
  const quotient = n / by;
  if (quotient * by === n) return quotient;
  return n < 0n ? quotient - 1n : quotient + 1n;
}

export class Quantity {
  private text: string | undefined;

  /** `nanos` is the amount in billionths. */
  constructor(
    readonly nanos: bigint,
    readonly format: QuantityFormat,
  ) {}

  get sign(): -1 | 0 | 1 {
    return this.nanos === 0n ? 0 : this.nanos < 0n ? -1 : 1;
  }

  get isZero(): boolean {
    return this.nanos === 0n;
  }

  get isInteger(): boolean {
    return this.nanos % NANO === 0n;
  }

  /** A zero takes the format of the other operand, as upstream. */
  add(other: Quantity): Quantity {
    return new Quantity(this.nanos + other.nanos, this.nanos === 0n ? other.format : this.format);
  }

  sub(other: Quantity): Quantity {
    return new Quantity(this.nanos - other.nanos, this.nanos === 0n ? other.format : this.format);
  }

  /** The product with an integer. */
  multiply(factor: number | bigint): Quantity {
    return new Quantity(this.nanos * BigInt(factor), this.format);
  }

  compare(other: Quantity): -1 | 0 | 1 {
    return this.nanos === other.nanos ? 0 : this.nanos < other.nanos ? -1 : 1;
  }

  equals(other: Quantity): boolean {
    return this.nanos === other.nanos;
  }

  /** Units, rounded away from zero; exact up to 2^53. */
  value(): number {
    return Number(divideUp(this.nanos, NANO));
  }

  /** Thousandths, rounded away from zero; exact up to 2^53. */
  milliValue(): number {
    return Number(divideUp(this.nanos, 1_000_000n));
  }

  valueBigInt(): bigint {
    return divideUp(this.nanos, NANO);
  }

  /** The amount as a float, for ratios. */
  approximate(): number {
    return Number(this.nanos) / 1e9;
  }

  /** Rounded away from zero to a multiple of 10^exponent (upstream's RoundUp); exponent -9..18. */
  roundUp(exponent: number): Quantity {
    const unit = 10n ** BigInt(exponent + 9);
    return new Quantity(divideUp(this.nanos, unit) * unit, this.format);
  }

  /** The canonical text, with the largest suffix that needs no fraction. */
  toString(): string {
    return (this.text ??= canonical(this.nanos, this.format));
  }

  toJSON(): string {
    return this.toString();
  }
}

function canonical(nanos: bigint, format: QuantityFormat): string {
  if (nanos === 0n) return '0';
  const whole = nanos % NANO === 0n;
  if (format === 'BinarySI' && whole && absolute(nanos) >= 1024n * NANO) {
    let number = nanos / NANO;
    let step = 0;
    while (step < BINARY_SUFFIXES.length - 1 && number % 1024n === 0n) {
      number /= 1024n;
      step++;
    }
    return `${number}${BINARY_SUFFIXES[step]}`;
  }
  let number = nanos;
  let exponent = -9;
  while (number % 1000n === 0n && (exponent < 18 || format === 'DecimalExponent')) {
    number /= 1000n;
    exponent += 3;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? `${number}` : `${number}e${exponent}`;
  return `${number}${DECIMAL_SUFFIXES.get(exponent)}`;
}

export const ZERO_QUANTITY = new Quantity(0n, 'DecimalSI');

/** Pods repeat the same few texts, and each text is parsed at several steps of a request. */
const parsed = new LRUCache<string, Quantity>({ max: MAX_KNOWN_QUANTITIES });

/** @throws QuantityError with upstream's text. */
export function parseQuantity(text: string): Quantity {
  const known = parsed.get(text);
  if (known) return known;
  const quantity = parseText(text);
  if (text.length <= MAX_KNOWN_QUANTITY_LENGTH) parsed.set(text, quantity);
  return quantity;
}

function parseText(text: string): Quantity {
  if (text === '') throw new QuantityError(FORMAT_TEXT);
  if (text === '0') return ZERO_QUANTITY;
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(.*)$/s.exec(text)!;
  const whole = match[2]!;
  const fraction = match[3] ?? '';
  const suffix = match[4]!;
  if (whole === '' && fraction === '')
    throw new QuantityError(suffix === '' || match[3] !== undefined ? NUMERIC_TEXT : FORMAT_TEXT);
  if (!/^[eEinumkKMGTP]*[-+]?[0-9]*$/.test(suffix)) throw new QuantityError(FORMAT_TEXT);
  const digits = BigInt(whole + fraction);
  const negative = match[1] === '-';
  const binary = BINARY_EXPONENTS[suffix];
  if (binary !== undefined) return fromBinary(negative ? -digits : digits, fraction.length, binary);
  const { exponent, format } = decimalSuffix(suffix);
  return new Quantity(scaled(negative ? -digits : digits, exponent - fraction.length), format);
}

function decimalSuffix(suffix: string): { exponent: number; format: QuantityFormat } {
  const exponent = DECIMAL_EXPONENTS[suffix];
  if (exponent !== undefined) return { exponent, format: 'DecimalSI' };
  const scientific = /^[eE]([-+]?[0-9]+)$/.exec(suffix);
  if (!scientific) throw new QuantityError(SUFFIX_TEXT);
  return { exponent: Number(scientific[1]), format: 'DecimalExponent' };
}

/** digits * 10^exponent in nanos. */
function scaled(digits: bigint, exponent: number): bigint {
  if (digits === 0n) return 0n;
  const shift = Math.max(-EXPONENT_LIMIT, Math.min(EXPONENT_LIMIT, exponent + 9));
  if (shift < 0) return within(divideUp(digits, 10n ** BigInt(-shift)), MOST_NANOS);
  return within(digits * 10n ** BigInt(shift), MOST_NANOS);
}

function fromBinary(digits: bigint, fractionDigits: number, exponent: number): Quantity {
  const nanos = within(
    divideUp((digits << BigInt(exponent)) * NANO, 10n ** BigInt(fractionDigits)),
    MAX_NANOS,
  );
  // Binary suffixes cannot express amounts below one unit.
  return new Quantity(nanos, absolute(nanos) < NANO && nanos !== 0n ? 'DecimalSI' : 'BinarySI');
}

const within = (nanos: bigint, most: bigint): bigint =>
  nanos > most ? most : nanos < -most ? -most : nanos;

/** A quantity of an integer number of units. */
export function quantityOf(units: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
  return new Quantity(BigInt(units) * NANO, format);
}

/** A quantity from a JSON string or number; undefined when it does not parse. */
export function tryParseQuantity(json: unknown): Quantity | undefined {
  if (typeof json !== 'string' && typeof json !== 'number') return undefined;
  try {
    return parseQuantity(String(json).trim());
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}
