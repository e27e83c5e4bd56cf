import Database from "libsql";
import { fromSqlite, type HranaResult, type HranaStatement, StatementError, toSqlite } from "./hrana-values.ts";
import { type SqldStatement, sqldStatements } from "./sqld-statements.ts";
import type { WriteLock } from "./write-lock.ts";

export type BatchCondition =
  | { readonly type: "ok" | "error"; readonly step: number }
  | { readonly type: "not"; readonly cond: BatchCondition }
  | { readonly type: "and" | "or"; readonly conds: readonly BatchCondition[] }
  | { readonly type: "is_autocommit" };

export interface HranaBatch {
  readonly steps: readonly { readonly condition?: BatchCondition | null; readonly stmt: HranaStatement }[];
}

export interface StreamOptions {
  readonly file: string;
  readonly lock: WriteLock;
  /** SQLite's limit of a text, a blob or a row; sqld: 5 MB. */
  readonly maxRowBytes: number;
  /** Of all values of one result; sqld: 10 MB. */
  readonly maxResponseBytes: number;
}

/** One stream of Hrana: a connection of its own, and the texts that were stored in it. */
export class HranaStream {
  readonly #database: Database.Database;
  readonly #options: StreamOptions;
  readonly #texts = new Map<number, string>();
  #timedOut = false;
  isClosed = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#database = new Database(options.file, { timeout: 0 });
    this.#database.exec("PRAGMA foreign_keys = ON");
  }

  get isAutocommit(): boolean {
    return !this.#database.inTransaction;
  }

  storeText(id: number, sql: string): void {
    this.#texts.set(id, sql);
  }

  forgetText(id: number): void {
    this.#texts.delete(id);
  }

  async execute(statement: HranaStatement): Promise<HranaResult> {
    const found = sqldStatements(this.textOf(statement));
    if (found[0] === undefined)
      throw new StatementError("SQL_NO_STATEMENT", "SQL string does not contain any statement");
    if (found.length > 1)
      throw new StatementError("SQL_MANY_STATEMENTS", "SQL string contains more than one statement");
    const args = statement.args?.map(toSqlite) ?? [];
    const named = Object.fromEntries(statement.named_args?.map(({ name, value }) => [name, toSqlite(value)]) ?? []);
    return this.#step(found[0], statement.named_args?.length ? named : args);
  }

  /** Steps in order, each where its condition holds. */
  async batch({ steps }: HranaBatch): Promise<{
    readonly step_results: (HranaResult | null)[];
    readonly step_errors: ({ readonly message: string; readonly code: string } | null)[];
  }> {
    const results: (HranaResult | null)[] = [];
    const errors: ({ readonly message: string; readonly code: string } | null)[] = [];
    const holds = (condition: BatchCondition): boolean => {
      switch (condition.type) {
        case "ok":
          return results[condition.step] != null;
        case "error":
          return errors[condition.step] != null;
        case "not":
          return !holds(condition.cond);
        case "is_autocommit":
          return this.isAutocommit;
        default:
          return condition.type === "and" ? condition.conds.every(holds) : condition.conds.some(holds);
      }
    };
    for (const { condition, stmt } of steps) {
      results.push(null);
      errors.push(null);
      if (condition != null && !holds(condition)) continue;
      try {
        results[results.length - 1] = await this.execute(stmt);
      } catch (error) {
        if (!(error instanceof StatementError)) throw error;
        errors[errors.length - 1] = { message: error.message, code: error.code };
      }
    }
    return { step_results: results, step_errors: errors };
  }

  async sequence(statement: Pick<HranaStatement, "sql" | "sql_id">): Promise<void> {
    for (const found of sqldStatements(this.textOf(statement))) await this.#step(found, []);
  }

  textOf({ sql, sql_id }: Pick<HranaStatement, "sql" | "sql_id">): string {
    const text = sql ?? (sql_id == null ? undefined : this.#texts.get(sql_id));
    if (text === undefined) throw new StatementError("SQL_NO_STATEMENT", "SQL text was not found");
    return text;
  }

  /** Another stream waited for the lock for too long: sqld takes it away. */
  takeLock(): void {
    if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
    this.#timedOut = true;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
    this.#options.lock.release(this);
    this.#database.close();
  }

  async #step(statement: SqldStatement, args: readonly unknown[] | object): Promise<HranaResult> {
    const { lock } = this.#options;
    if (statement.writes) await lock.acquire(this);
    try {
      if (this.#timedOut) {
        this.#timedOut = false;
        throw new StatementError("TRANSACTION_TIMEOUT", "Transaction timed out");
      }
      return this.#run(statement.sql, args);
    } finally {
      if (this.isClosed || this.isAutocommit) lock.release(this);
    }
  }

  #run(sql: string, args: readonly unknown[] | object): HranaResult {
    try {
      // As one list: the driver takes a single blob for named parameters, and aborts the process.
      const prepared = this.#database.prepare(sql);
      const columns = prepared.reader ? prepared.columns() : [];
      if (columns.length === 0) {
        const { changes, lastInsertRowid } = prepared.run(args);
        return { cols: [], rows: [], affected_row_count: changes, last_insert_rowid: String(lastInsertRowid) };
      }
      const rows = prepared.safeIntegers(true).raw(true).all(args) as unknown[][];
      this.#refuseLarge(rows);
      return {
        cols: columns.map(({ name, type }) => ({ name, decltype: type })),
        rows: rows.map((row) => row.map(fromSqlite)),
        affected_row_count: 0,
        last_insert_rowid: null,
      };
    } catch (error) {
      if (error instanceof StatementError) throw error;
      const code = error instanceof Error && "code" in error ? String(error.code) : "SQLITE_UNKNOWN";
      const message = error instanceof Error ? error.message : String(error);
      throw new StatementError(
        /^SQLITE_CONSTRAINT/.test(code) ? "SQLITE_CONSTRAINT" : code,
        `SQLite error: ${message}`,
      );
    }
  }

  #refuseLarge(rows: readonly (readonly unknown[])[]): void {
    let all = 0;
    for (const row of rows) {
      let bytes = 0;
      for (const value of row)
        bytes += typeof value === "string" ? value.length : ArrayBuffer.isView(value) ? value.byteLength : 8;
      if (bytes > this.#options.maxRowBytes)
        throw new StatementError("SQLITE_TOOBIG", "SQLite error: string or blob too big");
      all += bytes;
    }
    if (all > this.#options.maxResponseBytes) throw new StatementError("RESPONSE_TOO_LARGE", "Response is too large");
  }
}
