/** Rows of words as lines, each column as wide as its widest word; numbers stand as they are given. */
export function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((word, column) => word.padEnd(widths[column]!)).join('  ').trimEnd());
}
