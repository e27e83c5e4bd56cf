import { savePage } from "../db/run-store.ts";
import type { Source } from "../db/source.ts";
import { refusalOf, rowRefusedError } from "../db/refusal.ts";
import type { TargetSession, TargetTransaction } from "../db/target.ts";
import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import { type TableMapping, keyColumns } from "../model/mapping.ts";
import type { TableState } from "../model/run.ts";
import { sqliteName } from "../quote.ts";
import { bindKey, keyExpressions, tupleOf } from "../value/bind-key.ts";
import { refusedValues } from "../db/find-refused.ts";
import { type PageWriter, copyApart } from "./copy-apart.ts";
import { copyStatement } from "./copy-statement.ts";
import { copyWideRow } from "./copy-wide-row.ts";
import { type Page, PageLimits, readPage } from "./read-page.ts";
import { renderPageQueries } from "./render-page.ts";

export interface CopyOptions {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly state: TableState;
  readonly signal?: AbortSignal;
  /** Rows of a page at most. */
  readonly mostRows?: number | null;
  readonly onRows: (rows: number, bytes: number) => void;
  /** Called after each page, between two snapshots: rests as long as it should. */
  readonly rest?: (page: { readonly rows: number; readonly took: number }) => Promise<void>;
  /** Asked between two transactions: whether someone else needs the run now. */
  readonly isWanted?: () => Promise<boolean>;
}

// A transaction of several pages spares commits; what a kill loses of it is copied again.
const TRANSACTION_BYTES = 8 << 20;
const TRANSACTION_MS = 2_000;

/**
 * Copies a table page by page, in the order of its key, from where the last run got to, to its end or until someone else needs the run.
 * Each page is a snapshot of its own; rows and position commit together.
 */
export async function copyTable(source: Source, session: TargetSession, options: CopyOptions): Promise<"done" | "wanted"> {
  const { mapping } = options;
  const queries = renderPageQueries(mapping);
  const limits = new PageLimits({ mostRows: options.mostRows ?? null });
  let position = options.state.position;
  const read = () => readPage(source, queries, mapping, position, limits);
  let isDone = false;
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
        let rows = 0;
        let bytes = 0;
        let page: Page | null = next;
        if (page?.isWide === true) {
          const copied = await copyWideRow(source, tx, mapping, page.last);
          if (copied.refused) throw await refusedValues(source, mapping, position);
          ({ rows, last: position } = page);
          await savePage(tx, { run: options.run, table: mapping.id, rows, position, done: false });
          options.onRows(rows, copied.bytes);
          await options.rest?.(page);
          return read_();
        }
        const copy = mapping.ledger === true ? copyApart(source, tx, { run: options.run, mapping }) : await copyStream(tx, mapping);
        const began = performance.now();
        while (page !== null && !page.isWide && bytes < TRANSACTION_BYTES && performance.now() - began < TRANSACTION_MS) {
          if (page.refused > 0) throw await refusedValues(source, mapping, position);
          limits.learn(page);
          // PostgreSQL takes these bytes while SQLite makes the next.
          const sent = copy.write(page);
          // Awaited below. Should it fail sooner, no one would have heard of it yet, and Node would end the process.
          sent.catch(() => {});
          rows += page.rows;
          bytes += page.text.byteLength;
          position = page.last;
          await options.rest?.(page);
          page = await read_();
          await sent;
        }
        await copy.finish();
        isDone = page === null;
        // With the last page, so that a small table costs one commit and no waiting for the disk.
        await savePage(tx, { run: options.run, table: mapping.id, rows, position, done: isDone });
        options.onRows(rows, bytes);
        return page;
      });
    } catch (error) {
      throw await located(error, source, mapping, before);
    }
    if (next !== null && (await options.isWanted?.()) === true) return "wanted";
  }
  if (!isDone) await session.rows("update changeover.table_state set done = true where run = $1 and id = $2", [options.run, mapping.id]);
  return "done";
}

/** One COPY for all pages of a transaction. */
async function copyStream(tx: TargetTransaction, mapping: TableMapping): Promise<PageWriter> {
  const copy = await tx.copyIn(copyStatement(mapping));
  return { write: ({ text }) => copy.write(text), finish: () => copy.finish() };
}

/** An error of PostgreSQL about one line, with the key and the column of the row in it. */
async function located(error: unknown, source: Source, mapping: TableMapping, after: Tuple | null): Promise<unknown> {
  const refusal = refusalOf(error, mapping);
  if (refusal === null) return error;
  return rowRefusedError(mapping, refusal, refusal.line === null ? null : await keyAt(source, mapping, after, refusal.line));
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
