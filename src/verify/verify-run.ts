import { setTimeout as delay } from "node:timers/promises";
import { lastLogged } from "../db/change-log.ts";
import type { Source, SourceReader } from "../db/source.ts";
import type { TargetSession } from "../db/target.ts";
import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import { type TableMapping, keyColumns } from "../model/mapping.ts";
import type { Difference } from "./compare.ts";
import { bindKey, tupleOf } from "../value/bind-key.ts";
import { compareKeyless } from "./compare-keyless.ts";
import { comparer } from "./compare.ts";
import { countExtras } from "./count-extras.ts";
import { LookUp } from "./look-up.ts";
import { type RawQueries, renderBoundary, renderRawQueries } from "./render-raw.ts";
import { type RawRow, unpackRows } from "./unpack.ts";

export interface VerifyOptions {
  readonly run: string;
  readonly source: Source;
  /** A session of its own, beside the one that replays. */
  readonly session: TargetSession;
  /** Whether the source has a change log; without one it must be at rest. */
  readonly captured: boolean;
  readonly signal?: AbortSignal;
  readonly onRows?: (table: string, rows: number) => void;
  /** Lets replay go on while rows that just changed are awaited; returns when it made a step. */
  readonly advance?: () => Promise<void>;
  /** After the cutover tables without a key have lost the column that told their rows apart. */
  readonly rowidsDropped?: boolean;
  /** How long to wait for replay to bring a changed row over, ms. */
  readonly patience?: number;
}

export interface TableVerification {
  readonly mapping: TableMapping;
  readonly rows: number;
  readonly differences: readonly Difference[];
  /** Rows of the target that the source does not have, beyond those named. */
  readonly extras: number;
  /** Rows that kept changing or that replay did not bring over while we waited. */
  readonly unsettled: number;
}

export interface Verification {
  /** Everything was compared but for keys logged after this `seq`. */
  readonly through: bigint;
  readonly tables: readonly TableVerification[];
}

const PAGE_ROWS = 4_000;
const PAGE_BYTES = 1 << 20;
// More differences than that are counted, not named.
const NAMED = 1_000;

/** Compares every row of every table on both sides, while the sync goes on. */
export async function verifyAll(options: VerifyOptions, mappings: readonly TableMapping[]): Promise<Verification> {
  const through = await watermarkOf(options);
  const tables: TableVerification[] = [];
  for (const mapping of mappings) {
    const keyless = options.rowidsDropped === true && mapping.identity.kind === "rowid";
    tables.push(keyless ? await keylessTable(options, mapping) : await new TableVerifier(options, mapping).everything());
  }
  return { through, tables };
}

/** Compares the rows whose keys were logged after `after`: what changed since the last verification. */
export async function verifyChanges(options: VerifyOptions, mappings: readonly TableMapping[], after: bigint): Promise<Verification> {
  const through = await watermarkOf(options);
  const last = await options.source.read(lastLogged);
  const tables: TableVerification[] = [];
  for (const mapping of mappings) tables.push(await new TableVerifier(options, mapping).logged(after, last));
  return { through, tables };
}

async function keylessTable(options: VerifyOptions, mapping: TableMapping): Promise<TableVerification> {
  const { rows, differences } = await compareKeyless({ ...options, mapping });
  options.onRows?.(mapping.source, rows);
  return { mapping, rows, differences: [], extras: differences, unsettled: 0 };
}

/** The target's watermark in the present snapshot of the session. */
async function watermarkOf(options: VerifyOptions): Promise<bigint> {
  const [row] = await options.session.rows<{ watermark: string }>("select watermark::text from changeover.run where id = $1", [options.run]);
  return BigInt(row?.watermark ?? 0);
}

class TableVerifier {
  readonly #options: VerifyOptions;
  readonly #mapping: TableMapping;
  readonly #queries: RawQueries;
  readonly #compare: ReturnType<typeof comparer>;
  readonly #lookUp: LookUp;
  #rows = 0;
  #beyond = 0;

  constructor(options: VerifyOptions, mapping: TableMapping) {
    this.#options = options;
    this.#mapping = mapping;
    this.#queries = renderRawQueries(mapping);
    this.#compare = comparer(mapping);
    this.#lookUp = new LookUp(options.session);
  }

