/**
 * Whether an expression may name a column; false positives do no harm. Strings do not count: `'$.name'` names no
 * column.
 */
export function mentions(expression: string, name: string): boolean {
  const text = withoutStrings(expression).toLowerCase();
  return [name, name.replaceAll('"', '""'), name.replaceAll("`", "``")].some((written) =>
    text.includes(written.toLowerCase()),
  );
}

/** Whether an expression names a column, as a separate word. */
export function names(expression: string, name: string): boolean {
  return namePattern(name).test(withoutStrings(expression).replaceAll('""', '"'));
}

export function namePattern(name: string, after = ""): RegExp {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])${after}`, "iu");
}

function withoutStrings(expression: string): string {
  return expression.replaceAll(/"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'/g, (quoted) =>
    quoted.startsWith("'") ? "''" : quoted,
  );
}
