// Doubles in decimal with a given number of digits, rounded half to even from the exact value, as
// Go's strconv does it.

/** A positive double as an integer times a power of two. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** value * 10^places as an integer, half to even. */
function scaled(value: number, places: number): bigint {
  const { mantissa, exponent } = parts(value);
  let top = mantissa * (exponent > 0 ? 1n << BigInt(exponent) : 1n);
  let bottom = exponent < 0 ? 1n << BigInt(-exponent) : 1n;
  if (places >= 0) top *= 10n ** BigInt(places);
  else bottom *= 10n ** BigInt(-places);
  const quotient = top / bottom;
  const twice = 2n * (top % bottom);
  const isUp = twice > bottom || (twice === bottom && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

const signOf = (value: number): string => (value < 0 || Object.is(value, -0) ? '-' : '');

/** Go's %.Nf */
export function fixedText(value: number, places: number): string {
  const digits = String(scaled(Math.abs(value), places)).padStart(places + 1, '0');
  const point = digits.length - places;
  const fraction = places > 0 ? `.${digits.slice(point)}` : '';
  return `${signOf(value)}${digits.slice(0, point)}${fraction}`;
}

/** Go's %.Ne: two digits of the exponent at least. */
export function scientificText(value: number, places: number): string {
  const absolute = Math.abs(value);
  let power = absolute === 0 ? 0 : Number(absolute.toExponential().split('e')[1]);
  let digits = String(scaled(absolute, places - power));
  if (digits.length > places + 1) digits = String(scaled(absolute, places - ++power));
  digits = digits.padStart(places + 1, '0');
  const fraction = places > 0 ? `.${digits.slice(1)}` : '';
  const exponent = `${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return `${signOf(value)}${digits[0]}${fraction}e${exponent}`;
}
