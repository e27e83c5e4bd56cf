import type { CatalogueColumn } from "../../model/catalogue.ts";
import type { ArrayElement, Conversion, EpochUnit } from "../../model/mapping.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import { compactDates } from "../compact-dates.ts";

/** How a column's values become the target's type: by that type, and for dates by what the integers look like. */
export function chooseConversion(column: CatalogueColumn, profile: ColumnProfile | undefined): Conversion {
  switch (column.baseType) {
    case "int2":
      return { kind: "integer", type: "smallint" };
    case "int4":
      return { kind: "integer", type: "integer" };
    case "int8":
      return { kind: "integer", type: "bigint" };
    case "float4":
      return { kind: "real" };
    case "float8":
      return { kind: "double" };
    case "numeric":
      return { kind: "numeric", scale: column.modifier < 4 ? null : (column.modifier - 4) & 0x7ff };
    case "text":
    case "citext":
      return { kind: "text", maxLength: null, padded: false };
    case "varchar":
      return { kind: "text", maxLength: length(column.modifier), padded: false };
    case "bpchar":
      return { kind: "text", maxLength: length(column.modifier), padded: true };
    case "bytea":
      return { kind: "bytes" };
    case "bool":
      return { kind: "boolean" };
    case "timestamp":
      return { kind: "timestamp", zone: false, ...counting(profile), ...decimals(column) };
    case "timestamptz":
      return { kind: "timestamp", zone: true, ...counting(profile), ...decimals(column) };
    case "date":
      return { kind: "date" };
    case "time":
      return { kind: "time", ...decimals(column) };
    case "json":
      return { kind: "json", binary: false };
    case "jsonb":
      return { kind: "json", binary: true };
    case "uuid":
      return { kind: "uuid" };
    case "inet":
    case "cidr":
      return { kind: "network" };
    case "interval":
      return { kind: "interval", unit: intervalUnit(profile) };
    default: {
      const element = elementOf(column);
      return element === null ? { kind: "other", type: column.type } : { kind: "array", type: column.type, element };
    }
  }
}

const NUMBERS = /^(int[248]|float[48]|numeric|smallint|integer|bigint|real|double precision)(\(.*\))?$/;

/** Of an array's elements; null where the type is no array. */
function elementOf({ baseType, type }: CatalogueColumn): ArrayElement | null {
  const name = baseType.startsWith("_") ? baseType.slice(1) : type.endsWith("[]") ? type.slice(0, -2) : null;
  if (name === null) return null;
  if (NUMBERS.test(name)) return "number";
  if (/^bool(ean)?$/.test(name)) return "boolean";
  return /^jsonb?$/.test(name) ? "json" : "text";
}

function counting(profile: ColumnProfile | undefined): { readonly epoch: EpochUnit | null; readonly isCompact?: true } {
  if (profile?.unit !== undefined) return { epoch: profile.unit };
  const isCompact = profile !== undefined && compactDates(profile) === "seconds";
  return { epoch: epochUnit(profile), ...(isCompact ? { isCompact: true } : {}) };
}

/** A year in seconds, and a day: intervals are seldom longer than the one, and some are longer than the other. */
const YEAR = 31_557_600n;
const DAY = 86_400n;

/**
 * What the integers of an interval count. Where a rule or a known tool does not say it, their size does; null where
 * it could be two units.
 */
function intervalUnit(profile: ColumnProfile | undefined): EpochUnit | null {
  if (profile === undefined || profile.unit !== undefined) return profile?.unit ?? null;
  const largest = largestOf(profile);
  if (largest <= DAY) return largest === 0n ? "seconds" : null;
  if (largest <= YEAR) return null;
  return largest > YEAR * 1_000n ? "microseconds" : null;
}

/** Of timestamp(0) and the like: without a number there are six. */
function decimals({ modifier }: CatalogueColumn): { readonly decimals?: number } {
  return modifier >= 0 && modifier < 6 ? { decimals: modifier } : {};
}

function length(modifier: number): number | null {
  return modifier < 4 ? null : modifier - 4;
}

// Integers of one column lie in one of these ranges for dates from 1973 to 5138; they don't overlap.
const SECONDS = 100_000_000_000n;
const MILLISECONDS = SECONDS * 1_000n;

/**
 * What the integers of a date column count, by their size; seconds while there are none. Null where they count nothing:
 * 20240131123000.
 */
function epochUnit(profile: ColumnProfile | undefined): EpochUnit | null {
  if (profile !== undefined && compactDates(profile) !== null) return null;
  const largest = largestOf(profile);
  const unit = largest < SECONDS ? "seconds" : largest < MILLISECONDS ? "milliseconds" : "microseconds";
  return isFarAhead(profile?.minInteger ?? null, unit) ? null : unit;
}

function largestOf(profile: ColumnProfile | undefined): bigint {
  return [profile?.minInteger, profile?.maxInteger].reduce<bigint>(
    (most, value) => (value == null ? most : value < 0n ? max(most, -value) : max(most, value)),
    0n,
  );
}

/**
 * Whether all values would lie where no dates lie: then they count from elsewhere, as 13353760800000000 of Chrome does.
 */
function isFarAhead(least: bigint | null, unit: EpochUnit): boolean {
  const perSecond = { seconds: 1n, milliseconds: 1_000n, microseconds: 1_000_000n }[unit];
  return least !== null && least > YEAR_2060 * perSecond;
}

const YEAR_2060 = 2_840_140_800n;

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
