import type { SourceValue } from "../model/source-value.ts";
import type { ResultOrder } from "./result-order.ts";

/** A value as PostgreSQL writes it, and its type there. */
export interface TargetValue {
  readonly text: string | null;
  readonly type: string;
}

export interface ComparedRows {
  readonly source: readonly (readonly SourceValue[])[];
  readonly target: readonly (readonly TargetValue[])[];
}

/** The first place where two results differ; null where they are equal. */
export interface RowDifference {
  /** From 1; 0 where the number of rows or of columns differs. */
  readonly row: number;
  /** From 1; 0 where a whole row has no equal. */
  readonly column: number;
  /** What differs, in words. */
  readonly message: string;
  /** Shown only where someone asks for values. */
  readonly values: { readonly source: string; readonly target: string } | null;
}

export interface CompareOptions {
  /** Whether the order of rows counts: all of it, or that of the columns that ORDER BY names; null: not at all. */
  readonly order: ResultOrder;
  /** Where both sides ask for the present time, one after the other: times near it are equal. Null: they do not ask. */
  readonly now: number | null;
  /** Columns whose values come out of JSON: in PostgreSQL they are jsonb, which a driver gives as its own types. */
  readonly jsonValues?: readonly number[];
}

/** Compares two results as values must relate: 0 and false, a date as text and a timestamp, reals by their bits. */
export function compareRows({ source, target }: ComparedRows, options: CompareOptions): RowDifference | null {
  if (source.length !== target.length)
    return {
      row: 0,
      column: 0,
      message: `SQLite gives ${source.length} rows, PostgreSQL ${target.length}`,
      values: null,
    };
  const ordered = firstDifference(source, target, options);
  if (ordered === null || options.order === "total" || options.order === "unclear" || !asBag(source, target, options))
    return ordered;
  if (options.order === null) return null;
  const { order } = options;
  const keysOf = <T>(rows: readonly (readonly T[])[]) =>
    rows.map((row) => order.flatMap((place) => (row[place] === undefined ? [] : [row[place]])));
  const jsonValues = order.flatMap((place, index) => (options.jsonValues?.includes(place) === true ? [index] : []));
  return firstDifference(keysOf(source), keysOf(target), { ...options, jsonValues });
}

/** The first place where rows that stand in one order differ. */
export function firstDifference(
  source: ComparedRows["source"],
  target: ComparedRows["target"],
  options: Equality,
): RowDifference | null {
  for (const [row, values] of source.entries()) {
    const others = target[row] ?? [];
    if (others.length !== values.length)
      return {
        row: 0,
        column: 0,
        message: `SQLite gives ${values.length} columns, PostgreSQL ${others.length}`,
        values: null,
      };
    const column = values.findIndex(
      (value, index) => !isSame(value, others[index] ?? MISSING, atColumn(options, index)),
    );
    if (column === -1) continue;
    const [one = null, other = MISSING] = [values[column], others[column]];
    return {
      row: row + 1,
      column: column + 1,
      message:
        `row ${row + 1}, column ${column + 1}: ${className(one)} in SQLite, ` +
        `${other.text === null ? "NULL" : other.type} in PostgreSQL`,
      values: { source: shown(one), target: other.text ?? "NULL" },
    };
  }
  return null;
}

const MISSING: TargetValue = { text: null, type: "nothing" };

/** Whether two rows stand for the same. */
export function isSameRow(values: readonly SourceValue[], others: readonly TargetValue[], options: Equality): boolean {
  return (
    others.length === values.length &&
    values.every((value, index) => isSame(value, others[index] ?? MISSING, atColumn(options, index)))
  );
}

/** Each row of one side has a row of its own on the other. */
function asBag(source: ComparedRows["source"], target: ComparedRows["target"], options: Equality): boolean {
  const left = [...target];
  return source.every((values) => {
    const found = left.findIndex((others) => isSameRow(values, others, options));
    if (found === -1) return false;
    left.splice(found, 1);
    return true;
  });
}

/** What decides whether two values stand for the same. */
export type Equality = Pick<CompareOptions, "jsonValues" | "now">;

function atColumn({ jsonValues, now }: Equality, column: number): ValueEquality {
  return { now, isJsonValue: jsonValues?.includes(column) === true };
}

