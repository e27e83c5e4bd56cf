import { INTEGER, isWithin, TEXT } from "./storage-classes.ts";
import {
  isBlob,
  isDate,
  isMixedText,
  isNumber,
  isText,
  type TypedSql,
  Untranslatable,
  type ValueTraits,
} from "./typed-sql.ts";

/** Whether values are equal in PostgreSQL when, and only when, they are in SQLite, which DISTINCT and GROUP BY need. */
export function requireSameEquality(value: ValueTraits & Pick<TypedSql, "isCollatedWithin">, what: string): void {
  if (value.family === "null") return;
  if (value.isCollatedWithin === true) throw new Untranslatable(`it ${what} by a collation that is said within`);
  if (value.collation !== null && value.collation !== "BINARY" && (value.classes & TEXT) !== 0)
    throw new Untranslatable(`it ${what} by the collation ${value.collation}`);
  const isSame =
    (value.family === "boolean" && isWithin(value.classes, INTEGER)) ||
    isNumber(value) ||
    isText(value) ||
    isMixedText(value) ||
    isBlob(value) ||
    (isDate(value) && value.isRespelled !== true);
  if (!isSame) throw new Untranslatable(`it ${what} values that PostgreSQL may compare otherwise`);
}