  async everything(): Promise<TableVerification> {
    const { source } = this.#options;
    await this.#lookUp.prepare(this.#mapping);
    const suspects: Difference[] = [];
    let after: Tuple | null = null;
    let limit = PAGE_ROWS;
    for (;;) {
      this.#stopIfAsked();
      const bound: ReturnType<typeof bindKey> | null = after === null ? null : bindKey(after);
      const from: readonly string[] | null = bound?.expressions ?? null;
      const args = bound?.args ?? [];
      const read = await source.read(async (tx) => {
        let rows = limit;
        for (;;) {
          const [size] = await tx.rows(this.#queries.size(from), [...args, BigInt(rows)]);
          const found = Number(size?.[1] ?? 0n);
          if (found === 0) return null;
          const bytes = Number(size?.[0] ?? 0n);
          if (bytes <= PAGE_BYTES || found === 1) {
            const page = await tx.rows(this.#queries.page(from), [...args, BigInt(found)]);
            const [boundary] = await tx.rows(renderBoundary(this.#mapping, from), [...args, BigInt(found - 1)]);
            return { page: page[0] ?? [], boundary: boundary ?? [] };
          }
          rows = Math.max(1, Math.floor(found * Math.min(0.5, (PAGE_BYTES / bytes) * 0.9)));
        }
      });
      if (read === null) break;
      suspects.push(...(await this.#compareRows(read.page[0] as ArrayBuffer, read.page[1] as ArrayBuffer)));
      const seen = Number(read.page[2]);
      limit = Math.min(PAGE_ROWS, Math.max(1, seen * 2));
      this.#rows += seen;
      this.#options.onRows?.(this.#mapping.source, seen);
      after = tupleOf(read.boundary, 0, keyColumns(this.#mapping).length);
      if (suspects.length > NAMED) this.#beyond += suspects.splice(NAMED).length;
    }
    const settled = await this.#settle(suspects);
    const { extras, unsettled } = await countExtras({ ...this.#options, mapping: this.#mapping });
    return { mapping: this.#mapping, rows: this.#rows, ...settled, extras: extras + this.#beyond, unsettled: settled.unsettled + unsettled };
  }

  async logged(after: bigint, last: bigint): Promise<TableVerification> {
    await this.#lookUp.prepare(this.#mapping);
    const suspects: Difference[] = [];
    const step = 10_000n;
    for (let from = after; from < last; from += step) {
      this.#stopIfAsked();
      const to = from + step < last ? from + step : last;
      const [row] = await this.#options.source.read((tx) => tx.rows(this.#queries.logged, [from, to]));
      const [packed, lines, rows] = row ?? [];
      if (packed == null) continue;
      suspects.push(...(await this.#compareRows(packed as ArrayBuffer, lines as ArrayBuffer)));
      this.#rows += Number(rows);
      this.#options.onRows?.(this.#mapping.source, Number(rows));
    }
    const settled = await this.#settle(suspects);
    return { mapping: this.#mapping, rows: this.#rows, ...settled, extras: 0 };
  }

  async #compareRows(packed: ArrayBuffer, lines: ArrayBuffer): Promise<Difference[]> {
    const raw = unpackRows(new Uint8Array(packed), this.#mapping);
    const arrived = await this.#options.session.transaction((tx) => this.#lookUp.rows(tx, this.#mapping, this.#lines(lines)));
    return raw.flatMap((row, index) => this.#compare(row, arrived[index] ?? null) ?? []);
  }

  #lines(lines: ArrayBuffer): Uint8Array {
    if (this.#mapping.encoding === undefined) return new Uint8Array(lines);
    return new TextEncoder().encode(new TextDecoder(this.#mapping.encoding === "UTF-16le" ? "utf-16le" : "utf-16be").decode(lines));
  }

  /**
   * Both sides were read at different moments, so a row that differs may just have changed. It is a true
   * difference if it differs still, and its key was not logged between the target's watermark and the source's
   * snapshot: then the target holds all that the log says of it.
   */
  async #settle(suspects: readonly Difference[]): Promise<{ differences: Difference[]; unsettled: number }> {
    const differences: Difference[] = [];
    let open = [...suspects];
    const deadline = performance.now() + (this.#options.patience ?? 30_000);
    while (open.length > 0) {
      this.#stopIfAsked();
      const again: Difference[] = [];
      for (const suspect of open) {
        const verdict = await this.#look(suspect.key);
        if (verdict === "changing") again.push(suspect);
        else if (verdict !== null) differences.push(verdict);
      }
      open = again;
      if (open.length === 0 || performance.now() > deadline) break;
      if (this.#options.advance === undefined) await delay(50, undefined, { signal: this.#options.signal }).catch(() => {});
      else await this.#options.advance();
    }
    return { differences, unsettled: open.length };
  }

  /** The target first, then the source: between its watermark and the source's snapshot only the log can have moved the row. */
  async #look(key: Tuple): Promise<Difference | "changing" | null> {
    const bound = bindKey(key);
    return this.#options.session.transaction(
      async (tx) => {
        const watermark = await watermarkOf(this.#options);
        const one = async (reader: SourceReader) => {
          const [row] = await reader.rows(this.#queries.one(bound.expressions), bound.args);
          const last = this.#options.captured ? await lastLogged(reader) : 0n;
          const changing = this.#options.captured && (await reader.rows(this.#queries.isLogged(bound.expressions), [...bound.args, watermark, last])).length > 0;
          return { row: row ?? [], changing };
        };
        const { row, changing } = await this.#options.source.read(one);
        const [raw] = unpackRows(new Uint8Array(row[0] as ArrayBuffer), this.#mapping) as [RawRow];
        const [arrived] = await this.#lookUp.rows(tx, this.#mapping, this.#lines(row[1] as ArrayBuffer));
        const difference = this.#compare(raw, arrived ?? null);
        return difference !== null && changing ? "changing" : difference;
      },
      { isolation: "repeatable read" },
    );
  }

  #stopIfAsked(): void {
    if (this.#options.signal?.aborted === true) throw new InterruptedError();
  }
}
