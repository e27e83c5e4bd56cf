import type { CanonicalForm } from "./canonical-form.ts";
import { RealReader, realParts } from "./real-value.ts";
import { STORED } from "./record-value.ts";

/** Doubles as they are: -0.0 is a value of its own. */
export const REAL_FORM: CanonicalForm = {
  sqlite: realParts,
  postgres: (c) => ({ kind: "real", sql: c }),
  writer: (parts) => {
    const reader = new RealReader(parts);
    return (into) => {
      const read = reader.next();
      if (read === "null") return into.setNull();
      if (read === "unknown" || (read === "integer" && !isExact(reader))) return false;
      return into.setReal(reader.value);
    };
  },
  stored: (into, value) => {
    if (value.class === STORED.null) return into.setNull();
    const isNumber = value.class === STORED.real || value.class === STORED.integer;
    return isNumber && !Number.isNaN(value.number) && into.setReal(value.number);
  },
  isAlike: (raw, targetText) =>
    raw.type === "real"
      ? Object.is(Number(targetText), raw.value)
      : raw.type === "integer" && BigInt(Number(targetText)) === raw.value,
};

/** Whether an integer is a double, too. */
function isExact({ value, whole: { bytes, end, start } }: RealReader): boolean {
  if (Number.isSafeInteger(value)) return true;
  return BigInt(Buffer.from(bytes.subarray(start, end)).toString("latin1")) === BigInt(value);
}
