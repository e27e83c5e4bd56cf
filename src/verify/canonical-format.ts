import type { ColumnMapping } from "../model/mapping.ts";
import type { RawValue } from "../rows/kind.ts";

/**
 * How a value is written so that both databases, each by itself, write the same bytes for equal values, and never for others: then
 * rows are compared by the hashes of what is written. What is not written alike is no difference yet; it is compared as values. Nothing
 * here is the copy's: SQLite's side is the bare value with its storage class tested.
 */
export interface CanonicalFormat {
  /**
   * Where in the row it stands, so that no two rows of values are written as one: numbers end at a comma, counted values have their
   * length before them, and free ones come last: PostgreSQL writes no comma in them, so there are only as many as lie between them.
   */
  readonly place: "number" | "counted" | "free";
  /**
   * SQLite expressions that commas will stand between: `!` for what PostgreSQL's side never writes. Classes are told by comparing, where that
   * can be: numbers come before texts, and those before blobs. It takes half of the time that typeof() does.
   */
  sqlite(c: string): readonly string[];
  /** SQLite expression: bytes of a value of any length. */
  bytes?(c: string): string;
  /** PostgreSQL expressions that commas will stand between. What is never NULL there is written in half of the time. */
  postgres(c: string, options: { readonly isNeverNull: boolean }): readonly string[];
  /** Whether the two wrote, or would write, the same. */
  isAlike(raw: RawValue, targetText: string): boolean;
}

/** A page of values must fit into memory, and nobody has asked for their sizes: larger ones that are written otherwise, and larger blobs, are compared by themselves. */
export const MOST_PLAIN_BYTES = 16 << 10;
const MOST_FREE_BYTES = 64;

/** Null for columns whose values are seldom or never written alike: JSON that PostgreSQL takes apart, reals. */
export function canonicalFormat({
  conversion,
  onBadValue,
}: Pick<ColumnMapping, "conversion" | "onBadValue">): CanonicalFormat | null {
  if (onBadValue === "null") return null;
  switch (conversion.kind) {
    case "integer":
    case "numeric":
      return NUMBER;
    case "boolean":
      return BOOLEAN;
    case "bytes":
      return BYTES;
    case "text":
      return conversion.padded ? null : TEXT;
    case "timestamp":
      return conversion.zone ? TIMESTAMP : FREE;
    case "json":
      return conversion.binary ? null : TEXT;
    case "date":
    case "time":
    case "uuid":
      return FREE;
    case "network":
    case "other":
      return TEXT;
    case "double":
      return null;
  }
}

const NUMBER: CanonicalFormat = {
  place: "number",
  // A whole real is written with a point.
  sqlite: (c) => [`CASE WHEN (+${c} COLLATE BINARY)=(${c}|0) THEN ${c} WHEN typeof(${c})='null' THEN '~' ELSE '!' END`],
  postgres: orTilde,
  isAlike: (raw, targetText) => raw.type === "integer" && raw.value.toString() === targetText,
};

const BOOLEAN: CanonicalFormat = {
  place: "number",
  sqlite: NUMBER.sqlite,
  postgres: (c, options) => orTilde(`${c}::integer`, options),
  isAlike: (raw, targetText) =>
    raw.type === "integer" && raw.value === (targetText === "t" || targetText === "true" ? 1n : 0n),
};

const TEXT: CanonicalFormat = {
  place: "counted",
  sqlite: (c) => [`CASE WHEN ${isText(c)} THEN octet_length(${c}) WHEN typeof(${c})='null' THEN -1 ELSE '!' END`, c],
  bytes: (c) => `octet_length(${c})`,
  postgres: (c, { isNeverNull }) =>
    isNeverNull
      ? [`octet_length(${c}::text)`, `${c}::text`]
      : [`coalesce(octet_length(${c}::text), -1)`, `coalesce(${c}::text, '')`],
  isAlike: (raw, targetText) => raw.type === "text" && Buffer.from(raw.bytes).equals(Buffer.from(targetText)),
};

