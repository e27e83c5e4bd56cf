import type { KeyValue, Tuple } from "../model/key.ts";

/** A key's values as SQL literals of SQLite, without affinity so that the column's own decides. */
export function keyLiterals(tuple: Tuple): string[] {
  return tuple.map(literal);
}

function literal(value: KeyValue): string {
  switch (value.type) {
    case "null":
      return "NULL";
    case "integer":
      // The smallest integer is no literal of SQLite: its minus is applied to a number that is too large.
      return value.value === "-9223372036854775808" ? "(-9223372036854775807 - 1)" : value.value;
    case "real":
      return typeof value.value === "number"
        ? realLiteral(value.value)
        : value.value === "Infinity"
          ? "9e999"
          : "-9e999";
    case "text":
      return `+CAST(x'${value.hex}' AS TEXT)`;
    case "blob":
      return `x'${value.hex}'`;
  }
}

function realLiteral(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
