import type { ColumnMapping } from "../model/mapping.ts";
import type { RawValue } from "../value/kind.ts";

/**
 * How a value is written so that both databases, each by itself, write the same bytes for equal values, and never for others: then
 * a page of rows is compared as one. What is not written alike is no difference yet; it is compared as values. Nothing here is the
 * copy's: SQLite's side is the bare value with its storage class tested.
 */
export interface PlainForm {
  /** SQLite expression, never NULL: `!` for what PostgreSQL's side never writes. */
  sqlite(c: string): string;
  /** PostgreSQL expression, never NULL. */
  postgres(c: string): string;
  /** Whether the two wrote, or would write, the same. */
  isAlike(raw: RawValue, arrived: string): boolean;
}

/** A page of such values must fit into memory, and nobody has asked for their sizes: larger ones are compared by themselves. */
export const MOST_PLAIN_BYTES = 16 << 10;

/** Null for columns whose values are seldom or never written alike: JSON that PostgreSQL takes apart, moments with a zone, reals. */
export function plainForm({ conversion, onBadValue }: ColumnMapping): PlainForm | null {
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
      return conversion.zone ? null : TEXT;
    case "json":
      return conversion.binary ? null : TEXT;
    case "date":
    case "time":
    case "uuid":
    case "network":
    case "other":
      return TEXT;
    case "double":
      return null;
  }
}

// Digits end at a comma and texts have their length before them, so no two rows of values are written as one.
const NUMBER: PlainForm = {
  sqlite: (c) => `CASE typeof(${c}) WHEN 'integer' THEN ${c}||',' WHEN 'null' THEN '~' ELSE '!' END`,
  postgres: (c) => `coalesce(${c}::text || ',', '~')`,
  isAlike: (raw, arrived) => raw.type === "integer" && raw.value.toString() === arrived,
};

const BOOLEAN: PlainForm = {
  sqlite: NUMBER.sqlite,
  postgres: (c) => `coalesce(${c}::integer::text || ',', '~')`,
  isAlike: (raw, arrived) => raw.type === "integer" && raw.value === (arrived === "t" || arrived === "true" ? 1n : 0n),
};

const TEXT: PlainForm = {
  sqlite: (c) => `CASE typeof(${c}) WHEN 'text' THEN CASE WHEN octet_length(${c})>${MOST_PLAIN_BYTES} THEN '!' ELSE octet_length(${c})||':'||${c} END WHEN 'null' THEN '~' ELSE '!' END`,
  postgres: (c) => `coalesce(octet_length(${c}::text) || ':' || ${c}::text, '~')`,
  isAlike: (raw, arrived) => raw.type === "text" && raw.bytes.length <= MOST_PLAIN_BYTES && Buffer.from(raw.bytes).equals(Buffer.from(arrived)),
};

const BYTES: PlainForm = {
  sqlite: (c) => `CASE typeof(${c}) WHEN 'blob' THEN CASE WHEN length(${c})>${MOST_PLAIN_BYTES} THEN '!' ELSE 2*length(${c})||':'||hex(${c}) END WHEN 'null' THEN '~' ELSE '!' END`,
  postgres: (c) => `coalesce(2 * octet_length(${c}) || ':' || upper(encode(${c}, 'hex')), '~')`,
  isAlike: (raw) => raw.type === "blob" && raw.bytes.length <= MOST_PLAIN_BYTES,
};
