import type { InValue, Transaction } from "@libsql/client/sqlite3";
import type { SourceValue } from "../model/source-value.ts";
import type { SourceReader, SourceWriter } from "./source.ts";

export async function journalMode(tx: SourceReader): Promise<string> {
  return String((await tx.rows("PRAGMA journal_mode"))[0]?.[0] ?? "");
}

/** A transaction of the libSQL client as phases use it. */
export function reader(transaction: Transaction): SourceWriter {
  const execute = (sql: string, args: readonly SourceValue[] = []) =>
    transaction.execute({ sql, args: args as InValue[] });
  return {
    async rows(sql, args) {
      const result = await execute(sql, args);
      const width = result.columns.length;
      return result.rows.map((row) => Array.from({ length: width }, (_, i) => row[i] as SourceValue));
    },
    async run(sql, args) {
      await execute(sql, args);
    },
    async script(statements) {
      await transaction.executeMultiple(statements);
    },
  };
}
