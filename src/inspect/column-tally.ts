import { type Decimal, declaredDecimal } from "../model/declared-type.ts";
import type { Tuple } from "../model/key.ts";
import type { ColumnProfile } from "../model/profile.ts";
import type { SourceColumn } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { formatTest, TEXT_FORMATS, type TextFormat } from "../rows/text-formats.ts";
import type { SourceValue } from "../source/source.ts";
import { keyCondition } from "./page-range.ts";

export type StorageClass = "integer" | "real" | "text" | "blob";
export const STORAGE_CLASSES: readonly StorageClass[] = ["integer", "real", "text", "blob"];

/** The counts of a column over its pages, and what the next page is asked for. */
export interface ColumnTally {
  readonly column: string;
  readonly collation: string;
  /** Its values are not stored. */
  readonly isComputed: boolean;
  /** Columns by which rows with bad texts are remembered. */
  readonly key: readonly string[];
  readonly decimal: Decimal | null;
  /** Formats that the declared type promises: counted to the end. */
  readonly promised: ReadonlySet<TextFormat>;
  /** Storage classes seen so far: all that a page is asked about. */
  classes: ReadonlySet<StorageClass>;
  /** Formats that are still tested. */
  formats: readonly TextFormat[];
  values: number;
  minInteger: bigint | null;
  maxInteger: bigint | null;
  maxTextLength: number;
  maxBytes: number;
  minReal: number | null;
  maxReal: number | null;
  nulKeys: readonly Tuple[];
  invalidKeys: readonly Tuple[];
  /** All that only adds up, by field. */
  readonly sums: Map<string, number>;
}

export interface TallyOptions {
  readonly key?: readonly string[];
  /** Formats to count besides those that the declared type promises. Default: all. */
  readonly formats?: readonly TextFormat[] | undefined;
}

export function startTally(column: SourceColumn, { formats = TEXT_FORMATS, key = [] }: TallyOptions = {}): ColumnTally {
  const promised = new Set(TEXT_FORMATS.filter((format) => formatTest(format).isPromisedBy(column.declaredType)));
  return {
    column: column.name,
    collation: column.collation,
    isComputed: column.generated?.storage === "virtual",
    key,
    decimal: declaredDecimal(column.declaredType),
    promised,
    classes: new Set(),
    formats: TEXT_FORMATS.filter((format) => promised.has(format) || formats.includes(format)),
    values: 0,
    minInteger: null,
    maxInteger: null,
    maxTextLength: 0,
    maxBytes: 0,
    minReal: null,
    maxReal: null,
    nulKeys: [],
    invalidKeys: [],
    sums: new Map(),
  };
}

/** A column's values, compared byte by byte: a collation that only the application defines would fail here. */
export function renderValue({ column, collation }: ColumnTally): string {
  const c = `t.${sqliteName(column)}`;
  return collation === "BINARY" ? c : `(${c} COLLATE BINARY)`;
}

/** One page's counts for one column, by field of `renderColumn`. */
export type PageCounts = ReadonlyMap<string, SourceValue>;

/** Whether a page holds a storage class that no page before held: its other counts mean nothing then. */
export function hasNewClass(tally: ColumnTally, page: PageCounts): boolean {
  return count(page, "values") !== [...tally.classes].reduce((sum, kind) => sum + count(page, kind), 0);
}

export function addPage(tally: ColumnTally, page: PageCounts, badTexts: BadTexts): void {
  tally.values += count(page, "values");
  for (const [field, value] of page) if (!NOT_ADDED.has(field)) add(tally, field, Number(value ?? 0));
  add(tally, "nulTexts", badTexts.nul);
  add(tally, "invalidTexts", badTexts.invalid);
  tally.nulKeys = [...tally.nulKeys, ...badTexts.nulKeys].slice(0, 5);
  tally.invalidKeys = [...tally.invalidKeys, ...badTexts.invalidKeys].slice(0, 5);
  const [minReal, maxReal] = [page.get("minReal"), page.get("maxReal")];
  if (typeof minReal === "number" && minReal < (tally.minReal ?? Number.POSITIVE_INFINITY)) tally.minReal = minReal;
  if (typeof maxReal === "number" && maxReal > (tally.maxReal ?? Number.NEGATIVE_INFINITY)) tally.maxReal = maxReal;
  const [min, max] = [page.get("minInteger"), page.get("maxInteger")];
  if (typeof min === "bigint" && (tally.minInteger === null || min < tally.minInteger)) tally.minInteger = min;
  if (typeof max === "bigint" && (tally.maxInteger === null || max > tally.maxInteger)) tally.maxInteger = max;
  tally.maxTextLength = Math.max(tally.maxTextLength, count(page, "maxTextLength"));
  tally.maxBytes = Math.max(tally.maxBytes, count(page, "textBytes"), count(page, "blobBytes"));
  const texts = tally.sums.get("text") ?? 0;
  // Until there is a text, everything is still possible.
  if (texts > 0)
    tally.formats = tally.formats.filter(
      (format) => tally.promised.has(format) || 2 * (tally.sums.get(format) ?? 0) >= texts,
    );
}

const NOT_ADDED: ReadonlySet<string> = new Set([
  "values",
  "minInteger",
  "maxInteger",
  "minReal",
  "maxReal",
  "maxTextLength",
  "textBytes",
  "blobBytes",
  "bytes",
]);

export interface BadTexts {
  readonly nul: number;
  /** Page keys of the first of them. */
  readonly nulKeys: readonly Tuple[];
  readonly invalid: number;
  readonly invalidKeys: readonly Tuple[];
}

export function finishTally(tally: ColumnTally, rows: number): ColumnProfile {
  const sum = (field: string) => tally.sums.get(field) ?? 0;
  return {
    column: tally.column,
    nulls: rows - tally.values,
    integers: sum("integer"),
    reals: sum("real"),
    texts: sum("text"),
    blobs: sum("blob"),
    minInteger: tally.minInteger,
    maxInteger: tally.maxInteger,
    minReal: tally.minReal,
    maxReal: tally.maxReal,
    wholeReals: sum("wholeReals"),
    infinities: sum("infinities"),
    notBoolean: sum("notBoolean"),
    beyondScale: sum("beyondScale"),
    emptyTexts: sum("emptyTexts"),
    maxTextLength: tally.maxTextLength,
    maxBytes: tally.maxBytes,
    nulTexts: sum("nulTexts"),
    nulRows: keyCondition(tally.key, tally.nulKeys),
    invalidTexts: sum("invalidTexts"),
    invalidRows: keyCondition(tally.key, tally.invalidKeys),
    isoDates: sum("isoDates"),
    isoTimestamps: sum("localTimestamps") + sum("zonedTimestamps"),
    zonedTimestamps: sum("zonedTimestamps"),
    isoTimes: sum("isoTimes"),
    json: sum("json"),
    jsonContainers: sum("jsonContainers"),
    jsonObjects: sum("jsonObjects"),
    jsonRejected: sum("jsonRejected"),
    uuids: sum("uuids"),
    lowerUuids: sum("lowerUuids"),
    inets: sum("inets"),
    dateFormats: null,
  };
}

function count(page: PageCounts, field: string): number {
  return Number(page.get(field) ?? 0);
}

function add(tally: ColumnTally, field: string, by: number): void {
  if (by !== 0) tally.sums.set(field, (tally.sums.get(field) ?? 0) + by);
}