const BYTES: CanonicalFormat = {
  place: "counted",
  sqlite: (c) => [
    `CASE typeof(${c}) WHEN 'blob' THEN length(${c}) WHEN 'null' THEN -1 ELSE '!' END`,
    `CASE WHEN length(${c})>${MOST_PLAIN_BYTES} THEN '!' WHEN typeof(${c})='blob' THEN lower(hex(${c})) END`,
  ],
  postgres: (c) => [`coalesce(octet_length(${c}), -1)`, `coalesce(encode(${c}, 'hex'), '')`],
  isAlike: (raw) => raw.type === "blob" && raw.bytes.length <= MOST_PLAIN_BYTES,
};

const FREE: CanonicalFormat = {
  place: "free",
  sqlite: (c) => [
    `CASE WHEN ${isText(c)} AND octet_length(${c}) BETWEEN 2 AND ${MOST_FREE_BYTES} THEN ${c} WHEN typeof(${c})='null' THEN '~' ELSE '!' END`,
  ],
  postgres: orTilde,
  isAlike: (raw, targetText) => raw.type === "text" && Buffer.from(raw.bytes).equals(Buffer.from(targetText)),
};

const TIMESTAMP: CanonicalFormat = {
  place: "free",
  sqlite: (c) => [`CASE WHEN ${isText(c)} THEN ${utcTimestamp(c)} WHEN typeof(${c})='null' THEN '~' ELSE '!' END`],
  postgres: orTilde,
  isAlike: (raw, targetText) => raw.type === "text" && asPostgres(Buffer.from(raw.bytes).toString()) === targetText,
};

/** What `utcMoment` says in SQL; null for what it takes for no moment in UTC. */
function asPostgres(text: string): string | null {
  const [, seconds, fraction = ""] = UTC.exec(text) ?? [];
  return seconds === undefined ? null : `${seconds.replace("T", " ")}${fraction.replace(/\.?0+$/, "")}+00`;
}

const UTC = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:(\.\d{1,6})(?:Z|\+00:00)?|(?:Z|\+00|\+00:00)?)$/;

/**
 * SQLite expression: a moment that is written in UTC, as JavaScript, Go and Python do (`T` or a space, up to six decimals, `Z`, `+00:00` or no
 * zone), as PostgreSQL writes it. What is no such text must not become the words of a moment: hence the one point, and no NUL, at which `substr()`
 * and `length()` end.
 */
export function utcTimestamp(c: string): string {
  const written = (text: string) => `replace(${text},'T',' ')||'+00'`;
  const fraction = (zone: number) => written(`rtrim(rtrim(substr(${c},1,octet_length(${c})-${zone}),'0'),'.')`);
  const isFraction = `substr(${c},20,1)='.' AND instr(substr(${c},21),'.')=0`;
  const cases = [
    `${isFraction} AND substr(${c},-1)='Z' AND octet_length(${c}) BETWEEN 22 AND 27 THEN ${fraction(1)}`,
    `octet_length(${c})=19+octet_length(substr(${c},20)) AND substr(${c},20) IN ('','Z','+00','+00:00') THEN ${written(`substr(${c},1,19)`)}`,
    `${isFraction} AND substr(${c},-6)='+00:00' AND octet_length(${c}) BETWEEN 27 AND 32 THEN ${fraction(6)}`,
    `${isFraction} AND octet_length(${c}) BETWEEN 21 AND 26 THEN ${fraction(0)}`,
  ];
  return `CASE WHEN length(${c})<>octet_length(${c}) THEN '!' ${cases.map((one) => `WHEN ${one}`).join(" ")} ELSE '!' END`;
}

/** SQLite expression: without the column's affinity, which would make numbers of the empty text, and without its collation. */
function isText(c: string): string {
  return `(+${c} COLLATE BINARY)>='' AND (+${c} COLLATE BINARY)<x''`;
}

function orTilde(c: string, { isNeverNull }: { readonly isNeverNull: boolean }): readonly string[] {
  return [isNeverNull ? c : `coalesce(${c}::text, '~')`];
}
