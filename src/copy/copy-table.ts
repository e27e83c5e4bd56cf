import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import type { TableState } from "../model/run.ts";
import { sqliteName } from "../quote.ts";
import { bindKey, keyExpressions, tupleOf } from "../rows/bind-key.ts";
import { rejectedValues } from "../rows/find-rejected.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import type { Source } from "../source/source.ts";
import { rejectionOf, rowRejectedError } from "../target/row-rejection.ts";
import { savePage } from "../target/store/table-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { copyLargeRow } from "./copy-large-row.ts";
import { type CopyPosition, copyFromStart, copyPosition } from "./copy-position.ts";
import { copyRowByRow } from "./copy-row-by-row.ts";
import { copyStream } from "./copy-stream.ts";
import { dropLogged } from "./drop-logged.ts";
import { type Page, PageLimits, readPage } from "./read-page.ts";
import { PageReader } from "./read-stored-page.ts";
import { renderPageQueries } from "./render-page.ts";
import { RowsMoved, unlessMoved } from "./rows-moved.ts";

export interface CopyOptions {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly state: TableState;
  readonly signal?: AbortSignal;
  /** From where on the log says what is written to the source meanwhile; null where nothing is. */
  readonly loggedSince: bigint | null;
  /** Rows of a page at most. */
  readonly maxRows?: number | null;
  readonly onRows: (rows: number, bytes: number) => void;
  /** Called after each page, between two snapshots: rests as long as it should. */
  readonly rest?: (page: { readonly rows: number; readonly durationMs: number }) => Promise<unknown>;
  /** Asked between two transactions: whether someone else needs the run now. */
  readonly isWanted?: () => Promise<boolean>;
}

// At the end of a COPY we wait until PostgreSQL has taken in what lies in the sockets, some 6 MB, and it waits for us behind it:
// a third of the time with transactions of 8 MB. What a kill loses of one is copied again.
const TRANSACTION_BYTES = 128 << 20;
/** The first of a table is soon done, and shows how it goes. */
const FIRST_BYTES = 1 << 20;
const TRANSACTION_MS = 2_000;
/** Losing the last pages to a crash of the server loses their position with them. */
const NOT_DURABLE = { isDurable: false };

/**
 * Copies a table page by page, in the order of its rowids or of its key, from where the last run got to, to its end or until someone else needs the run.
 * Each page is a snapshot of its own; rows and position commit together.
 */
export async function copyTable(
  source: Source,
  session: TargetSession,
  options: CopyOptions,
): Promise<"done" | "wanted"> {
  const place = await copyPosition(source, session, { ...options, isAtRest: options.loggedSince === null });
  try {
    return await copyFrom(source, session, options, place);
  } catch (error) {
    if (!(error instanceof RowsMoved)) throw error;
    return copyFrom(source, session, options, await copyFromStart(session, options));
  }
}

