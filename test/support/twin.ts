// The IPv6 counterpart of an IPv4 address, for tests that cover both families.

/**
 * '10.1.0.7' gives 'fd77::a01:7', a prefix the prefix of the counterparts, and '0.0.0.0/0' gives
 * '::/0'.
 */
export function twin(text: string): string {
  const [address, length] = text.split('/') as [string, string?];
  if (length === '0') return '::/0';
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
  const groups = [a * 256 + b, c * 256 + d].map((group) => group.toString(16));
  return `fd77::${groups.join(':')}${length ? `/${96 + Number(length)}` : ''}`;
}