interface ValueEquality {
  readonly now: number | null;
  readonly isJsonValue: boolean;
}

/** Whether a value of SQLite and one of PostgreSQL stand for the same. */
function isSame(value: SourceValue, { text, type }: TargetValue, { isJsonValue, now }: ValueEquality): boolean {
  if (value === null || text === null) return value === null && text === null;
  if (isJsonValue && type === "jsonb" && isSameJsonValue(value, text)) return true;
  if (value instanceof ArrayBuffer) return text === `\\x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "string") return isSameText(value, text, type, now);
  if (type === "boolean") return Number(value) === (text === "true" ? 1 : 0);
  if (isDateType(type)) return typeof value === "bigint" && isSameEpoch(value, text, type);
  if (!isNumberType(type)) return false;
  if (typeof value === "bigint") return isWhole(text) ? BigInt(wholePart(text)) === value : false;
  return type === "double precision" || type === "real"
    ? Object.is(Number(text), value)
    : isWhole(text) || Number.isFinite(Number(text))
      ? Number(text) === value
      : false;
}

function isSameText(value: string, text: string, type: string, now: number | null): boolean {
  if (value === text && (isTextType(type) || type === "uuid" || type === "inet" || type === "date")) return true;
  if (type === "json" || type === "jsonb") return isSameJson(value, text);
  if (type === "uuid") return value.toLowerCase() === text;
  const isDate = isDateType(type);
  if (!isDate && !isTextType(type)) return false;
  const [one, other] = [instant(value), instant(text)];
  if (one === null || other === null) return false;
  return (isDate && one === other) || (now !== null && [one, other].every((at) => Math.abs(at - now) < PRESENT_MS));
}

/** What both sides take for the present may be this far apart. */
const PRESENT_MS = 60_000;

/** A timestamp in ms; null if the text is none. Without a zone it is in UTC, as SQLite's are. */
function instant(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(text);
  if (match === null) return null;
  const [, day = "", time = "00:00:00", zone = "Z"] = match;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone;
  const at = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(at) ? null : at;
}

function isSameEpoch(value: bigint, text: string, type: string): boolean {
  const at = instant(type === "date" ? text.slice(0, 10) : text);
  if (at === null) return false;
  return (
    [1_000n, 1n].some((factor) => BigInt(Math.round(at)) === value * factor) ||
    BigInt(Math.round(at)) === value / 1_000n
  );
}

/** A string or a number within JSON, and the value that SQLite makes of it. */
function isSameJsonValue(value: SourceValue, text: string): boolean {
  const held: unknown = JSON.parse(text);
  if (typeof value === "string") return held === value;
  if (typeof value === "bigint") return /^-?\d+$/.test(text) && BigInt(text) === value;
  return typeof value === "number" && typeof held === "number" && held === value;
}

function isSameJson(value: string, text: string): boolean {
  // Numbers that a double does not hold are compared as they are written.
  if (/\d{16}/.test(value)) return value.replace(/\s/g, "") === text.replace(/\s/g, "");
  try {
    return canonicalJson(JSON.parse(value)) === canonicalJson(JSON.parse(text));
  } catch {
    return false;
  }
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

function isDateType(type: string): boolean {
  return type === "date" || type.startsWith("timestamp");
}

function isTextType(type: string): boolean {
  return type === "text" || type.startsWith("character") || type === "name" || type === '"char"' || type === "unknown";
}

function isNumberType(type: string): boolean {
  return ["smallint", "integer", "bigint", "numeric", "real", "double precision"].includes(type);
}

function isWhole(text: string): boolean {
  return /^-?\d+(\.0*)?$/.test(text);
}

function wholePart(text: string): string {
  return text.replace(/\..*$/, "");
}

function className(value: SourceValue): string {
  if (value === null) return "NULL";
  if (typeof value === "bigint") return "an integer";
  if (typeof value === "number") return "a real";
  return typeof value === "string" ? "a text" : "a blob";
}

function shown(value: SourceValue): string {
  if (value === null) return "NULL";
  return value instanceof ArrayBuffer ? `\\x${Buffer.from(value).toString("hex")}` : String(value);
}
