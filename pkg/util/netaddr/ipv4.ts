// IPv4 addresses as unsigned 32-bit numbers.

const DOT = 0x2e;
const ZERO = 0x30;
const NO_DIGITS = -1;

/**
 * The address of a dotted quad; undefined for other texts. As in Go, an octet with a leading zero
 * is refused: some programs read it as octal.
 */
export function parseIpv4(text: string): number | undefined {
  let value = 0;
  let octet = NO_DIGITS;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (octet === NO_DIGITS || ++dots > 3) return undefined;
      value = value * 256 + octet;
      octet = NO_DIGITS;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || octet === 0) return undefined;
    octet = octet === NO_DIGITS ? digit : octet * 10 + digit;
    if (octet > 255) return undefined;
  }
  return dots === 3 && octet !== NO_DIGITS ? value * 256 + octet : undefined;
}

export const formatIpv4 = (ip: number): string =>
  `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`;

/** The prefix length after the slash of a CIDR; undefined for other texts and above `bits`. */
export const parsePrefixLength = (text: string, bits: number): number | undefined =>
  /^(0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= bits ? Number(text) : undefined;
