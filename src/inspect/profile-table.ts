import { SourceError } from "../errors.ts";
import { type Report, silent } from "../log.ts";
import type { ColumnProfile, TableProfile } from "../model/profile.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import type { BoundKey } from "../rows/bind-key.ts";
import { sourceRelation } from "../rows/render-relation.ts";
import type { TextFormat } from "../rows/text-formats.ts";
import type { Source, SourceReader } from "../source/source.ts";
import { askJson, askSql, byColumn, type JsonUse } from "./ask-page.ts";
import { findBadTexts, hasBadBytes } from "./bad-texts.ts";
import {
  addPage,
  type BadTexts,
  type ColumnTally,
  finishTally,
  hasNewClass,
  STORAGE_CLASSES,
  startTally,
} from "./column-tally.ts";
import { withDateFormats } from "./date-formats.ts";
import type { Encoding } from "./harmless-text.ts";
import { PageProfile, type ProfiledPage } from "./page-profile.ts";
import { nextRange, type PageRange, pageKey } from "./page-range.ts";
import { renderClasses, renderPage, renderTexts } from "./render-profile.ts";
import { yieldTurn } from "./yield-turn.ts";

export interface ProfileOptions {
  readonly report?: Report;
  /** The source's text encoding. */
  readonly encoding?: Encoding;
  /** Forms of texts to count, by column, besides those that declared types promise. Default: all. */
  readonly formats?: Readonly<Record<string, readonly TextFormat[]>>;
  readonly signal?: AbortSignal;
}

/**
 * Looks at every value of a table, in pages that each are a short snapshot of their own.
 * Counts, numbers and blobs come back, never a text: libsql aborts the process on invalid UTF-8.
 */
export async function profileTable(
  source: Source,
  table: SourceTable,
  options: ProfileOptions = {},
): Promise<TableProfile> {
  const report = options.report ?? silent;
  const { kind } = source;
  const encoding = options.encoding ?? (await readEncoding(source));
  if (!(await isReadable(source, table, "1")))
    return { table: table.name, rows: 0, columns: [], unreadable: table.columns.map(({ name }) => name) };
  const unreadable = await unreadableColumns(source, table);
  const key = pageKey(table);
  const relation = sourceRelation(table);
  const tallies = table.columns
    .filter(({ name }) => !unreadable.includes(name))
    .map((column) => startTally(column, { key, formats: options.formats?.[column.name] }));
  const json: JsonUse = { isFastPath: encoding === "UTF-8" && table.relation === undefined, misses: 0 };
  const stored = PageProfile.of(source, table, { encoding, tallies });
  let rows = 0;
  let limit = FIRST_PAGE;
  for (let after: BoundKey | null = null, more = true; more; ) {
    // Of a table of a few rows, finding out how it is stored takes longer than all else.
    let page: ProfiledPage | null = stored === null || after === null ? null : await stored.read(source, after);
    if (page === null) {
      const asked: Page = await source.read((tx) =>
        readPage(tx, { table: table.name, relation }, tallies, { key, after, limit, encoding, json, kind }),
      );
      limit = nextLimit(asked, textColumns(tallies), kind);
      page = asked;
    }
    await yieldTurn(options.signal);
    for (const commit of page.commits) commit();
    rows += page.rows;
    more = page.last !== null;
    after = page.last;
    report({ kind: "progress", phase: "inspect", done: rows, total: rows, unit: "rows", detail: table.name });
  }
  const columns: ColumnProfile[] = [];
  for (const tally of tallies) columns.push(await withDateFormats(source, table, finishTally(tally, rows)));
  return { table: table.name, rows, columns, unreadable };
}

/** Generated columns whose expressions SQLite cannot compute here. */
async function unreadableColumns(source: Source, table: SourceTable): Promise<string[]> {
  const unreadable: string[] = [];
  for (const { name } of table.columns.filter(({ generated }) => generated?.storage === "virtual")) {
    if (!(await isReadable(source, table, sqliteName(name)))) unreadable.push(name);
  }
  return unreadable;
}

/** Whether SQLite can prepare a query of the table: functions and collations of the application are unknown here. */
async function isReadable(source: Source, table: SourceTable, expression: string): Promise<boolean> {
  try {
    await source.read((tx) => tx.rows(`SELECT ${expression} FROM ${sqliteName(table.name)} NOT INDEXED LIMIT 0`));
    return true;
  } catch (error) {
    if (error instanceof SourceError && error.code === "SOURCE_FAILED") return false;
    throw error;
  }
}

async function readEncoding(source: Source): Promise<Encoding> {
  const [row] = await source.read((tx) => tx.rows("SELECT encoding FROM pragma_encoding"));
  return String(row?.[0] ?? "UTF-8") as Encoding;
}

const FIRST_PAGE = 256;
const MAX_ROWS = 262_144;
/** At a server each page costs round trips, and readers block nobody there. */
const PAGE_MS = { file: 25, remote: 1_000 };
/** Bytes of text that may be in memory at once; sqld has no answer of more than 10 MB. */
const PAGE_BYTES = { file: 16 << 20, remote: 3 << 20 };
/** SQLite has at most 2,000 result columns, and a column asks for up to 29 things. */
const COLUMNS_AT_ONCE = 64;

/** The table whose key orders the pages, and what its values are read from. */
interface Profiled {
  readonly table: string;
  readonly relation: string;
}

