import type { NumberRange } from "./storage-classes.ts";
import { type Family, type ParameterUse, type TypedSql, typed, Untranslatable, type ValueTraits } from "./typed-sql.ts";

const PARAMETER_TYPES: Readonly<Partial<Record<Family, string>>> = {
  integer: "bigint",
  double: "double precision",
  numeric: "numeric",
  text: "text",
  boolean: "boolean",
  bytea: "bytea",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
};

/** Numbers that come as parameters are taken for small ones where something is calculated with them. */
export const PARAMETER_RANGE: NumberRange = [-2_147_483_648, 2_147_483_647];

/** A parameter of open type as a value like the other; any other piece as it is. */
export function settledLike(piece: TypedSql, other: ValueTraits): TypedSql {
  return settledAs(piece, other, "kept");
}

/** The same where it is compared with a column, or stored in one: the column's affinity converts it. */
export function convertedLike(piece: TypedSql, column: ValueTraits): TypedSql {
  const { affinity } = column;
  const isConverted = affinity !== "none" && affinity !== "unclear" && affinity !== "blob";
  return settledAs(piece, column, isConverted ? "converted" : "kept");
}

function settledAs(piece: TypedSql, other: ValueTraits, use: ParameterUse): TypedSql {
  const { parameter } = piece;
  if (parameter === undefined) return piece;
  const type = PARAMETER_TYPES[other.family] ?? other.typeName;
  if (type === undefined) throw new Untranslatable("it has a parameter whose type is not clear");
  const { classes, family } = other;
  const isNumeric = family === "integer" || family === "double" || family === "numeric";
  return {
    ...typed(parameter.as(type, use), family),
    classes,
    range: family === "boolean" ? [0, 1] : isNumeric ? PARAMETER_RANGE : null,
    ...(other.typeName === undefined ? {} : { typeName: other.typeName }),
  };
}
