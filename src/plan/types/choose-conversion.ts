import type { CatalogueColumn } from "../../model/catalogue.ts";
import type { Conversion, EpochUnit } from "../../model/mapping.ts";
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
      return { kind: "timestamp", zone: false, epoch: epochUnit(profile), ...decimals(column) };
    case "timestamptz":
      return { kind: "timestamp", zone: true, epoch: epochUnit(profile), ...decimals(column) };
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
    default:
      return { kind: "other", type: column.type };
  }
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
  const largest = [profile?.minInteger, profile?.maxInteger].reduce<bigint>(
    (most, value) => (value == null ? most : value < 0n ? max(most, -value) : max(most, value)),
    0n,
  );
  const unit = largest < SECONDS ? "seconds" : largest < MILLISECONDS ? "milliseconds" : "microseconds";
  return isFarAhead(profile?.minInteger ?? null, unit) ? null : unit;
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
