import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { type BoundKey, bindKey, tupleOf } from "../rows/bind-key.ts";
import { parseKeyTexts } from "../rows/key-text.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { PageSize } from "../rows/page-size.ts";
import type { Source, SourceReader, SourceRow } from "../source/source.ts";
import { sqliteCode } from "../source/source-error.ts";
import { allowFullScans } from "../target/planner.ts";
import { stateOf } from "../target/state-schema.ts";
import { countQuarantine, lookUpQuarantine } from "../target/store/quarantine-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { isLogged } from "./look-up.ts";
import type { Pacing } from "./pacing.ts";
import { type CountQueries, renderCountQueries } from "./render-count-queries.ts";
import type { FailbackLog } from "./verify-options.ts";

export interface CountOptions extends Pacing {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly captured: boolean;
  readonly mapping: TableMapping;
  readonly failback?: FailbackLog;
  /** Counts only rows after this key, a number: all others are known to be there on both sides. */
  readonly after?: bigint;
}

// A count is taken while both sides move; rows that only the target has are in each.
const ATTEMPTS = 3;
const FIRST_PAGE = 20_000;
const MAX_ROWS = 1_000_000;

/**
 * Rows in the target beyond those of the source. The target is counted first, then the source in pages, each a short
 * snapshot of its own. Keys logged since the target's watermark are left out of both counts, so the rest must be equal
 * to the row.
 */
export async function countExtras(options: CountOptions): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  let { tooFarBehind } = options;
  for (let attempt = 0; attempt < ATTEMPTS && fewest > 0; ) {
    const extras = await new Count({ ...options, tooFarBehind }).extras();
    if (extras === null) {
      await options.whileBehind?.();
      // A count of gigabytes takes longer than a busy writer takes to be ahead so far, each time again.
      tooFarBehind *= 2n;
    } else {
      fewest = Math.min(fewest, Math.max(0, extras));
      attempt++;
    }
  }
  return fewest;
}

class Count {
  readonly #options: CountOptions;
  readonly #queries: CountQueries;
  readonly #size = new PageSize({ first: FIRST_PAGE, max: MAX_ROWS });
  readonly #pendingTable: string;
  #hasPending = false;

  constructor(options: CountOptions) {
    this.#options = options;
    this.#queries = renderCountQueries(options.mapping);
    this.#pendingTable = pgName(`_changeover_pending_${options.mapping.id}`);
  }

  /** Null if too much is pending to tell: replay has to come nearer first. */
  extras(): Promise<number | null> {
    const { mapping, run, session, failback } = this.#options;
    const target = pgTable(mapping.target);
    return session.transaction(
      async (tx) => {
        await failback?.lock(tx, mapping);
        await allowFullScans(tx);
        const [seen] = await tx.rows<{ watermark: string; rows: string }>(
          `select (select watermark from ${stateOf(tx)}.run where id = $1)::text as watermark, (select count(*) ` +
            `from ${target}${this.#range})::text as rows`,
          [run],
        );
        const sourceRows = await this.#sourceRows(tx, BigInt(seen?.watermark ?? 0));
        if (sourceRows === null) return null;
        if (failback !== undefined) {
          const [returning] = await tx.rows<{ rows: string }>(
            `select count(*)::text as rows from ${target} as t where ${isLogged(mapping, failback.log(mapping), "t")}`,
          );
          const left = mapping.quarantine === true ? await this.#quarantineRows(tx, 0n) : 0;
          return (
            Number(seen?.rows ?? 0) -
            Number(returning?.rows ?? 0) -
            (sourceRows - left - (await failback.countInSource(tx, mapping)))
          );
        }
        const quarantined =
          mapping.quarantine === true ? await this.#quarantineRows(tx, BigInt(seen?.watermark ?? 0)) : 0;
        return Number(seen?.rows ?? 0) - (await this.#pendingRows(tx)) - (sourceRows - quarantined);
      },
      { isolation: "repeatable read" },
    );
  }

  get #range(): string {
    const { after, mapping } = this.#options;
    return after === undefined ? "" : ` where ${pgName(keyColumns(mapping)[0]?.target ?? "")} > ${after}`;
  }

