/** A column as foreign keys see it. */
export interface LinkedColumn {
  readonly id: string;
  readonly type: string;
  /** Has no values: it takes the type that the others need. */
  readonly guessed: boolean;
  /** Alias of the rowid: its type is settled. */
  readonly settled: boolean;
}

/** From column to column. */
export type Link = readonly [child: string, parent: string];

/**
 * Columns that foreign keys join need one type. Gives the type of each column that
 * changes; links whose ends find none are left as they are, and so differ in the end.
 */
export function unifyTypes(columns: readonly LinkedColumn[], links: readonly Link[]): Map<string, string> {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const changed = new Map<string, string>();
  const possible = links.filter(([child, parent]) => {
    const ends = [byId.get(child), byId.get(parent)].filter((column) => column !== undefined);
    const settled = ends.find((column) => column.settled);
    return (
      ends.length === 2 &&
      (settled === undefined ||
        ends.every((column) => column.guessed || widest(column.type, settled.type) === settled.type))
    );
  });
  for (const members of components(possible)) {
    const group = members.map((id) => byId.get(id)).filter((column) => column !== undefined);
    const type = typeOf(group);
    if (type === null) continue;
    for (const column of group) if (column.type !== type) changed.set(column.id, type);
  }
  return changed;
}

function typeOf(group: readonly LinkedColumn[]): string | null {
  const settled = group.find((column) => column.settled);
  const known = group.filter(({ guessed }) => !guessed);
  const type = (known.length > 0 ? known : group)
    .map((column) => column.type)
    .reduce<string | null>((a, b) => (a === null ? null : widest(a, b)), (known[0] ?? group[0])?.type ?? null);
  return settled === undefined || type === settled.type || known.length === 0 ? (settled?.type ?? type) : null;
}

const NUMBERS = ["boolean", "integer", "bigint", "double precision", "numeric"];

/** The type that holds the values of both, or null. */
export function widest(a: string, b: string): string | null {
  if (a === b) return a;
  const [first, second] = [familyOf(a), familyOf(b)];
  if (first === "bytea" || second === "bytea")
    return [first, second].every((family) => family === "bytea" || family === "text") ? "bytea" : null;
  const numbers = [NUMBERS.indexOf(first), NUMBERS.indexOf(second)] as const;
  // Between a double and a bigint only numeric holds both.
  const wider = Math.max(...numbers);
  if (numbers[0] >= 0 && numbers[1] >= 0) return wider >= NUMBERS.length - 2 ? "numeric" : (NUMBERS[wider] ?? null);
  if (first === "date" && second === "timestamp") return "timestamp";
  if (first === "timestamp" && second === "date") return "timestamp";
  return "text";
}

function familyOf(type: string): string {
  return type.startsWith("numeric") ? "numeric" : type;
}

function components(links: readonly Link[]): string[][] {
  const root = new Map<string, string>();
  const find = (id: string): string => {
    const up = root.get(id) ?? id;
    return up === id ? id : find(up);
  };
  for (const [child, parent] of links) root.set(find(child), find(parent));
  const groups = new Map<string, string[]>();
  for (const id of new Set(links.flat())) groups.set(find(id), [...(groups.get(find(id)) ?? []), id]);
  return [...groups.values()];
}
