import type { Affinity } from "../../model/schema.ts";
import type { RawValue } from "../kind.ts";

/** In which form a value stands in SQLite: a word of its kind, such as `integer`, or `T3Z` for 2024-01-01T10:00:00.123Z. */
export type Format = string;

/** A form that no value of PostgreSQL can be written in again. */
export const IRREGULAR: Format = "irregular";

export interface Returned {
  readonly value: Exclude<RawValue, { type: "null" }>;
  /** False where the form does not hold all of PostgreSQL's value: microseconds in an epoch of seconds, digits beyond a double's. */
  readonly exact: boolean;
}

/** The failback of one kind of value. */
export interface Inverse {
  formatOf(raw: Exclude<RawValue, { type: "null" }>): Format;
  /** Forms to try where the values that are there tell of none, the usual one of a column of that affinity first. */
  formats(affinity: Affinity, seen: readonly Format[]): readonly Format[];
  /** PostgreSQL's text output in a form of SQLite; null if that form cannot hold it. */
  write(targetText: string, format: Format): Returned | null;
}

export function textValue(text: string): Returned {
  return { value: { type: "text", bytes: new TextEncoder().encode(text) }, exact: true };
}

export function integerValue(value: bigint): Returned | null {
  return value >= -(2n ** 63n) && value < 2n ** 63n ? { value: { type: "integer", value }, exact: true } : null;
}
