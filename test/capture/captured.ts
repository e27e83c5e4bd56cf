import { installCapture, removeCapture } from "../../src/capture/install.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import { memoryDatabase, memorySource, rowsOf } from "../fuzz/memory-source.ts";

export interface Captured {
  /** Runs statements as the application does. */
  run(sql: string): void;
  rows(sql: string): unknown[][];
  /** The keys that statements log for a table, each as SQL literals, sorted. */
  logged(sql: string, table?: string): string[];
  clean(): Promise<string[]>;
}

/** A database in memory made by the given statements, with capture on all its tables. */
export async function captured(statements: string, options: { readonly recursive?: boolean } = {}): Promise<Captured> {
  const database = memoryDatabase();
  database.exec(`PRAGMA recursive_triggers = ${options.recursive === true ? "ON" : "OFF"}; ${statements}`);
  const source = memorySource(database);
  const { tables } = await source.read(readSchema);
  const all = tables.map((table, index) => ({ id: index + 1, table, identity: chooseIdentity(table, undefined) }));
  await installCapture(source, { run: "test", target: "", tables: all });
  return {
    run: (sql) => void database.exec(sql),
    rows: (sql) => rowsOf(database, sql),
    logged(sql, name) {
      const table = all.find((candidate) => candidate.table.name === (name ?? all[0]?.table.name));
      const [before] = rowsOf(database, "SELECT coalesce(max(seq), 0) FROM _changeover_log");
      database.exec(sql);
      const width = table?.identity.kind === "columns" ? table.identity.columns.length : 1;
      const keys = Array.from({ length: width }, (_, position) => `quote(k${position + 1})`).join(" || ', ' || ");
      return rowsOf(
        database,
        `SELECT DISTINCT ${keys} FROM _changeover_log WHERE seq > ? AND tbl = ${table?.id ?? 0} ORDER BY 1`,
        [before?.[0] as bigint],
      ).map(([key]) => String(key));
    },
    clean: () => removeCapture(source),
  };
}
