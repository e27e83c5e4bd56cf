import { settledLike } from "./open-parameter.ts";
import { fitsNarrow } from "./storage-classes.ts";
import { ATOM, isInteger, isTextual, operand, type TypedSql, typed } from "./typed-sql.ts";

/** substr(), in which negative places count from the end in SQLite only. Null if it is not known. */
export function translateSubstr(args: readonly TypedSql[]): TypedSql | null {
  const [value, start, length] = args;
  const isFixed = start?.literal != null && (length === undefined || length.literal != null);
  if (!isFixed && value !== undefined && start !== undefined && isTextual(value) && args.length <= 3)
    return movingPart(value, start, length);
  if (value !== undefined && isTextual(value) && args.length === 2 && /^-[1-9]\d*$/.test(start?.literal ?? ""))
    return typed(`right(${value.sql}, ${start?.literal?.slice(1) ?? ""})`, "text");
  if (
    value === undefined ||
    !isTextual(value) ||
    !/^[1-9]\d*$/.test(start?.literal ?? "") ||
    args.length > 3 ||
    (length !== undefined && !/^\d+$/.test(length.literal ?? ""))
  )
    return null;
  return typed(`substr(${args.map(({ sql }) => sql).join(", ")})`, "text");
}

/** The same where the place is calculated: from the end of the text where it is below 0. */
function movingPart(value: TypedSql, start: TypedSql, length: TypedSql | undefined): TypedSql | null {
  const [from, count] = [start, length].map((piece) =>
    piece === undefined ? null : narrow(settledLike(piece, typed("", "integer"))),
  );
  if (from == null || (length !== undefined && count == null)) return null;
  const isForward = start.range !== null && start.range[0] >= 0;
  const place = isForward ? from : `(case when ${from} < 0 then length(${value.sql}) + 1 + ${from} else ${from} end)`;
  if (count == null) return typed(`substr(${value.sql}, ${place})`, "text");
  const part = `substr(${value.sql}, ${place}, ${count})`;
  if (length?.range != null && length.range[0] >= 0) return typed(part, "text");
  // A length below 0 asks for what comes before the place.
  const before = `substr(${value.sql}, ${place} + ${count}, -(${count}))`;
  return typed(`case when ${count} < 0 then ${before} else ${part} end`, "text");
}

/** An integer in 32 bits; null where it may have more. */
function narrow(piece: TypedSql): string | null {
  if (!isInteger(piece) || !fitsNarrow(piece.range)) return null;
  return piece.isNarrow === true ? operand(piece, ATOM) : `${operand(piece, ATOM)}::integer`;
}
