import type { DateFormat } from "../model/profile.ts";
import { hasFormat } from "./text-formats.ts";
import { leavesCalendar } from "./types/timestamp-formats.ts";

/** SQLite expression: the format of date that the value of `c` has; NULL for NULL. */
export function dateFormat(c: string): string {
  const is = (format: DateFormat) => `'${format}'`;
  const units = UNITS.map(([unit, min, max]) => `WHEN ${c} BETWEEN ${min} AND ${max} THEN ${is(unit)}`);
  return `CASE typeof(${c})
  WHEN 'text' THEN CASE
    WHEN octet_length(${c})=0 THEN ${is("empty")}
    WHEN ${hasFormat("isoDates", c)} THEN ${is("day")}
    WHEN ${hasFormat("localTimestamps", c)} THEN ${is("local")}
    WHEN ${hasFormat("zonedTimestamps", c)} THEN
      CASE WHEN substr(${c},-1)='Z' THEN ${is("utc")} ELSE ${is("offset")} END
    WHEN ${leavesCalendar(c, `ltrim(substr(${c},20),' ')`)} THEN ${is("beyond")}
    WHEN ${c} GLOB '0000-00-00*' THEN ${is("zero")}
    WHEN ${hasFormat("localTimestamps", `substr(${c},1,19)`)}
      AND ${c} GLOB '*.[0-9][0-9][0-9][0-9][0-9][0-9][0-9]*' THEN
      CASE WHEN ${c} GLOB '*[0-9]' AND substr(${c},20) NOT GLOB '*[-+]*'
        THEN ${is("too-fine")} ELSE ${is("too-fine-zoned")} END
    WHEN ${hasFormat("localTimestamps", `substr(${c},1,16)`)}
      AND (substr(${c},17)='Z' OR ${hasFormat("zonedTimestamps", `substr(${c},1,16)||':00'||substr(${c},17)`)})
      THEN ${is("zoned-minutes")}
    WHEN ${hasFormat("localTimestamps", `substr(${c},1,19)`)} AND ${c} GLOB '* [-+]${D.repeat(4)} ?*' THEN ${is("go")}
    WHEN (${c} GLOB '${DAY}' OR ${c} GLOB '${DAY}[ T]${D}${D}:${D}${D}*')
      AND ${isImpossible(c)} THEN ${is("impossible")}
    WHEN ${c} NOT GLOB '*[^0-9]*' THEN ${is("digits")}
    ELSE ${is("other")} END
  WHEN 'integer' THEN CASE ${units.join(" ")} ELSE ${is("number")} END
  WHEN 'real' THEN CASE WHEN ${c} BETWEEN 1721425.5 AND 5373484.5 THEN ${is("julian")} ELSE ${is("number")} END
  WHEN 'blob' THEN ${is("blob")} END`;
}

const D = "[0-9]";
const DAY = `${D.repeat(4)}-${D}${D}-${D}${D}`;

/** Of what begins as a date: whether its day or its time does not exist. */
function isImpossible(c: string): string {
  return (
    `(NOT coalesce(${hasFormat("isoDates", `substr(${c},1,10)`)},0) OR substr(${c},12,2)>'23' OR ` +
    `substr(${c},15,2)>'59' OR (substr(${c},17,1)=':' AND substr(${c},18,2)>'59'))`
  );
}

/** From 1973 to 5138, where the units' ranges do not overlap. */
const UNITS = [
  ["seconds", "100000000", "99999999999"],
  ["milliseconds", "100000000000", "99999999999999"],
  ["microseconds", "100000000000000", "99999999999999999"],
] as const satisfies readonly (readonly [DateFormat, string, string])[];
