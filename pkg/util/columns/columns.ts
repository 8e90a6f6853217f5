// Tables of text.

/** The rows as lines. Columns are `gap` apart, and at least `least` wide with their gap. */
export function columns(rows: readonly (readonly string[])[], gap = 3, least = 0): string {
  const widths = rows[0]!.map((_, at) =>
    Math.max(least, ...rows.map((row) => row[at]!.length + gap)),
  );
  const line = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at]!)).join('');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
