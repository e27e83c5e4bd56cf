import { SourceError } from "../../errors.ts";
import type { Identity } from "../../model/mapping.ts";
import type { TableProfile } from "../../model/profile.ts";
import { isKnownCollation, type SourceTable } from "../../model/source-schema.ts";
import { fitsIndex, indexBytes, MAX_INDEX_COLUMNS } from "../types/index-width.ts";

/**
 * What identifies a table's rows: its INTEGER PRIMARY KEY, else a primary key or unique index without NULLs, else the
 * rowid. SQLite lets a primary key hold NULLs, and repeatedly. A column that rules change identifies nothing: the
 * change log holds keys as they are in the source.
 */
export function chooseIdentity(
  table: SourceTable,
  profile: TableProfile | undefined,
  changed: ReadonlySet<string> = new Set(),
): Identity {
  if (table.rowidAlias !== null) return { kind: "columns", columns: [table.rowidAlias] };
  const uniques = table.indexes
    .filter(({ unique, where, terms }) => unique && where === null && terms.every(({ column }) => column !== null))
    .map(({ terms }) => terms.map(({ column }) => column ?? ""));
  const candidates = [...(table.primaryKey.length > 0 ? [table.primaryKey] : []), ...uniques];
  const key = candidates.find(
    (columns) =>
      isNarrow(columns, profile) && columns.every((name) => !changed.has(name) && neverNull(table, name, profile)),
  );
  if (key !== undefined) return { kind: "columns", columns: key };
  if (table.rowidName !== null) return { kind: "rowid", rowidName: table.rowidName };
  throw new SourceError({
    code: "NO_ROW_IDENTITY",
    message:
      `table ${table.name} has no key that can be used: ` +
      (table.withoutRowid
        ? isNarrow(table.primaryKey, profile)
          ? "it is WITHOUT ROWID, and its key has a collation of the application's own"
          : "it is WITHOUT ROWID, and its key has values that are too long for an index of PostgreSQL"
        : "columns named rowid, oid and _rowid_ hide the rowid"),
    hint: "add a UNIQUE index over NOT NULL columns to it, or exclude the table in the config",
    context: { table: table.name },
  });
}

/** Replay finds rows by a unique index on the key. */
function isNarrow(columns: readonly string[], profile: TableProfile | undefined): boolean {
  return (
    columns.length <= MAX_INDEX_COLUMNS &&
    fitsIndex(indexBytes(profile?.columns.filter(({ column }) => columns.includes(column)) ?? []))
  );
}

function neverNull(table: SourceTable, name: string, profile: TableProfile | undefined): boolean {
  const column = table.columns.find((candidate) => candidate.name === name);
  // By a collation of the application's own SQLite can neither compare nor order here.
  if (column === undefined || column.generated !== null || !isKnownCollation(column.collation)) return false;
  if (column.notNull || table.withoutRowid) return true;
  // Not declared, but so: a NULL that comes later is refused by the copy and the replay.
  const seen = profile?.columns.find((candidate) => candidate.column === name);
  return table.primaryKey.includes(name) && seen !== undefined && seen.nulls === 0 && (profile?.rows ?? 0) > 0;
}
