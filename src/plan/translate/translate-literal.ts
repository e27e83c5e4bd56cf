import { pgString } from "../../quote.ts";
import { fitsNarrow } from "./storage-classes.ts";
import { type TypedSql, typed, Untranslatable } from "./typed-sql.ts";

/** A number as written. What SQLite reads otherwise than PostgreSQL is not known. */
export function number(text: string): TypedSql {
  const integer = /^0x/i.test(text) ? BigInt(text).toString() : /^\d+$/.test(text) ? BigInt(text).toString() : null;
  const value = Number(integer ?? text);
  const isLost = value === 0 && /[1-9]/.test(text.replace(/e.*$/i, "")) && integer === null;
  const isTooLarge = integer !== null && BigInt(integer) >= 1n << 63n;
  if (text.includes("_") || !Number.isFinite(value) || isLost || isTooLarge)
    throw new Untranslatable("it has a number that is not known");
  const range = [value, value] as const;
  return integer === null
    ? { ...typed(text, "double"), literal: text, range }
    : {
        ...typed(integer, "integer"),
        literal: integer,
        range,
        ...(fitsNarrow(range) ? { isNarrow: true } : {}),
      };
}

export function string(value: string): TypedSql {
  if (value.includes("\0")) throw new Untranslatable("it has a NUL in a string");
  return { ...typed(pgString(value), "text"), literal: value };
}