async function copyFrom(
  source: Source,
  session: TargetSession,
  options: CopyOptions,
  { dropped, order, saved, start, version }: CopyPosition,
): Promise<"done" | "wanted"> {
  const { loggedSince, mapping } = options;
  const queries = renderPageQueries(mapping, order);
  const limits = new PageLimits({ maxRows: options.maxRows ?? null, expectsFastPath: source.kind === "file" });
  if (dropped > 0) options.onRows(-dropped, 0);
  // To a rate, pages have no more rows than are wanted; a page of the file has as many as it has.
  const stored = options.maxRows == null ? PageReader.of(source, mapping, order) : null;
  let position = start;
  const read = () => {
    if (options.signal?.aborted === true) throw new InterruptedError();
    return unlessMoved(source, version, async (standing) => {
      const page = stored !== null && limits.expectsStored ? await stored.read(standing, position, limits) : "unknown";
      return page === "unknown" ? readPage(standing, queries, mapping, position, limits) : page;
    });
  };
  const dropMoved = async (tx: TargetTransaction) => {
    if (version !== null && loggedSince !== null) await dropLogged(source, tx, mapping, loggedSince);
  };
  let isDone = false;
  let most = FIRST_BYTES;
  let next = await read();
  while (next !== null) {
    const before = position;
    let hasFastPath = false;
    try {
      next = await session.transaction(async (tx) => {
        let rows = 0;
        let bytes = 0;
        let page: Page | null = next;
        if (page?.isLargeRow === true) {
          const key = await keyOf(source, mapping, order, page.last);
          const copied = key === null ? { bytes: 0, refused: false } : await copyLargeRow(source, tx, mapping, key);
          if (copied.refused) throw await rejectedValues(source, mapping, position, order);
          ({ rows, last: position } = page);
          await savePage(tx, {
            run: options.run,
            table: mapping.id,
            rows,
            from: saved(before),
            position: saved(position),
            done: false,
          });
          options.onRows(rows, copied.bytes);
          await options.rest?.(page);
          return read();
        }
        const copy =
          mapping.quarantine === true
            ? copyRowByRow(source, tx, { run: options.run, mapping })
            : copyStream(tx, mapping);
        const began = performance.now();
        while (page !== null && !page.isLargeRow && bytes < most && performance.now() - began < TRANSACTION_MS) {
          if (page.refused > 0) throw await rejectedValues(source, mapping, position, order);
          limits.learn(page);
          hasFastPath ||= page.isFastPath;
          // PostgreSQL takes these bytes while SQLite makes the next.
          const sent = copy.write(page);
          // Awaited below. Should it fail sooner, no one would have heard of it yet, and Node would end the process.
          sent.catch(() => {});
          rows += page.rows;
          bytes += page.data.byteLength;
          position = page.last;
          await options.rest?.(page);
          page = page.isLast ? null : await read();
          await sent;
        }
        await copy.finish();
        isDone = page === null;
        if (isDone) await dropMoved(tx);
        // With the last page, so that a small table costs one commit and no waiting for the disk.
        await savePage(tx, {
          run: options.run,
          table: mapping.id,
          rows,
          from: saved(before),
          position: saved(position),
          done: isDone,
        });
        options.onRows(rows, bytes);
        return page;
      }, NOT_DURABLE);
    } catch (error) {
      const rejection = rejectionOf(error, mapping);
      if (rejection === null) throw error;
      if (!hasFastPath)
        throw rowRejectedError(
          mapping,
          rejection,
          rejection.line === null ? null : await keyAt(source, mapping, { order, after: before, line: rejection.line }),
        );
      // In their usual form rows were looked at less closely: now they are, and what is wrong with them gets a name.
      limits.expectOdd();
      position = before;
      next = await read();
    }
    most = TRANSACTION_BYTES;
    if (next !== null && (await options.isWanted?.()) === true) return "wanted";
  }
  if (isDone) return "done";
  await session.transaction(async (tx) => {
    await dropMoved(tx);
    await tx.rows("update changeover.table_state set done = true where run = $1 and id = $2", [
      options.run,
      mapping.id,
    ]);
  }, NOT_DURABLE);
  return "done";
}

/** The key of the row at a place; null if none is there any more. */
async function keyOf(
  source: Source,
  mapping: TableMapping,
  order: readonly KeyColumn[],
  place: Tuple,
): Promise<Tuple | null> {
  const keys = keyColumns(mapping);
  if (order.every((column, index) => column.source === keys[index]?.source)) return place;
  const bound = bindKey(place);
  const [row] = await source.read((tx) =>
    tx.rows(
      `SELECT ${keyExpressions(keys, "t").join(", ")} FROM ${mappedRelation(mapping)} AS t WHERE ${order.map((column, index) => `t.${sqliteName(column.source)} = ${bound.expressions[index]}`).join(" AND ")}`,
      bound.args,
    ),
  );
  return row === undefined ? null : tupleOf(row, 0, keys.length);
}

/** The key of the row that stood in one line of a COPY. */
async function keyAt(
  source: Source,
  mapping: TableMapping,
  { order, after, line }: { readonly order: readonly KeyColumn[]; readonly after: Tuple | null; readonly line: number },
): Promise<Tuple | null> {
  const keys = keyColumns(mapping);
  const columns = order.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const bound = after === null ? null : bindKey(after);
  const where = bound === null ? "" : ` WHERE (${columns}) > (${bound.expressions.join(", ")})`;
  const [row] = await source.read((tx) =>
    tx.rows(
      `SELECT ${keyExpressions(keys, "t").join(", ")} FROM ${sqliteName(mapping.source)} AS t${where} ORDER BY ${columns} LIMIT 1 OFFSET ?`,
      [...(bound?.args ?? []), BigInt(line - 1)],
    ),
  );
  return row === undefined ? null : tupleOf(row, 0, keys.length);
}
