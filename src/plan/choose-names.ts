import { createHash } from "node:crypto";

/** PostgreSQL cuts longer names without asking: two could become one. */
const MOST_BYTES = 63;

/** Names that share one space: all relations of a schema, or the columns or constraints of a table. */
export class NameSpace {
  readonly #taken: Set<string>;

  /** `taken` are names that others have already. */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  /** The name itself if it is free and PostgreSQL takes it; else one that always comes out the same. */
  take(wanted: string): string {
    let name = shorten(wanted === "" ? "unnamed" : wanted);
    for (let attempt = 2; this.#taken.has(name); attempt += 1) name = shorten(`${wanted}_${attempt}`);
    this.#taken.add(name);
    return name;
  }
}

/** Takes many names: those that a rule gives come first, then those that can stay as they are. */
export function takeNames(space: NameSpace, wanted: readonly string[], isRefused: (name: string) => boolean, ruled: (name: string) => string | undefined = () => undefined): Map<string, string> {
  const rank = (name: string) => (ruled(name) !== undefined ? 0 : name !== "" && fits(name) && !isRefused(name) ? 1 : 2);
  const ordered = [0, 1, 2].flatMap((wantedRank) => wanted.filter((name) => rank(name) === wantedRank));
  const taken = new Map(ordered.map((name) => [name, space.take(ruled(name) ?? (isRefused(name) ? `${name}_` : name))]));
  return new Map(wanted.map((name) => [name, taken.get(name) ?? name]));
}

/** Names of the columns that every table of PostgreSQL has. */
export function isSystemColumn(name: string): boolean {
  return ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"].includes(name);
}

/** PostgreSQL looks for these in its own catalogue first. */
export function isCatalogueName(name: string): boolean {
  return name.startsWith("pg_");
}

/** What PostgreSQL would call a constraint or sequence; longer ones it makes up in its own way. */
export function usualName(table: string, columns: readonly string[], suffix: string): string {
  return [table, ...columns, suffix].join("_");
}

export function fits(name: string): boolean {
  return Buffer.byteLength(name) <= MOST_BYTES;
}

function shorten(name: string): string {
  if (fits(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  let start = "";
  for (const character of name) {
    if (Buffer.byteLength(start + character) > MOST_BYTES - hash.length - 1) break;
    start += character;
  }
  return `${start}_${hash}`;
}
