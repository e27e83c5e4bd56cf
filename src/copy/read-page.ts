import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { type BoundKey, bindKey, tupleOf } from "../rows/bind-key.ts";
import { copyBinaryOfJson } from "../rows/encode/copy-binary-of-json.ts";
import type { CopyFormat } from "../rows/encode/copy-format.ts";
import { copyTextOfJson } from "../rows/encode/copy-text-of-json.ts";
import { parseKeyTexts } from "../rows/key-text.ts";
import { LARGE_ROW_BYTES } from "../rows/large-row.ts";
import { fewerOf, maxBytesOfRow, PageSize } from "../rows/page-size.ts";
import type { Source, SourceReader, SourceValue } from "../source/source.ts";
import type { FastPathPages, PageQueries } from "./render-page.ts";

export interface Page {
  readonly rows: number;
  /** Its rows as COPY takes them: lines in UTF-8, or rows in its binary format. */
  readonly data: Uint8Array;
  readonly format: CopyFormat;
  /** Its values were looked at less closely. */
  readonly isFastPath: boolean;
  /** Rows with a value that may not pass: none of the page may be sent then. */
  readonly refused: number;
  readonly last: Tuple;
  /** There were no more rows than these. */
  readonly isLast: boolean;
  /** The page is this one row alone, too large to be read at once: there is no data. */
  readonly isLargeRow: boolean;
  /** Time that the source's snapshot was open, ms. */
  readonly durationMs: number;
  /** Where rows may be quarantined: the keys of the rows in the data, line by line, and of those that a rule keeps out of it. */
  readonly keys: { readonly sent: readonly Tuple[]; readonly quarantined: readonly Tuple[] } | null;
}

/** How much of a table one page takes in, learnt from the pages before it. */
export class PageLimits {
  readonly bytes: number;
  readonly #size: PageSize;
  #bytesOfRow = 0;
  #most: number;
  #unusual: number;
  #spelled = 0;
  #notStored = 0;

  /** `expectsUsual`: pages may come in their usual form. `asText`: they come as text, whatever their columns. */
  constructor({
    asText = false,
    expectsFastPath = false,
    maxRows,
  }: { readonly maxRows: number | null; readonly expectsFastPath?: boolean; readonly asText?: boolean }) {
    if (asText) this.#spelled = MOST_UNUSUAL;
    this.#unusual = expectsFastPath ? 0 : MOST_UNUSUAL;
    this.bytes = PAGE_BYTES;
    this.#most = MOST_ROWS;
    this.#size = new PageSize({ first: FIRST_PAGE, max: maxRows ?? MOST_ROWS });
  }

  /** False once several pages in a row could not be taken as SQLite stores them. */
  get expectsStored(): boolean {
    return this.expectsFastPath && this.#notStored < MOST_UNUSUAL;
  }

  sawStored(isStored: boolean): void {
    this.#notStored = isStored ? 0 : this.#notStored + 1;
  }

