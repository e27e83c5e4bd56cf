import type { Random } from "./random.ts";

export type ColumnType = "INTEGER" | "INT" | "TEXT" | "VARCHAR(9)" | "REAL" | "NUMERIC" | "BLOB" | "";

const INTEGERS = ["0", "1", "2", "3", "-1", "7", "9007199254740993"];
const REALS = ["1.0", "1.5", "2.0", "0.1", "1e300"];
const TEXTS = ["'a'", "'A'", "'a '", "'b'", "''", "'1'", "'1.0'", "'007'", "'7'", "'é'", "'x\ty'"];
const BLOBS = ["x'61'", "x''", "x'00ff'"];

/**
 * An SQL literal from a domain so small that unique values often meet. `fitting`: only what the type's counterpart in
 * PostgreSQL holds as it is.
 */
export function randomValue(random: Random, type: ColumnType, fitting: boolean): string {
  if (random.chance(0.1)) return "NULL";
  if (!fitting && random.chance(0.2)) return random.pick([...INTEGERS, ...REALS, ...TEXTS, ...BLOBS]);
  switch (type) {
    case "INTEGER":
    case "INT":
      return random.pick(fitting ? INTEGERS : [...INTEGERS, "'2'"]);
    case "TEXT":
    case "VARCHAR(9)":
      return random.pick(fitting ? [...TEXTS, ...INTEGERS] : [...TEXTS, "7"]);
    case "REAL":
    case "NUMERIC":
      return random.pick(fitting ? ["0", "1", "2", "3", "-1", ...REALS] : [...INTEGERS, ...REALS, "'2'"]);
    case "BLOB":
      return random.pick(fitting ? BLOBS : [...BLOBS, "'a'", "1", "1.0", "'1'"]);
    case "":
      return random.pick(
        fitting ? [...INTEGERS.slice(0, 6), ...REALS] : ["1", "1.0", "'1'", "x'31'", "'a'", "'A'", "2"],
      );
  }
}
