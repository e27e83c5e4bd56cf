import { savePage } from "../db/run-store.ts";
import type { Source } from "../db/source.ts";
import { sqlState } from "../db/target-error.ts";
import type { TargetSession } from "../db/target.ts";
import { ChangeoverError, InterruptedError, ValueError } from "../errors.ts";
import { type Tuple, showTuple } from "../model/key.ts";
import { type TableMapping, keyColumns, travellingColumns } from "../model/mapping.ts";
import type { TableState } from "../model/run.ts";
import { pgName, pgTable, sqliteName } from "../quote.ts";
import { bindKey, keyExpressions, tupleOf } from "../value/bind-key.ts";
import { refusedValues } from "../db/find-refused.ts";
import { type Page, type PageLimits, readPage } from "./read-page.ts";
import { renderPageQueries } from "./render-page.ts";

export interface CopyOptions {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly state: TableState;
  readonly signal?: AbortSignal;
  /** Longest time that a source snapshot should stay open, ms. */
  readonly pageTime?: number;
  readonly onRows: (rows: number, bytes: number) => void;
  /** Waits as long as the throttle wants after so many rows. */
  readonly throttle?: (rows: number) => Promise<void>;
}

// A transaction of several pages spares commits; what a kill loses of it is copied again.
const TRANSACTION_BYTES = 8 << 20;
const PAGE_BYTES = 512 << 10;
const PAGE_MS = 40;

/**
 * Copies a table page by page, in the order of its key, from where the last run got to.
 * Each page is a snapshot of its own; rows and position commit together.
 */
export async function copyTable(source: Source, session: TargetSession, options: CopyOptions): Promise<void> {
  const { mapping } = options;
  const queries = renderPageQueries(mapping);
  const size = new PageSize(options.pageTime ?? PAGE_MS);
  let position = options.state.position;
  const read = () => readPage(source, queries, mapping, position, size.limits);
  let next = await read();
  while (next !== null) {
    const before = position;
    const read_ = async () => {
      if (options.signal?.aborted === true) throw new InterruptedError();
      return read();
    };
    try {
      next = await session.transaction(async (tx) => {
        // Losing the last pages to a crash of the server loses their position with them.
        await tx.run("set local synchronous_commit = off");
        const copy = await tx.copyIn(copyStatement(mapping));
        let rows = 0;
        let bytes = 0;
        let page: Page | null = next;
        while (page !== null && bytes < TRANSACTION_BYTES) {
          if (page.refused > 0) throw await refusedValues(source, mapping, position);
          size.learn(page);
          // PostgreSQL takes these bytes while SQLite makes the next.
          const sent = copy.write(page.text);
          rows += page.rows;
          bytes += page.text.byteLength;
          position = page.last;
          page = await read_();
          await sent;
        }
        await copy.finish();
        await savePage(tx, { run: options.run, table: mapping.id, rows, position, done: false });
        options.onRows(rows, bytes);
        await options.throttle?.(rows);
        return page;
      });
    } catch (error) {
      throw await located(error, source, mapping, before);
    }
  }
  await session.rows("update changeover.table_state set done = true where run = $1 and id = $2", [options.run, mapping.id]);
}

/** The COPY statement for a table's travelling columns. */
export function copyStatement(mapping: TableMapping): string {
  const columns = travellingColumns(mapping).map((column) => pgName(column.target));
  return `copy ${pgTable(mapping.target)} (${columns.join(", ")}) from stdin`;
}

/** Reads all pages of a table, each a snapshot of its own, and hands them over. Returns the number of rows. */
export async function readPages(source: Source, mapping: TableMapping, take: (page: Page) => Promise<void>): Promise<number> {
  const queries = renderPageQueries(mapping);
  const size = new PageSize(PAGE_MS);
  let rows = 0;
  for (let position: Tuple | null = null; ; ) {
    const page: Page | null = await readPage(source, queries, mapping, position, size.limits);
    if (page === null) return rows;
    if (page.refused > 0) throw await refusedValues(source, mapping, position);
    size.learn(page);
    await take(page);
    rows += page.rows;
    position = page.last;
  }
}

/** Pages as large as keep the source's snapshot short, learnt from how long the last ones took. */
class PageSize {
  limits: PageLimits = { rows: 500, bytes: PAGE_BYTES };
  readonly #time: number;

  constructor(time: number) {
    this.#time = time;
  }

  learn(page: Page): void {
    const factor = Math.min(2, Math.max(0.25, this.#time / Math.max(page.took, 1)));
    this.limits = { ...this.limits, rows: Math.min(20_000, Math.max(1, Math.round(Math.max(page.rows, this.limits.rows * 0.5) * factor))) };
  }
}

/** An error of PostgreSQL about one line, with the key and the column of the row in it. */
async function located(error: unknown, source: Source, mapping: TableMapping, after: Tuple | null): Promise<unknown> {
  const state = sqlState(error);
  if (!(error instanceof ChangeoverError) || state === undefined || !/^(22|23)/.test(state)) return error;
  const where = String(error.context["where"] ?? "");
  const line = Number(/, line (\d+)/.exec(where)?.[1] ?? Number.NaN);
  const named = /, column (.+)$/.exec(where)?.[1] ?? (error.context["column"] as string | undefined);
  const column = mapping.columns.find(({ target }) => target === named);
  const key = Number.isNaN(line) ? null : await keyAt(source, mapping, after, line);
  return new ValueError({
    code: "VALUE_REFUSED",
    message: `table ${mapping.source}${column === undefined ? "" : `, column ${column.source}`}: PostgreSQL refuses the row${key === null ? "" : ` whose key is ${showTuple(key)}`}: ${reason(error)}`,
    hint: "correct the value in the source, or give the column a type in the migration files that holds it; then run the same command again",
    context: { ...error.context, table: mapping.source, column: column?.source, key },
    cause: error,
  });
}

function reason(error: ChangeoverError): string {
  return /\(([^]*)\)$/.exec(error.message)?.[1] ?? error.message;
}

async function keyAt(source: Source, mapping: TableMapping, after: Tuple | null, line: number): Promise<Tuple | null> {
  const keys = keyColumns(mapping);
  const order = keys.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const bound = after === null ? null : bindKey(after);
  const where = bound === null ? "" : ` WHERE (${order}) > (${bound.expressions.join(", ")})`;
  const [row] = await source.read((tx) =>
    tx.rows(`SELECT ${keyExpressions(keys, "t").join(", ")} FROM ${sqliteName(mapping.source)} AS t${where} ORDER BY ${order} LIMIT 1 OFFSET ?`, [...(bound?.args ?? []), BigInt(line - 1)]),
  );
  return row === undefined ? null : tupleOf(row, 0, keys.length);
}
