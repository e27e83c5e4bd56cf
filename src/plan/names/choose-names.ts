import { createHash } from "node:crypto";
import { type FoldName, keepName } from "./fold-name.ts";

/** PostgreSQL cuts longer names, in the application's queries as well: two could become one. */
const MAX_BYTES = 63;

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

  /**
   * The name itself if it is free and PostgreSQL takes it; if it is longer, what PostgreSQL makes of it in a query;
   * else one that always comes out the same. `isCutAlike`: others are cut to the same, so that a query for one would
   * find another.
   */
  take(wanted: string, { isCutAlike = false }: { readonly isCutAlike?: boolean } = {}): string {
    const whole = wanted === "" ? "unnamed" : wanted;
    let name = isCutAlike ? shorten(whole) : cut(whole);
    if (this.#taken.has(name)) name = shorten(whole);
    for (let attempt = 2; this.#taken.has(name); attempt += 1) name = shorten(`${wanted}_${attempt}`);
    this.#taken.add(name);
    return name;
  }
}

/** A name that is free in all of the spaces, and taken in each of them then. */
export function takeInAll(spaces: readonly NameSpace[], wanted: string): string {
  const taken = new NameSpace();
  for (;;) {
    const name = taken.take(wanted);
    if (spaces.some((space) => space.has(name))) continue;
    for (const space of spaces) space.take(name);
    return name;
  }
}

export interface TakeOptions {
  /** Names that PostgreSQL does not take. */
  readonly isRefused?: (name: string) => boolean;
  /** The name that a rule gives. */
  readonly ruled?: (name: string) => string | undefined;
  readonly fold?: FoldName;
}

/**
 * Takes many names: those that a rule gives come first, then those that can stay as they are, then those that only
 * fold.
 */
export function takeNames(space: NameSpace, wanted: readonly string[], options: TakeOptions = {}): Map<string, string> {
  const { isRefused = () => false, ruled = () => undefined, fold = keepName } = options;
  const rank = (name: string) => {
    if (ruled(name) !== undefined) return 0;
    const folded = fold(name);
    return folded !== "" && fits(folded) && !isRefused(folded) ? (folded === name ? 1 : 2) : 3;
  };
  const ordered = [0, 1, 2, 3].flatMap((wantedRank) => wanted.filter((name) => rank(name) === wantedRank));
  const cuts = wanted.map((name) => cut(ruled(name) ?? fold(name)));
  const isCutAlike = (name: string) => cuts.filter((other) => other === cut(name)).length > 1;
  const taken = new Map(
    ordered.map((name) => {
      const wish = ruled(name) ?? (isRefused(fold(name)) ? `${fold(name)}_` : fold(name));
      return [name, space.take(wish, { isCutAlike: !fits(wish) && isCutAlike(wish) })];
    }),
  );
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
export function defaultName(table: string, columns: readonly string[], suffix: string): string {
  return [table, ...columns, suffix].join("_");
}

export function fits(name: string): boolean {
  return Buffer.byteLength(name) <= MAX_BYTES;
}

/** As PostgreSQL cuts a name: at 63 bytes, between two characters. */
export function cut(name: string): string {
  return startOf(name, MAX_BYTES);
}

function shorten(name: string): string {
  if (fits(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${startOf(name, MAX_BYTES - hash.length - 1)}_${hash}`;
}

function startOf(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  let start = "";
  for (const character of name) {
    if (Buffer.byteLength(start + character) > bytes) break;
    start += character;
  }
  return start;
}
