import { pgString } from "../../quote.ts";
import { ATOM, inBytes, type TypedSql, typed, Untranslatable } from "./typed-sql.ts";

/**
 * The collation by which SQLite compares two texts: the one that is said, else the left column's, else the right one's.
 */
export function collationOf(left: TypedSql, right: TypedSql): string {
  if (left.isCollatedWithin === true || right.isCollatedWithin === true)
    throw new Untranslatable("it compares by a collation that is said within");
  const says = left.explicit === true || right.explicit !== true ? [left, right] : [right, left];
  return says.find((piece) => piece.collation !== null)?.collation ?? "BINARY";
}

/** A text as SQLite's NOCASE sees it: only ASCII letters have case. */
export function foldedCase(value: TypedSql): string {
  return value.literal === null ? `lower(${inBytes(value).sql})` : pgString(lowerAscii(value.literal));
}

export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What is equal in PostgreSQL where SQLite's collation takes values for equal: a term of a unique index. */
export function foldedTerm(value: TypedSql, collation: string): TypedSql {
  if (value.isCollatedWithin === true) throw new Untranslatable("it compares by a collation that is said within");
  switch (collation) {
    case "BINARY":
      return value;
    case "NOCASE":
      return value.isFolded === true
        ? value
        : { ...typed(foldedCase(value), "text", ATOM, [value]), byBytes: value.literal === null };
    case "RTRIM":
      return typed(`rtrim(${value.sql})`, "text", ATOM, [value]);
    default:
      throw new Untranslatable(`it compares by the collation ${collation}`);
  }
}
