import type { SqliteSchemaEntry } from "./read-schema.ts";
import { identifierOf, isWord, sqliteTokens } from "./sqlite-tokens.ts";

/**
 * Tables in which virtual tables keep what they are made of. By name, since SQLite itself
 * knows them only where the module is loaded. The data of a contentless or external-content
 * index is in its base table; that of an ordinary one is read through the virtual table.
 */
export function shadowNames(objects: readonly SqliteSchemaEntry[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, virtual, sql } of objects) {
    if (virtual) for (const suffix of SUFFIXES[moduleOf(sql ?? "")] ?? []) names.add(`${name}${suffix}`.toLowerCase());
    else if (sql !== null && /^\s*CREATE\s+INDEX\b/i.test(sql) && /libsql_vector_idx/i.test(sql))
      names.add(`${name}_shadow`.toLowerCase());
  }
  return names;
}

export function isShadow(name: string, shadows: ReadonlySet<string>): boolean {
  return shadows.has(name.toLowerCase()) || name.toLowerCase() === "libsql_vector_meta_shadow";
}

/** The module that a CREATE VIRTUAL TABLE text uses, in lower case. */
export function moduleOf(sql: string): string {
  const tokens = sqliteTokens(sql);
  const using = tokens.findIndex((token) => isWord(token, "USING"));
  return using === -1 ? "" : (identifierOf(tokens[using + 1]) ?? "").toLowerCase();
}

const FTS3 = ["_content", "_segments", "_segdir", "_docsize", "_stat"];
const FTS5 = ["_data", "_idx", "_content", "_docsize", "_config"];
const RTREE = ["_node", "_rowid", "_parent"];

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  fts3: FTS3,
  fts4: FTS3,
  fts5: FTS5,
  rtree: RTREE,
  rtree_i32: RTREE,
  geopoly: RTREE,
  spellfix1: ["_vocab"],
};
