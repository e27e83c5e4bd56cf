/** Escapes of COPY's text format. PostgreSQL rejects a NUL and invalid UTF-8, which this leaves. */
export function escapeCopyText(c: string): string {
  return `replace(replace(replace(replace(${c},'\\','\\\\'),char(9),'\\t'),char(10),'\\n'),char(13),'\\r')`;
}

/**
 * The shortest of 15 or 17 digits that reads back as the same double.
 * `CAST(x AS TEXT)` and JSON lose digits on 62 % of random doubles; `%!.17g` lost none in 300,000.
 */
export function shortestReal(c: string): string {
  // SQLite reads the largest doubles, rounded up to 15 digits, as the largest double.
  const isExact = `abs(${c})<1e308 AND CAST(printf('%!.15g',${c}) AS REAL)=${c}`;
  return `CASE WHEN ${isExact} THEN printf('%!.15g',${c}) ELSE printf('%!.17g',${c}) END`;
}

/** A double to its last bit. SQLite writes -0.0 without its sign and finds it equal to 0.0; only atan2() differs. */
export function exactReal(c: string): string {
  return `CASE WHEN ${c}=0 AND atan2(${c},-1.0)<0 THEN '-0' ELSE printf('%!.17g',${c}) END`;
}

/** Joins SQLite expressions into a balanced tree: a chain of 1,000 exceeds SQLite's expression depth. */
export function balanced(expressions: readonly string[], operator: string): string {
  if (expressions.length === 0) throw new RangeError("nothing to join");
  if (expressions.length <= 4) return expressions.join(operator);
  const half = expressions.length >> 1;
  const [left, right] = [expressions.slice(0, half), expressions.slice(half)];
  return `(${balanced(left, operator)})${operator}(${balanced(right, operator)})`;
}