  get rows(): number {
    return Math.max(1, Math.min(this.#most, this.#size.rows, Math.floor(this.bytes / Math.max(1, this.#bytesOfRow))));
  }

  /** The last rows were so large that it is of use to have their blobs apart. */
  get expectsLarge(): boolean {
    return this.expectsFastPath && this.expectsBinary && this.#bytesOfRow > LARGE_ROW;
  }

  /** Rows of this table are of sizes so different that a page takes no more of them. */
  takeAtMost(rows: number): void {
    this.#most = Math.min(this.#most, rows);
  }

  /** False once several pages in a row had values that are not as usual. */
  get expectsFastPath(): boolean {
    return this.#unusual < MOST_UNUSUAL;
  }

  sawFastPath(isFastPath: boolean): void {
    this.#unusual = isFastPath ? 0 : this.#unusual + 1;
  }

  /** False once several pages in a row had values that have to be spelled. */
  get expectsBinary(): boolean {
    return this.#spelled < MOST_UNUSUAL;
  }

  sawBinary(isBinary: boolean): void {
    this.#spelled = isBinary ? 0 : this.#spelled + 1;
  }

  /** PostgreSQL refused what looked usual. */
  expectOdd(): void {
    this.#unusual = MOST_UNUSUAL;
  }

  learn(page: Page): void {
    this.#size.learn(page);
    if (!page.isLargeRow) this.#bytesOfRow = page.data.byteLength / Math.max(1, page.rows);
  }
}

const FIRST_PAGE = 500;
const MOST_ROWS = 20_000;
export const PAGE_BYTES = 1 << 20;
const MOST_UNUSUAL = 3;
const LARGE_ROW = 8 << 10;

/** A larger row has to be asked for its size, in whatever page it is. */
const MOST_OF_ROW = 32 << 10;

function unasked(rows: number): number {
  return Math.min(MOST_OF_ROW, maxBytesOfRow(rows));
}

/** Reads the next page after a key in one short snapshot; null when there are no more rows. */
export async function readPage(
  source: Pick<Source, "read">,
  queries: PageQueries,
  mapping: TableMapping,
  after: Tuple | null,
  limits: PageLimits,
): Promise<Page | null> {
  const bound = after === null ? null : bindKey(after);
  const read = await source.read(async (tx) => {
    const started = performance.now();
    const from = bound?.expressions ?? null;
    const args = bound?.args ?? [];
    const boundary = async (rows: number) =>
      (await tx.rows(queries.boundary(from), [...args, 1n, BigInt(rows - 1)]))[0] ?? [];
    let most = limits.rows;
    const fitting = async () => {
      const { bytes, rows } = await fittingRows(tx, queries, bound, limits);
      if (rows === 0) return null;
      const isLargeRow = bytes > LARGE_ROW_BYTES;
      const isLarge =
        !isLargeRow && bytes > rows * LARGE_ROW && limits.expectsFastPath && queries.fastPath?.rowByRow != null;
      const fastPath = isLarge ? await largeData(tx, queries.fastPath, { args, from, rows }) : null;
      if (isLarge) limits.sawFastPath(fastPath !== null);
      const [page = []] = isLargeRow
        ? [[new ArrayBuffer(0), 1n, 0n]]
        : fastPath !== null
          ? [[null, BigInt(rows), 0n]]
          : await tx.rows(queries.probed(from), [...args, BigInt(rows)]);
      return {
        boundary: await boundary(rows),
        page,
        fastPath,
        isLast: false,
        isLargeRow,
        durationMs: performance.now() - started,
      };
    };
    if (queries.fastPath?.rowByRow != null && limits.expectsLarge) return fitting();
    if (queries.fastPath !== null && limits.expectsFastPath) {
      let found = await fastPathRows(tx, queries.fastPath, { args, most, from });
      while (found.large > 0 && unasked(most) < MOST_OF_ROW) {
        most = fewerOf(most);
        limits.takeAtMost(most);
        found = await fastPathRows(tx, queries.fastPath, { args, most, from });
      }
      if (found.rows === 0n) return null;
      const fastPath = fastPathData(found, queries.fastPath, limits);
      limits.sawFastPath(fastPath !== null);
      if (fastPath !== null) {
        const last =
          queries.order.length === 1 && typeof found.last === "bigint"
            ? ["integer", found.last]
            : await boundary(Number(found.rows));
        return {
          boundary: last,
          fastPath,
          page: [null, found.rows, 0n],
          isLast: found.rows < most,
          isLargeRow: false,
          durationMs: performance.now() - started,
        };
      }
    }
    // Nearly all tables have rows of a size: then asking for it first would only read them twice.
    const [page = []] = await tx.rows(queries.page(from, unasked(most)), [...args, BigInt(most)]);
    const found = Number(page[1] ?? 0);
    if (found === 0) return null;
    if (Number(page[3] ?? 0) === 0)
      return {
        boundary: await boundary(found),
        page,
        fastPath: null,
        isLast: found < most,
        isLargeRow: false,
        durationMs: performance.now() - started,
      };
    return fitting();
  });
  if (read === null) return null;
  const [text, rows, refused, , sent, quarantined] = read.page;
  return {
    rows: Number(rows),
    ...(read.fastPath ?? { data: asUtf8(text as ArrayBuffer, mapping), format: "text" }),
    isFastPath: read.fastPath !== null,
    keys:
      mapping.quarantine === true
        ? { sent: parseKeyTexts(sent, mapping), quarantined: parseKeyTexts(quarantined, mapping) }
        : null,
    refused: Number(refused),
    last: tupleOf(read.boundary, 0, queries.order.length),
    isLast: read.isLast,
    isLargeRow: read.isLargeRow,
    durationMs: read.durationMs,
  };
}

interface FastPathRows {
  readonly json: Uint8Array;
  readonly rows: bigint;
  readonly last: unknown;
  /** Rows that are too large for so many. */
  readonly large: number;
}

async function fastPathRows(
  tx: SourceReader,
  { query }: FastPathPages,
  {
    args,
    most,
    from,
  }: { readonly args: readonly SourceValue[]; readonly most: number; readonly from: readonly string[] | null },
): Promise<FastPathRows> {
  const [[json, rows, last, large] = []] = await tx.rows(query(from, unasked(most)), [...args, BigInt(most)]);
  return { json: new Uint8Array(json as ArrayBuffer), rows: rows as bigint, last, large: Number(large) };
}

/** JSON of a row that is worth the binary format: longer ones cost us more (1.9 and 1.5 s of a copy with 300 columns) than they spare PostgreSQL. */
const MOST_OF_BINARY = 1_024;

/** Binary if the columns and their values have such a form, which costs PostgreSQL less; null if the rows are not as usual. */
function fastPathData(
  { json, rows }: FastPathRows,
  { binary, shapes }: FastPathPages,
  limits: PageLimits,
): Pick<Page, "data" | "format"> | null {
  if (binary !== null && limits.expectsBinary && json.length <= Number(rows) * MOST_OF_BINARY) {
    const data = copyBinaryOfJson(json, binary, Number(rows));
    limits.sawBinary(data !== null);
    if (data !== null) return { data, format: "binary" };
  }
  const data = copyTextOfJson(json, shapes);
  return data === null ? null : { data, format: "text" };
}

/** Rows whose sizes are known, with their blobs as they are; null if the table has no such form, or a value is not of it. */
async function largeData(
  tx: SourceReader,
  fastPath: FastPathPages | null,
  {
    args,
    from,
    rows,
  }: { readonly args: readonly SourceValue[]; readonly from: readonly string[] | null; readonly rows: number },
): Promise<Pick<Page, "data" | "format"> | null> {
  if (fastPath?.rowByRow == null || fastPath.binary === null) return null;
  const bound = [...args, BigInt(rows)];
  const [[json] = []] = await tx.rows(fastPath.rowByRow.query(from), bound);
  const blobs = (await tx.rows(fastPath.rowByRow.blobs(from), bound)).flatMap((row) =>
    row.filter((value) => value instanceof ArrayBuffer),
  );
  const data = copyBinaryOfJson(new Uint8Array(json as ArrayBuffer), fastPath.binary, rows, { blobs });
  return data === null ? null : { data, format: "binary" };
}

/** How many of the next rows stay within the limits; at least one if there is any. */
async function fittingRows(
  tx: SourceReader,
  queries: PageQueries,
  bound: BoundKey | null,
  limits: PageLimits,
): Promise<{ readonly bytes: number; readonly rows: number }> {
  for (let limit = limits.rows; ; ) {
    const [row] = await tx.rows(queries.probe(bound?.expressions ?? null), [...(bound?.args ?? []), BigInt(limit)]);
    const bytes = Number(row?.[0] ?? 0);
    const rows = Number(row?.[1] ?? 0);
    if (bytes <= limits.bytes || rows <= 1) return { bytes, rows };
    limit = Math.max(1, Math.floor(rows * Math.min(0.5, (limits.bytes / bytes) * 0.9)));
  }
}
