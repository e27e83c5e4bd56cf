/** PostgreSQL expression: the values with commas between them. PostgreSQL takes 100 arguments. */
export function joinedByPostgres(values: readonly string[]): string {
  return inParts(values, 90, (part) => `concat_ws(',', ${part.join(", ")})`);
}

function inParts(values: readonly string[], max: number, join: (part: readonly string[]) => string): string {
  // Another session may have found meanwhile that no column is canonical: then the other columns decide.
  if (values.length === 0) return "''";
  if (values.length <= max) return join(values);
  return inParts(
    Array.from({ length: Math.ceil(values.length / max) }, (_, part) =>
      join(values.slice(part * max, (part + 1) * max)),
    ),
    max,
    join,
  );
}
