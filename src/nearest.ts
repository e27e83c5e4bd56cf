/** The name that was probably meant: one or two letters off, or null. */
export function nearest(given: string, names: readonly string[]): string | null {
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(given.toLowerCase(), name) }))
    .sort((one, other) => one.distance - other.distance);
  return best !== undefined && best.distance <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : null;
}

/** How many letters to insert, delete, replace or swap with their neighbour. */
function distanceOf(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const above = rows[i - 1] ?? [];
      const costs = [(above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (isSame ? 0 : 1)];
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        costs.push((rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(Math.min(...costs));
    }
    rows.push(row);
  }
  return rows[one.length]?.[other.length] ?? 0;
}

/** What may have been meant: the near name, or else those that share a word with it, three at most. */
export function nearWords(given: string, names: readonly string[]): readonly string[] {
  const lower = given.toLowerCase();
  const near = nearest(
    lower,
    names.map((name) => name.toLowerCase()),
  );
  const wanted = near === null ? wordsOf(lower) : [];
  return names
    .filter((name) => name.toLowerCase() === near || wordsOf(name.toLowerCase()).some((word) => wanted.includes(word)))
    .slice(0, 3);
}

/** Words of some length, in the singular. */
function wordsOf(name: string): string[] {
  return name
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/s$/, ""))
    .filter((word) => word.length > 3);
}
