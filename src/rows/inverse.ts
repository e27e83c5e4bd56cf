import type { LossKind } from "../model/failback-loss.ts";
import type { Affinity } from "../model/source-schema.ts";
import { realOfText } from "./decimal.ts";
import { type PresentValue, rawText } from "./raw-value.ts";

/** How a value is spelled in SQLite: a word of its type, such as `integer`, or `T3Z` for 2024-01-01T10:00:00.123Z. */
export type Format = string;

/** A format in which no value of PostgreSQL can be written again. */
export const IRREGULAR: Format = "irregular";

export interface WrittenValue {
  readonly value: PresentValue;
  /** False where the format cuts the value: microseconds in an epoch of seconds, digits beyond those of a double. */
  readonly exact: boolean;
}

/** The failback of one type: from PostgreSQL to SQLite. */
export interface Inverse {
  formatOf(raw: PresentValue): Format;
  /** Formats to try where the values that are there do not decide, the likeliest for the affinity first. */
  formats(affinity: Affinity, seen: readonly Format[]): readonly Format[];
  /** PostgreSQL's text output in a format of SQLite; null if the format cannot hold the value. */
  write(targetText: string, format: Format): WrittenValue | null;
  /** Null where the type decides the format. Else the application or ORM does, alike in most of a database. */
  readonly habit: FormatHabit | null;
  /** What a value loses where no format holds all of it. */
  readonly loss: CutLoss;
  /** Whether the value that the column's affinity made still stands for PostgreSQL's. Default: whether it matches. */
  survivesAffinity?(stored: PresentValue, targetText: string): boolean;
}

export interface CutLoss {
  readonly kind: Extract<LossKind, "rounded" | "number">;
  /** The cutover has said so already. */
  readonly announced: boolean;
}

export const ROUNDED: CutLoss = { kind: "rounded", announced: false };
export const BECOMES_NUMBER: CutLoss = { kind: "number", announced: false };

/** Columns of a group are written alike. */
export interface FormatHabit {
  readonly group: string;
  /** A group whose formats are tried after the column's own. */
  readonly related?: string;
  /** A column's format in words that all columns of the group understand. */
  toGroup(format: Format): Format;
  /** The reverse; null where the format means nothing in this column. */
  ofGroup(format: Format): Format | null;
}

export function sameFormats(group: string): FormatHabit {
  return { group, toGroup: (format) => format, ofGroup: (format) => format };
}

export function textValue(text: string): WrittenValue {
  return { value: { type: "text", bytes: new TextEncoder().encode(text) }, exact: true };
}

/** Null beyond 64 bits. */
export function integerValue(value: bigint): WrittenValue | null {
  return value >= -(2n ** 63n) && value < 2n ** 63n ? { value: { type: "integer", value }, exact: true } : null;
}

/** Of a number. In a column of texts SQLite makes a text of each. */
export function numberFormat(raw: PresentValue): Format {
  if (raw.type === "integer" || raw.type === "real") return raw.type;
  return /^-?\d+(\.\d+)?$/.test(rawText(raw) ?? "") ? "text" : IRREGULAR;
}

/** Formats of numbers in a column of an affinity. */
export function numberFormats(affinity: Affinity, ...likeliest: readonly Format[]): readonly Format[] {
  return affinity === "text" ? ["text", ...likeliest] : likeliest;
}

/** Whether an application that reads the value as a text gets this one. */
export function readsAsText(stored: PresentValue, text: string): boolean {
  return stored.type === "integer"
    ? String(stored.value) === text
    : stored.type === "real" && Object.is(realOfText(text), stored.value);
}

/** Text and nothing else, as it is. */
export const TEXT_INVERSE: Omit<Inverse, "habit"> = {
  formatOf: () => "text",
  formats: () => ["text"],
  write: (targetText) => textValue(targetText),
  loss: BECOMES_NUMBER,
};