interface PageRequest {
  readonly key: ReturnType<typeof pageKey>;
  readonly after: BoundKey | null;
  readonly limit: number;
  readonly encoding: Encoding;
  readonly json: JsonUse;
  readonly kind: Source["kind"];
}

interface Page {
  readonly rows: number;
  /** The rows that the page was meant to have. */
  readonly limit: number;
  /** Bytes of the longest text. */
  readonly longest: number;
  readonly durationMs: number;
  /** Null after the last page. */
  readonly last: BoundKey | null;
  /** What to add to the tallies; only once the snapshot is closed, since the read may run again. */
  readonly commits: readonly (() => void)[];
}

async function readPage(
  tx: SourceReader,
  profiled: Profiled,
  tallies: readonly ColumnTally[],
  request: PageRequest,
): Promise<Page> {
  const started = performance.now();
  const maxBytes = PAGE_BYTES[request.kind];
  let { limit } = request;
  for (;;) {
    const range = await nextRange(tx, profiled.table, request.key, request.after, limit);
    const longest =
      limit === 1 ? Number.MAX_SAFE_INTEGER : Math.floor(maxBytes / limit / Math.max(1, textColumns(tallies)));
    const page = await countPage(tx, profiled.relation, tallies, { ...request, range, longest });
    if (page.fits)
      return {
        rows: page.rows,
        limit,
        longest: page.longest,
        durationMs: performance.now() - started,
        last: range.last,
        commits: page.commits,
      };
    // Some text is too long for so many rows at once: once more with fewer.
    limit = Math.max(1, Math.min(limit >> 2, Math.floor(maxBytes / page.longest)));
  }
}

interface Counted {
  readonly rows: number;
  readonly longest: number;
  /** False where a text was too long to come along. */
  readonly fits: boolean;
  readonly commits: readonly (() => void)[];
}

interface CountRequest extends PageRequest {
  readonly range: PageRange;
  /** Bytes that the longest text may have. */
  readonly longest: number;
}

async function countPage(
  tx: SourceReader,
  relation: string,
  tallies: readonly ColumnTally[],
  { key, after, range, longest, encoding, json }: CountRequest,
): Promise<Counted> {
  const counted = { rows: 0, longest: 0, fits: true, commits: [] as (() => void)[] };
  for (let start = 0; start < tallies.length; start += COLUMNS_AT_ONCE) {
    const group = tallies.slice(start, start + COLUMNS_AT_ONCE);
    const limits = { longest, joined: encoding === "UTF-8" };
    const ask = async () =>
      (json.isFastPath ? await askJson(tx, relation, group, range, { ...limits, json }) : null) ??
      askSql(tx, relation, group, range, limits);
    if (after === null) await learnClasses(tx, relation, group, range);
    let answers = await ask();
    const unexpected = group.filter((tally) => hasNewClass(tally, answers.of(tally)));
    if (unexpected.length > 0) {
      await learnClasses(tx, relation, unexpected, range);
      answers = await ask();
    }
    counted.rows = answers.rows;
    for (const tally of group) {
      const page = answers.of(tally);
      const bytesOfText = Number(page.get("textBytes") ?? 0);
      counted.longest = Math.max(counted.longest, bytesOfText);
      if (bytesOfText > longest && !answers.shown.has(tally.column)) return { ...counted, fits: false };
      const bytes = page.get("bytes");
      const suspicious = limits.joined
        ? bytes instanceof ArrayBuffer && hasBadBytes(bytes, encoding)
        : tally.classes.has("text");
      const bad = suspicious
        ? findBadTexts(
            await tx.rows(renderTexts(relation, tally.column, key, range.where), range.args),
            key.length,
            encoding,
          )
        : NONE_BAD;
      counted.commits.push(() => addPage(tally, page, bad));
    }
  }
  return counted;
}

const NONE_BAD: BadTexts = { nul: 0, nulKeys: [], invalid: 0, invalidKeys: [] };

/** Which storage classes a page holds: asked first and alone, since testing texts is costly to prepare. */
async function learnClasses(
  tx: SourceReader,
  relation: string,
  tallies: readonly ColumnTally[],
  range: PageRange,
): Promise<void> {
  const fields = tallies.flatMap(({ column }) => renderClasses(column));
  const [row = []] = await tx.rows(renderPage(relation, fields, range.where), range.args);
  const found = byColumn(fields, row);
  for (const tally of tallies) {
    const counts = found.get(tally.column);
    tally.classes = new Set(
      STORAGE_CLASSES.filter((kind) => tally.classes.has(kind) || Number(counts?.get(kind) ?? 0) > 0),
    );
  }
}

function textColumns(tallies: readonly ColumnTally[]): number {
  return tallies.filter(({ classes }) => classes.has("text")).length;
}

/** As many rows as took the time that a page may take, if their texts are as long as these. */
function nextLimit(page: Page, textColumns: number, kind: Source["kind"]): number {
  const factor = Math.min(4, Math.max(0.25, PAGE_MS[kind] / Math.max(page.durationMs, 0.1)));
  const fitting = Math.floor(PAGE_BYTES[kind] / Math.max(1, textColumns) / Math.max(1, page.longest));
  return Math.max(1, Math.min(MAX_ROWS, fitting, Math.round(page.limit * factor)));
}
