import type { Source, SourceReader, SourceRow, SourceValue } from "../db/source.ts";
import { type Report, silent } from "../log.ts";
import type { TableProfile } from "../model/profile.ts";
import type { SourceTable } from "../model/schema.ts";
import { type ColumnTally, STORAGE_CLASSES, addPage, finishTally, isSurprised, startTally } from "./column-tally.ts";
import { countBadTexts, hasBadBytes } from "./bad-texts.ts";
import type { Encoding } from "./harmless-text.ts";
import { type PageRange, nextRange, pageKey } from "./page-range.ts";
import { type ProfileField, renderColumn, renderPage, renderTexts } from "./render-profile.ts";

export interface ProfileOptions {
  readonly report?: Report;
  /** The source's text encoding. */
  readonly encoding?: Encoding;
}

/**
 * Looks at every value of a table, in pages that each are a short snapshot of their own.
 * Counts, numbers and blobs come back, never a text: libsql aborts the process on invalid UTF-8.
 */
export async function profileTable(source: Source, table: SourceTable, options: ProfileOptions = {}): Promise<TableProfile> {
  const report = options.report ?? silent;
  const encoding = options.encoding ?? (await source.read((tx) => tx.rows("SELECT encoding FROM pragma_encoding")).then(([row]) => String(row?.[0]) as Encoding));
  const tallies = table.columns.map(startTally);
  const key = pageKey(table);
  let rows = 0;
  let limit = FIRST_PAGE;
  for (let after: PageRange["last"] = null, more = true; more; ) {
    const page = await source.read((tx) => readPage(tx, table, tallies, { key, after, limit, encoding }));
    for (const commit of page.commits) commit();
    rows += page.rows;
    more = page.last !== null;
    after = page.last;
    limit = nextLimit(page.limit, page.took);
    report({ kind: "progress", phase: "looking", done: rows, total: rows, unit: "rows", detail: table.name });
  }
  return { table: table.name, rows, columns: tallies.map((tally) => finishTally(tally, rows)) };
}

const FIRST_PAGE = 256;
const MOST_ROWS = 262_144;
const PAGE_MS = 35;
/** Bytes of text that may be in memory at once. */
const PAGE_BYTES = 8 << 20;
/** SQLite has at most 2,000 result columns, and a column asks for up to 21 things. */
const COLUMNS_AT_ONCE = 80;

interface PageRequest {
  readonly key: ReturnType<typeof pageKey>;
  readonly after: PageRange["last"];
  readonly limit: number;
  readonly encoding: Encoding;
}

interface Page {
  readonly rows: number;
  /** The rows that the page was meant to have. */
  readonly limit: number;
  readonly took: number;
  /** Null after the last page. */
  readonly last: PageRange["last"];
  /** What to add to the tallies; only once the snapshot is closed, since the read may run again. */
  readonly commits: readonly (() => void)[];
}

async function readPage(tx: SourceReader, table: SourceTable, tallies: readonly ColumnTally[], request: PageRequest): Promise<Page> {
  const started = performance.now();
  let { limit } = request;
  for (;;) {
    const range = await nextRange(tx, table.name, request.key, request.after, limit);
    const longest = limit === 1 ? Number.MAX_SAFE_INTEGER : Math.floor(PAGE_BYTES / limit / Math.max(1, textColumns(tallies)));
    const page = await countPage(tx, table, tallies, range, longest, request.encoding);
    if (page.longest <= longest) return { rows: page.rows, limit, took: performance.now() - started, last: range.last, commits: page.commits };
    // Some text is too long for so many rows at once: once more with fewer.
    limit = Math.max(1, Math.min(limit >> 2, Math.floor(PAGE_BYTES / page.longest)));
  }
}

interface Counted {
  readonly rows: number;
  readonly longest: number;
  readonly commits: readonly (() => void)[];
}

async function countPage(tx: SourceReader, table: SourceTable, tallies: readonly ColumnTally[], range: PageRange, longest: number, encoding: Encoding): Promise<Counted> {
  let rows = 0;
  let seen = 0;
  const commits: (() => void)[] = [];
  for (let start = 0; start < tallies.length; start += COLUMNS_AT_ONCE) {
    const group = tallies.slice(start, start + COLUMNS_AT_ONCE);
    let answers = await ask(tx, table, group, range, longest);
    const surprised = group.filter((tally) => isSurprised(tally, answers.of(tally)));
    if (surprised.length > 0) {
      for (const tally of surprised) tally.classes = new Set(STORAGE_CLASSES);
      answers = await ask(tx, table, group, range, longest);
    }
    rows = answers.rows;
    for (const tally of group) {
      const page = answers.of(tally);
      const bytes = page.get("bytes");
      if (tally.classes.has("text")) seen = Math.max(seen, Number(page.get("longestText") ?? 0));
      const bad = bytes instanceof ArrayBuffer && hasBadBytes(bytes, encoding) ? countBadTexts(await tx.rows(renderTexts(table.name, tally.column, range.where), [0n, ...range.args]), encoding) : NONE_BAD;
      commits.push(() => addPage(tally, page, bad));
    }
  }
  return { rows, longest: seen, commits };
}

const NONE_BAD = { nul: 0, invalid: 0 };

interface Answers {
  readonly rows: number;
  of(tally: ColumnTally): ReadonlyMap<string, SourceValue>;
}

async function ask(tx: SourceReader, table: SourceTable, group: readonly ColumnTally[], range: PageRange, longest: number): Promise<Answers> {
  const fields = group.flatMap(renderColumn);
  const [row = []] = await tx.rows(renderPage(table.name, fields, range.where), [BigInt(longest), ...range.args]);
  const columns = byColumn(fields, row);
  return { rows: Number(row[0] ?? 0), of: ({ column }) => columns.get(column) ?? new Map() };
}

function byColumn(fields: readonly ProfileField[], row: SourceRow): Map<string, Map<string, SourceValue>> {
  const columns = new Map<string, Map<string, SourceValue>>();
  for (const [index, { column, field }] of fields.entries()) {
    const values = columns.get(column) ?? new Map<string, SourceValue>();
    columns.set(column, values.set(field, row[index + 1] ?? null));
  }
  return columns;
}

function textColumns(tallies: readonly ColumnTally[]): number {
  return tallies.filter(({ classes }) => classes.has("text")).length;
}

function nextLimit(limit: number, took: number): number {
  const factor = Math.min(4, Math.max(0.25, PAGE_MS / Math.max(took, 0.1)));
  return Math.max(1, Math.min(MOST_ROWS, Math.round(limit * factor)));
}
