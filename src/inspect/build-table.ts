import type {
  ForeignKeyAction,
  IndexTerm,
  SourceColumn,
  SourceForeignKey,
  SourceIndex,
  SourceTable,
} from "../model/source-schema.ts";
import type { SourceRow } from "../source/source.ts";
import { affinityOf } from "./affinity.ts";
import type { decoder } from "./harmless-text.ts";
import { parseCreateIndex } from "./parse-create-index.ts";
import { type CreateTableText, parseCreateTable } from "./parse-create-table.ts";

/** Rows of the pragmas about one table. */
export interface PragmaRows {
  /** name, type, notnull, dflt_value, pk, hidden */
  readonly columns: readonly SourceRow[];
  /** index, unique, origin, partial, cid, column, desc, collation */
  readonly indexes: readonly SourceRow[];
  /** id, parent, from, to, on_update, on_delete */
  readonly foreignKeys: readonly SourceRow[];
}

type Text = ReturnType<typeof decoder>;

/** One table, from what the pragmas say and what only its CREATE TABLE text does. */
export function buildTable(
  name: string,
  sql: string,
  rows: PragmaRows,
  indexSql: ReadonlyMap<string, string | null>,
  text: Text,
): SourceTable {
  const parsed = parseCreateTable(sql);
  const columns = rows.columns.map((row) => buildColumn(row, parsed, text));
  const indexes = buildIndexes(rows.indexes, indexSql, text);
  const primaryKey = columns
    .filter(({ primaryKeyPosition }) => primaryKeyPosition > 0)
    .sort((a, b) => a.primaryKeyPosition - b.primaryKeyPosition)
    .map((column) => column.name);
  // A key with an index of its own is no alias of the rowid: INT PRIMARY KEY and INTEGER PRIMARY KEY DESC have one.
  const aliased =
    !parsed.withoutRowid && primaryKey.length === 1 && !indexes.some(({ origin }) => origin === "primary-key");
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  return {
    name,
    sql,
    columns,
    primaryKey,
    rowidAlias: aliased ? (primaryKey[0] ?? null) : null,
    rowidName: parsed.withoutRowid
      ? null
      : (["rowid", "_rowid_", "oid"].find((candidate) => !taken.has(candidate)) ?? null),
    withoutRowid: parsed.withoutRowid,
    strict: parsed.strict,
    autoincrement: aliased && parsed.autoincrement,
    indexes,
    foreignKeys: buildForeignKeys(rows.foreignKeys, parsed, text),
    checks: parsed.checks,
    ...(parsed.conflicts.length === 0 ? {} : { conflicts: parsed.conflicts }),
  };
}

function buildColumn(
  [rawName, rawType, notNull, rawDefault, position, hidden]: SourceRow,
  parsed: CreateTableText,
  text: Text,
): SourceColumn {
  const name = text(rawName) ?? "";
  const written = parsed.columns.get(name.toLowerCase());
  const kind = Number(hidden);
  // For a generated column the type may come with the words that make it one.
  const declaredType = (text(rawType) ?? "").replace(/\s*GENERATED\s+ALWAYS\s*$/i, "").trim();
  return {
    name,
    declaredType,
    affinity: parsed.strict && /^any$/i.test(declaredType) ? "blob" : affinityOf(declaredType),
    notNull: Number(notNull) !== 0 || (parsed.withoutRowid && Number(position) > 0),
    defaultSql: text(rawDefault),
    primaryKeyPosition: Number(position),
    collation: (written?.collation ?? "BINARY").toUpperCase(),
    generated:
      kind === 2 || kind === 3
        ? { storage: kind === 2 ? "virtual" : "stored", expression: written?.generated ?? "" }
        : null,
  };
}

const ORIGINS = { c: "index", u: "unique", pk: "primary-key" } as const;

function buildIndexes(
  rows: readonly SourceRow[],
  indexSql: ReadonlyMap<string, string | null>,
  text: Text,
): SourceIndex[] {
  const groups = new Map<string, SourceRow[]>();
  for (const row of rows) {
    const name = text(row[0]) ?? "";
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, terms]) => {
    const sql = indexSql.get(name) ?? null;
    const parsed = sql === null ? null : parseCreateIndex(sql);
    const first = terms[0] ?? [];
    return {
      name,
      unique: Number(first[1]) !== 0,
      origin: ORIGINS[String(first[2]) as keyof typeof ORIGINS] ?? "index",
      where: Number(first[3]) === 0 ? null : (parsed?.where ?? null),
      terms: terms.map((row, position): IndexTerm => {
        const column = Number(row[4]) >= 0 ? text(row[5]) : null;
        return {
          column,
          expression: column === null ? (parsed?.terms[position] ?? null) : null,
          collation: (text(row[7]) ?? "BINARY").toUpperCase(),
          descending: Number(row[6]) !== 0,
        };
      }),
      sql,
    };
  });
}

function buildForeignKeys(rows: readonly SourceRow[], parsed: CreateTableText, text: Text): SourceForeignKey[] {
  const groups = new Map<number, SourceRow[]>();
  for (const row of rows) groups.set(Number(row[0]), [...(groups.get(Number(row[0])) ?? []), row]);
  // Both lists are in the order of declaration; where they differ in length the texts say nothing reliable.
  const texts = parsed.foreignKeys.length === groups.size ? parsed.foreignKeys : [];
  return [...groups.values()].map((terms, position) => {
    const first = terms[0] ?? [];
    const parents = terms.map((row) => text(row[3]));
    const written = texts[position];
    return {
      columns: terms.map((row) => text(row[2]) ?? ""),
      parentTable: text(first[1]) ?? "",
      parentColumns: parents.every((parent) => parent !== null) ? parents : null,
      onUpdate: String(first[4]) as ForeignKeyAction,
      onDelete: String(first[5]) as ForeignKeyAction,
      deferred: written?.deferred ?? false,
      name: written?.name ?? null,
      sql: written?.sql ?? null,
    };
  });
}
