import { sqliteName } from "../quote.ts";
import { scratchSource } from "../source/scratch-source.ts";
import type { Source, SourceRow, SourceWriter } from "../source/source.ts";
import { decodeText, readEncoding } from "../source/source-text.ts";
import type { CapturedTable } from "./render-triggers.ts";

/** Rows of each table, for what can be tried on existing rows only. */
const ROWS = 2;

interface SchemaObject {
  readonly type: string;
  readonly sql: string;
}

/**
 * Does `work` on a local database with a server's schema, our triggers among it, and some rows of each table. Trying
 * capture takes some hundred statements a table: at a server each is a round trip that holds the application's lock.
 */
export async function onSchemaTwin<T>(
  source: Source,
  tables: readonly CapturedTable[],
  work: (twin: Source) => Promise<T>,
): Promise<T> {
  const { encoding, objects } = await source.read(async (tx) => {
    const known = await readEncoding(tx);
    const rows = await tx.rows(
      "SELECT type, CAST(sql AS BLOB) FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' " +
        "ESCAPE '\\' ORDER BY type <> 'table', rowid",
    );
    return {
      encoding: known,
      objects: rows.map(([type, sql]): SchemaObject => ({ type: String(type), sql: decodeText(sql, known) })),
    };
  });
  const rows = await someRows(source, tables);
  const { remove, source: twin } = await scratchSource(encoding);
  try {
    await twin.write((tx) => fill(tx, { objects, rows, tables }), { foreignKeys: "off" });
    return await work(twin);
  } finally {
    await remove();
  }
}

async function fill(
  tx: SourceWriter,
  of: {
    readonly objects: readonly SchemaObject[];
    readonly tables: readonly CapturedTable[];
    readonly rows: readonly (readonly SourceRow[])[];
  },
): Promise<void> {
  const { objects, rows, tables } = of;
  // A virtual table makes its own shadow tables, which then are there already.
  for (const { sql, type } of objects)
    if (type === "table")
      await tx.run(sql).catch((error: unknown) => {
        if (!/already exists/.test(String(error))) throw error;
      });
  for (const [index, { table }] of tables.entries())
    for (const row of rows[index] ?? [])
      await tx.run(
        `INSERT INTO ${sqliteName(table.name)}(${columnsOf(table).join(", ")}) ` +
          `VALUES(${row.map(() => "?").join(", ")})`,
        row,
      );
  for (const { sql, type } of objects) if (type !== "table") await tx.run(sql);
}

/** Together, which is one round trip. */
function someRows(source: Source, tables: readonly CapturedTable[]): Promise<SourceRow[][]> {
  return source.read((tx) =>
    Promise.all(
      tables.map(({ table }) =>
        tx.rows(`SELECT ${columnsOf(table).join(", ")} FROM ${sqliteName(table.name)} LIMIT ${ROWS}`),
      ),
    ),
  );
}

function columnsOf({ columns }: CapturedTable["table"]): string[] {
  return columns.filter(({ generated }) => generated === null).map(({ name }) => sqliteName(name));
}
