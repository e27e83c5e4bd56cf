import Database from "libsql";
import type { Source, SourceRow, SourceSnapshot, SourceValue, SourceWriter } from "../../src/source/source.ts";

export type SqliteDatabase = InstanceType<typeof Database>;

/** A database in memory, of the library that the engine uses, without the promises around it. */
export function memoryDatabase(): SqliteDatabase {
  const database = new Database(":memory:");
  database.defaultSafeIntegers(true);
  return database;
}

/** Rows as arrays; blobs as libsql gives them. */
export function rowsOf(database: SqliteDatabase, sql: string, args: readonly SourceValue[] = []): unknown[][] {
  const statement = database.prepare(sql);
  const bound = args.map((value) => (value instanceof ArrayBuffer ? Buffer.from(value) : value));
  if (statement.reader) return statement.raw().all(...bound) as unknown[][];
  statement.run(...bound);
  return [];
}

/** A query that is prepared once and asked again and again. */
export function preparedRows(database: SqliteDatabase, sql: string): (...args: readonly SourceValue[]) => unknown[][] {
  const statement = database.prepare(sql).raw();
  return (...args) => statement.all(...args) as unknown[][];
}

/** What the engine sees of a database in memory. */
export function memorySource(database: SqliteDatabase): Source {
  const reader: SourceWriter = {
    async rows(sql, args) {
      return rowsOf(database, sql, args).map(
        (row): SourceRow =>
          row.map((value) => (value instanceof Uint8Array ? new Uint8Array(value).buffer : (value as SourceValue))),
      );
    },
    async run(sql, args) {
      rowsOf(database, sql, args);
    },
    async script(statements) {
      database.exec(statements);
    },
  };
  const transaction = async <T>(begin: string, work: (tx: SourceWriter) => Promise<T>): Promise<T> => {
    database.exec(begin);
    try {
      const result = await work(reader);
      database.exec("COMMIT");
      return result;
    } finally {
      if (database.inTransaction) database.exec("ROLLBACK");
    }
  };
  return {
    kind: "file",
    location: "memory",
    path: null,
    identity: { kind: "server", url: "memory" },
    read: (work: (tx: SourceSnapshot) => Promise<never>) => transaction("BEGIN", work),
    write: (work: (tx: SourceWriter) => Promise<never>) => transaction("BEGIN IMMEDIATE", work),
    copyInto: () => Promise.reject(new Error("memory is no file")),
    switchToWal: async () => "wal",
    setSoleWriter: () => {},
    isContended: () => false,
    takeOverCheckpoints: () => {},
    close: () => database.close(),
  };
}
