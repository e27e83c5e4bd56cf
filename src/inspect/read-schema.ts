import { messageOf } from "../errors.ts";
import { PREFIX } from "../model/change-log.ts";
import type { SkippedObject, SourceSchema, SourceTable, SourceTrigger, SourceView } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import type { SourceReader, SourceRow } from "../source/source.ts";
import { sql } from "../sql.ts";
import { buildTable } from "./build-table.ts";
import { decoder, type Encoding, isGarbled } from "./harmless-text.ts";
import { isShadow, shadowNames } from "./shadow-tables.ts";
import { readVirtual } from "./virtual-tables.ts";

/** Reads the source's own catalogue: seven statements, and one for each view. */
export async function readSchema(tx: SourceReader): Promise<SourceSchema> {
  const [settings] = await tx.rows(sql("source/inspect-settings"));
  const encoding = String(settings?.[0] ?? "UTF-8") as Encoding;
  const text = decoder(encoding);
  const objects = (await tx.rows(sql("source/inspect-objects")))
    .map((row) => readObject(row, text))
    .filter(({ name, table }) => !name.startsWith(PREFIX) && !table.startsWith(PREFIX));
  const columns = groupByTable(await tx.rows(sql("source/inspect-columns")), text);
  const indexes = groupByTable(await tx.rows(sql("source/inspect-indexes")), text);
  const foreignKeys = groupByTable(await tx.rows(sql("source/inspect-foreign-keys")), text);
  const indexSql = new Map(objects.filter(({ type }) => type === "index").map(({ name, sql }) => [name, sql]));
  const shadows = shadowNames(objects);

  const tables: SourceTable[] = [];
  const views: SourceView[] = [];
  const skipped: SkippedObject[] = [];
  for (const object of objects) {
    const { name } = object;
    if (object.type === "table") {
      if (object.virtual && object.sql !== null) {
        const read = readVirtual({ name, sql: object.sql }, columns, text);
        if ("reason" in read) skipped.push(read);
        else tables.push(read);
        continue;
      }
      const reason = reasonToSkip(object, shadows);
      const rows = {
        columns: columns.get(name) ?? [],
        indexes: indexes.get(name) ?? [],
        foreignKeys: foreignKeys.get(name) ?? [],
      };
      if (reason !== null) skipped.push({ name, reason, sql: object.sql, type: "table" });
      else if (rows.columns.length === 0 || isGarbled(name))
        skipped.push({ name, reason: "unreadable", sql: object.sql, type: "table" });
      else tables.push(buildTable(name, object.sql ?? "", rows, indexSql, text));
    } else if (object.type === "view") {
      const columnsOf = await viewColumns(tx, name, text);
      if (Array.isArray(columnsOf)) views.push({ name, sql: object.sql ?? "", columns: columnsOf });
      else if (isQuotedText(columnsOf, object.sql)) views.push({ name, sql: object.sql ?? "" });
      else skipped.push({ name, reason: "unreadable", sql: object.sql, type: "view", cause: columnsOf });
    }
  }
  const triggers = objects
    .filter(({ type }) => type === "trigger")
    .map(({ name, table, sql }): SourceTrigger => ({ name, table, sql: sql ?? "" }));
  return {
    encoding,
    journalMode: String(settings?.[1] ?? ""),
    schemaVersion: Number(settings?.[2] ?? 0),
    tables,
    views,
    triggers,
    skipped,
  };
}

export interface SqliteSchemaEntry {
  readonly type: string;
  readonly name: string;
  /** The table that an index or trigger is on. */
  readonly table: string;
  readonly sql: string | null;
  readonly virtual: boolean;
}

type Text = ReturnType<typeof decoder>;

function readObject([type, name, table, create, rootPage]: SourceRow, text: Text): SqliteSchemaEntry {
  return {
    type: String(type),
    name: text(name) ?? "",
    table: text(table) ?? "",
    sql: text(create),
    virtual: type === "table" && Number(rootPage) === 0,
  };
}

function reasonToSkip(
  { name, virtual }: SqliteSchemaEntry,
  shadows: ReadonlySet<string>,
): SkippedObject["reason"] | null {
  if (virtual) return "virtual";
  if (/^sqlite_/i.test(name)) return "internal";
  return isShadow(name, shadows) ? "shadow" : null;
}

/** The names of a view's columns; or why SQLite cannot run it: it calls functions of the application, say. */
async function viewColumns(tx: SourceReader, name: string, text: Text): Promise<string[] | string> {
  if (isGarbled(name)) return "its name cannot be read";
  try {
    // Preparing a SELECT finds what the catalogue does not check: functions and modules that are absent.
    await tx.rows(`SELECT 1 FROM ${sqliteName(name)} LIMIT 0`);
    const rows = await tx.rows(`SELECT CAST(name AS BLOB) FROM pragma_table_xinfo(?)`, [name]);
    return rows.map(([column]) => text(column) ?? "");
  } catch (error) {
    return causeOf(error);
  }
}

/** SQLite's own words. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return messageOf(cause).replace(/^SQLITE_\w+: /, "");
}

/** A text in double quotes, which the application's SQLite takes for one and the one here for the name of a column. */
function isQuotedText(cause: string, sql: string | null): boolean {
  const name = /no such column: "?([^"]*?)"?$/.exec(cause)?.[1];
  return name !== undefined && sql?.includes(`"${name}"`) === true;
}

function groupByTable(rows: readonly SourceRow[], text: Text): Map<string, SourceRow[]> {
  const groups = new Map<string, SourceRow[]>();
  for (const [table, ...rest] of rows) {
    const name = text(table) ?? "";
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(rest);
  }
  return groups;
}
