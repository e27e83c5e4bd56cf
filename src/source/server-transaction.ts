import type { InStatement, InValue, ResultSet, Transaction } from "@libsql/client/sqlite3";
import type { SourceValue } from "../model/source-value.ts";
import { isConnectionLost } from "./remote-error.ts";
import type { SourceWriter } from "./source.ts";

export interface ServerTransactionOptions {
  /** Statements that go before the first. */
  readonly before?: readonly string[];
  /** Nothing is written, so a statement may be run twice. */
  readonly isReadOnly?: boolean;
}

interface Asked {
  readonly statement: InStatement;
  readonly resolve: (result: ResultSet) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A transaction at a server. What is asked in one turn of the event loop goes there in one request, with the BEGIN if
 * it is the first.
 */
export class ServerTransaction implements SourceWriter {
  readonly #transaction: Transaction;
  readonly #repeats: boolean;
  /** Statements that go before the first. */
  #before: readonly string[];
  #asked: Asked[] = [];

  constructor(transaction: Transaction, options: ServerTransactionOptions = {}) {
    this.#transaction = transaction;
    this.#before = options.before ?? [];
    this.#repeats = options.isReadOnly === true;
  }

  async rows(sql: string, args: readonly SourceValue[] = []): Promise<SourceValue[][]> {
    const { columns, rows } = await this.#ask(sql, args);
    const width = columns.length;
    return rows.map((row) => Array.from({ length: width }, (_, i) => row[i] as SourceValue));
  }

  async run(sql: string, args: readonly SourceValue[] = []): Promise<void> {
    await this.#ask(sql, args);
  }

  async script(statements: string): Promise<void> {
    if (this.#before.length > 0) await this.run("SELECT 1");
    await this.#transaction.executeMultiple(statements);
  }

  #ask(sql: string, args: readonly SourceValue[]): Promise<ResultSet> {
    return new Promise((resolve, reject) => {
      if (this.#asked.length === 0) queueMicrotask(() => void this.#send());
      this.#asked.push({ statement: { sql, args: args as InValue[] }, resolve, reject });
    });
  }

  async #send(): Promise<void> {
    const asked = this.#asked;
    const before = this.#before;
    this.#asked = [];
    this.#before = [];
    try {
      const results = await this.#transaction.batch([...before, ...asked.map(({ statement }) => statement)]);
      for (const [index, { resolve, reject }] of asked.entries()) {
        const result = results[before.length + index];
        if (result === undefined) reject(new RangeError("the server left out a result"));
        else resolve(result);
      }
    } catch (error) {
      if (this.#repeats && asked.length > 1 && !isConnectionLost(error)) await this.#oneByOne(asked);
      else for (const { reject } of asked) reject(error);
    }
  }

  /** The client says of several that one failed, and forgets what the others returned. */
  async #oneByOne(asked: readonly Asked[]): Promise<void> {
    for (const { reject, resolve, statement } of asked)
      await this.#transaction.execute(statement).then(resolve, reject);
  }
}