  /** Rows of the target whose keys are pending. */
  async #pendingRows(tx: TargetTransaction): Promise<number> {
    if (!this.#hasPending) return 0;
    const keys = keyColumns(this.#options.mapping)
      .map((key) => pgName(key.target))
      .join(", ");
    await tx.run(`analyze pg_temp.${this.#pendingTable}`);
    const [found] = await tx.rows<{ rows: string }>(
      `select count(*)::text as rows from (select distinct ${keys} from pg_temp.${this.#pendingTable}) as l ` +
        `join ${pgTable(this.#options.mapping.target)} as t using (${keys})`,
    );
    return Number(found?.rows ?? 0);
  }

  /** Sends pending keys. A table for them takes longer to make than most tables to count, and mostly there are none. */
  async #addPending(tx: TargetTransaction, lines: Uint8Array): Promise<void> {
    const { mapping } = this.#options;
    const keys = keyColumns(mapping)
      .map((key) => pgName(key.target))
      .join(", ");
    if (!this.#hasPending)
      await tx.run(
        `create temporary table ${this.#pendingTable} on commit drop as select ${keys} ` +
          `from ${pgTable(mapping.target)} with no data`,
      );
    this.#hasPending = true;
    const copy = await tx.copyIn(`copy pg_temp.${this.#pendingTable} from stdin`);
    await copy.write(lines);
    await copy.finish();
  }

  /** Rows that the quarantine keeps out, but for those pending. */
  async #quarantineRows(tx: TargetTransaction, watermark: bigint): Promise<number> {
    const { captured, mapping, run, source } = this.#options;
    const counted = (await countQuarantine(tx, run)).find(({ tableId }) => tableId === mapping.id)?.rows ?? 0;
    if (counted === 0 || !captured) return counted;
    const pending = await source.read((reader) => reader.rows(this.#queries.keysLogged, [watermark]));
    const quarantined = await lookUpQuarantine(
      tx,
      { run, mapping },
      pending.flatMap(([key]) => parseKeyTexts(key, mapping)),
    );
    return counted - [...quarantined.values()].filter(({ what }) => what === "row").length;
  }

  /** Rows of the source whose keys are not pending; pending keys go to the target. */
  async #sourceRows(tx: TargetTransaction, watermark: bigint): Promise<number | null> {
    const { mapping, rest, signal, source } = this.#options;
    let total = 0;
    const start: Tuple | null =
      this.#options.after === undefined ? null : [{ type: "integer", value: this.#options.after.toString() }];
    for (let after = start, more = true; more; ) {
      if (signal?.aborted === true) throw new InterruptedError();
      const from: Tuple | null = after;
      const page: CountedPage | null = await source.read(
        (reader): Promise<CountedPage | null> => this.#page(reader, from, watermark),
      );
      if (page === null) return null;
      this.#size.learn(page);
      if (page.lines !== null) await this.#addPending(tx, asUtf8(page.lines, mapping));
      total += page.settled;
      after = page.last;
      more = after !== null;
      await rest?.({ rows: 0, durationMs: page.durationMs });
    }
    return total;
  }

  async #page(reader: SourceReader, after: Tuple | null, watermark: bigint): Promise<CountedPage | null> {
    const { captured, mapping, tooFarBehind } = this.#options;
    const started = performance.now();
    const last = captured ? await lastLogged(reader) : watermark;
    if (last - watermark > tooFarBehind) return null;
    const lower = after === null ? null : bindKey(after);
    const [end] = await reader.rows(this.#queries.boundary(lower?.expressions ?? null), [
      ...(lower?.args ?? []),
      BigInt(this.#size.rows - 1),
    ]);
    const boundary = end === undefined ? null : tupleOf(end, 0, keyColumns(mapping).length);
    const upper = boundary === null ? null : bindKey(boundary);
    const [counted] = upper === null ? await this.#count(reader, lower) : [];
    const rows = upper === null ? Number(counted?.[0] ?? 0n) : this.#size.rows;
    const args = [watermark, last, ...(lower?.args ?? []), ...(upper?.args ?? [])];
    const [pending] =
      last > watermark
        ? await reader.rows(this.#queries.pending(lower?.expressions ?? null, upper?.expressions ?? null), args)
        : [];
    return {
      rows,
      settled: rows - Number(pending?.[1] ?? 0n),
      lines: pending?.[0] == null ? null : (pending[0] as ArrayBuffer),
      last: boundary,
      durationMs: performance.now() - started,
    };
  }

  /** SQLite counts by an index if there is one. It cannot open an index whose collation only the application has. */
  #count(reader: SourceReader, after: BoundKey | null): Promise<SourceRow[]> {
    const args = after?.args ?? [];
    return reader.rows(this.#queries.count(after?.expressions ?? null), args).catch((error: unknown) => {
      if (sqliteCode(error) !== "SQLITE_ERROR") throw error;
      return reader.rows(this.#queries.countRows(after?.expressions ?? null), args);
    });
  }
}

interface CountedPage {
  readonly rows: number;
  /** Of them those that are not pending. */
  readonly settled: number;
  /** The keys pending, as COPY lines. */
  readonly lines: ArrayBuffer | null;
  /** Null after the last page. */
  readonly last: Tuple | null;
  readonly durationMs: number;
}
