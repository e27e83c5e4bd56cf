import type { Conversion } from "../../model/mapping.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import { chooseConversion } from "./choose-conversion.ts";

/**
 * How values would become a type that no target has yet: as {@link chooseConversion} says of a column that is there.
 */
export function conversionOfType(type: string, profile: ColumnProfile | undefined): Conversion {
  const match =
    /^\s*([a-z_][a-z0-9_ ]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\))?(\s+with(?:out)? time zone)?\s*$/i.exec(type);
  const name = `${match?.[1] ?? type}${match?.[4] ?? ""}`.toLowerCase().replace(/\s+/g, " ");
  return chooseConversion(
    {
      name: "",
      type,
      baseType: CATALOGUE_NAMES[name] ?? name,
      modifier: modifierOf(name, match?.[2], match?.[3]),
      notNull: false,
      hasDefault: false,
      generated: false,
      identity: false,
    },
    profile,
  );
}

/** As pg_attribute.atttypmod holds it. */
function modifierOf(name: string, first: string | undefined, second: string | undefined): number {
  if (first === undefined) return /^char(acter)?$/.test(name) ? 1 + 4 : -1;
  if (/^time/.test(name)) return Number(first);
  const numeric = /^(numeric|decimal)$/.test(name);
  return numeric ? ((Number(first) << 16) | (Number(second ?? 0) & 0x7ff)) + 4 : Number(first) + 4;
}

/** What pg_type.typname calls the names that people write. */
const CATALOGUE_NAMES: Readonly<Record<string, string>> = {
  smallint: "int2",
  integer: "int4",
  int: "int4",
  bigint: "int8",
  "double precision": "float8",
  float: "float8",
  real: "float4",
  decimal: "numeric",
  boolean: "bool",
  "character varying": "varchar",
  character: "bpchar",
  char: "bpchar",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
  "time without time zone": "time",
};
