import { mkdir, open, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { actor } from "../../embedded/actor.ts";
import type { Report } from "../../log.ts";
import { pgTable } from "../../quote.ts";
import { version } from "../../version.ts";
import type { Change } from "../migrate/choose-changes.ts";
import type { MigrationConnection } from "../migrate/migration-connection.ts";
import { copyOut } from "./copy-out.ts";
import type { Losses, LostColumns, LostTable } from "./find-losses.ts";
import type { HeldColumn, HeldSequence } from "./holdings.ts";
import {
  type ColumnsBackup,
  MANIFEST,
  type Manifest,
  newManifest,
  type SequenceBackup,
  type TableBackup,
} from "./manifest.ts";
import { renderCopyOut } from "./render-copy.ts";
import { inRolledBackSavepoint } from "./rolled-back-savepoint.ts";

/** Fixed settings for the text of values, the same as those of `target/target.ts`, which reads them again. */
const SETTINGS =
  "set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local " +
  "extra_float_digits = 1; set local bytea_output = 'hex'; set local client_encoding = 'UTF8'; set local " +
  "search_path = pg_catalog; set local row_security = off";

/** Writes the rows that would be lost, and finally the manifest, into a new directory. The tables must be locked. */
export async function writeBackup(
  tx: MigrationConnection,
  losses: Losses,
  directory: string,
  facts: { readonly changes: readonly Change[]; readonly report: Report },
): Promise<Manifest> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return inRolledBackSavepoint(tx, async () => {
    const [server] = await tx.rows<{ version: string; role: string; monetary: string }>(
      "select current_setting('server_version') as version, current_user as role, current_setting('lc_monetary') " +
        "as monetary",
    );
    await tx.run(SETTINGS);
    const fileNameOf = fileNames();
    const tables: TableBackup[] = [];
    for (const lost of losses.tables) {
      facts.report({
        kind: "step",
        message: `backing up the rows of ${lost.table.name}, which is locked meanwhile`,
      });
      tables.push(await backUpTable(tx, lost, directory, fileNameOf(lost.table.name)));
    }
    const columns: ColumnsBackup[] = [];
    for (const lost of losses.columns) {
      facts.report({
        kind: "step",
        message:
          `backing up ${lost.columns.map(({ name }) => name).join(", ")} of ${lost.table.name}, which is locked ` +
          "meanwhile",
      });
      columns.push(await backUpColumns(tx, lost, directory, fileNameOf(`${lost.table.name}-columns`)));
    }
    const sequences: SequenceBackup[] = [];
    for (const sequence of losses.sequences) sequences.push(await backUpSequence(tx, sequence));
    const manifest = newManifest({
      changeover: version(),
      madeAt: new Date().toISOString(),
      by: { ...actor(), role: server?.role ?? "" },
      database: tx.location,
      serverVersion: server?.version ?? "",
      migrations: facts.changes,
      monetary: server?.monetary ?? "",
      tables,
      columns,
      sequences,
    });
    await writeFile(join(directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flag: "wx", mode: 0o600 });
    await flushAll(directory);
    return manifest;
  });
}

/** `0001-orders.copy.gz`: table names may contain any character. */
function fileNames(): (name: string) => string {
  let last = 0;
  return (name) => `${String(++last).padStart(4, "0")}-${name.replace(/[^\w-]+/g, "_").slice(0, 80)}.copy.gz`;
}

async function backUpTable(
  tx: MigrationConnection,
  { table, how }: LostTable,
  directory: string,
  file: string,
): Promise<TableBackup> {
  const columns = table.columns.filter(({ generated }) => !generated);
  const copied = await copyOut(tx, renderCopyOut(table, columns), join(directory, file));
  return {
    schema: table.schema,
    name: table.name,
    partitioned: table.partitioned,
    how,
    columns: columns.map(columnOf),
    file,
    ...copied,
  };
}

async function backUpColumns(
  tx: MigrationConnection,
  { table, columns, key }: LostColumns,
  directory: string,
  file: string,
): Promise<ColumnsBackup> {
  if (key === null)
    throw new Error(`table ${table.name} has no remaining primary key or unique columns that identify its rows`);
  const copied = await copyOut(tx, renderCopyOut(table, [...key, ...columns]), join(directory, file));
  return {
    schema: table.schema,
    name: table.name,
    partitioned: table.partitioned,
    key: key.map(columnOf),
    columns: columns.map(columnOf),
    file,
    ...copied,
  };
}

function columnOf({ name, type }: HeldColumn): { readonly name: string; readonly type: string } {
  return { name, type };
}

async function backUpSequence(tx: MigrationConnection, sequence: HeldSequence): Promise<SequenceBackup> {
  const { schema, name, tableSchema, tableName, columnName } = sequence;
  const [state] = await tx.rows<{ last: string; called: boolean }>(
    `select last_value::text as last, is_called as called from ${pgTable(sequence)}`,
  );
  const of =
    tableSchema === null || tableName === null || columnName === null
      ? null
      : { schema: tableSchema, table: tableName, column: columnName };
  return { schema, name, of, lastValue: state?.last ?? "1", isCalled: state?.called === true };
}

/** Syncs the files to disk before the rows are deleted. */
async function flushAll(directory: string): Promise<void> {
  for (const name of [...(await readdir(directory)), "."]) {
    const file = await open(join(directory, name), "r");
    await file.sync();
    await file.close();
  }
}
