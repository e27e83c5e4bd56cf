import { PREFIX } from "../model/change-log.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { TableSchemaState } from "../model/run.ts";
import { sqliteString } from "../quote.ts";
import type { SourceReader } from "../source/source.ts";
import { decodeText, readEncoding } from "../source/source-text.ts";
import type { TableDrift } from "./drift-error.ts";
import type { SchemaState } from "./schema-state.ts";

export interface DriftScope {
  readonly mappings: readonly TableMapping[];
  /** Whether the run excludes a table. */
  readonly isExcluded: (table: string) => boolean;
}

/** How the tables of the run changed, and which tables are new; empty if nothing matters to the run. */
export async function describeDrift(
  tx: SourceReader,
  before: SchemaState,
  now: SchemaState,
  scope: DriftScope,
): Promise<TableDrift[]> {
  const drifts: TableDrift[] = [];
  const renamed = new Set<string>();
  for (const { id, source } of scope.mappings) {
    const [was, is] = [before.tables[source], now.tables[source]];
    if (is === undefined) {
      const name = await tableWithTriggersOf(tx, id);
      if (name !== null) renamed.add(name);
      drifts.push({ table: source, what: name === null ? "was dropped" : `was renamed to ${name}`, captured: true });
    } else if (was === undefined)
      drifts.push({ table: source, what: "is another table than the captured one", captured: true });
    else if (!isSame(was, is)) drifts.push({ table: source, what: change(was, is), captured: true });
  }
  for (const table of await dataTables(tx, now)) {
    if (
      before.tables[table] !== undefined ||
      renamed.has(table) ||
      scope.isExcluded(table) ||
      scope.mappings.some(({ source }) => source === table)
    )
      continue;
    drifts.push({ table, what: "is new", captured: false });
  }
  return drifts;
}

function isSame(a: TableSchemaState, b: TableSchemaState): boolean {
  return a.definition === b.definition && a.triggers === b.triggers && a.capture === b.capture;
}

function change(was: TableSchemaState, is: TableSchemaState): string {
  const parts = [
    ...(was.definition === is.definition ? [] : ["was altered or recreated"]),
    ...(was.triggers === is.triggers ? [] : ["has other triggers"]),
    ...(was.capture === is.capture ? [] : ["lost capture triggers"]),
  ];
  return parts.join(" and ");
}

/** The table that has the triggers of a table number: a renamed table keeps its triggers. */
export async function tableWithTriggersOf(tx: SourceReader, id: number): Promise<string | null> {
  const [row] = await tx.rows(
    "SELECT CAST(tbl_name AS BLOB) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE " +
      `${sqliteString(`\\_changeover\\_${id}\\_%`)} ESCAPE '\\' LIMIT 1`,
  );
  return row === undefined ? null : decodeText(row[0], await readEncoding(tx));
}

/** Ordinary tables, without the shadow tables of virtual ones. */
async function dataTables(tx: SourceReader, now: SchemaState): Promise<string[]> {
  const ordinary = await tx
    .rows(
      "SELECT CAST(name AS BLOB) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT " +
        "LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .catch(() => null);
  const encoding = await readEncoding(tx);
  const names = ordinary === null ? null : new Set(ordinary.map(([name]) => decodeText(name, encoding)));
  return Object.keys(now.tables).filter(
    (table) => !table.startsWith(PREFIX) && !/^sqlite_/i.test(table) && (names === null || names.has(table)),
  );
}
