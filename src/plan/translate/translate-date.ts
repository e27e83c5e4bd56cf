import {
  ADD,
  ATOM,
  COMPARE,
  IS,
  isDate,
  OTHER,
  operand,
  RANGE,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** SQLite's date functions of a column that is a date or timestamp in PostgreSQL. All of these are immutable there. */
export function translateDate(name: string, args: readonly TypedSql[]): TypedSql | null {
  const [value, ...rest] = name === "strftime" ? args.slice(1) : args;
  if (value === undefined || rest.length > 0 || !isTimestamp(value)) return null;
  switch (name) {
    case "date":
      return value.family === "date" ? value : typed(`${operand(atUtc(value), ATOM)}::date`, "date", ATOM);
    case "datetime":
      return value.family === "date"
        ? typed(`${operand(value, ATOM)}::timestamp`, "timestamp", ATOM)
        : typed(`date_trunc('second', ${atUtc(value).sql})`, "timestamp");
    case "unixepoch":
      return { ...typed(`floor(extract(epoch from ${atUtc(value).sql}))::bigint`, "integer"), range: SECONDS };
    case "strftime": {
      const format = args[0]?.literal ?? "";
      return format === "" ? null : formatted(format, atUtc(value));
    }
    default:
      return null;
  }
}

/** Of the years that PostgreSQL knows. */
const SECONDS = [-3e11, 1e13] as const;

function isTimestamp(value: TypedSql): boolean {
  return value.literal === null && isDate(value);
}

function atUtc(value: TypedSql): TypedSql {
  return value.family === "timestamptz"
    ? typed(`${operand(value, OTHER)} at time zone 'UTC'`, "timestamp", ADD, [value])
    : value;
}

const PARTS: Readonly<Record<string, readonly [field: string, width: number]>> = {
  Y: ["year", 4],
  m: ["month", 2],
  d: ["day", 2],
  H: ["hour", 2],
  M: ["minute", 2],
  j: ["doy", 3],
};

/** to_char() would depend on the session; the parts put together do not. */
function formatted(format: string, value: TypedSql): TypedSql {
  const pieces = [...format.matchAll(/%(.)|[^%]+/gs)].map(([text, part]) => {
    if (part === undefined) return `'${text.replaceAll("'", "''")}'`;
    if (value.family === "date" && /[HMS]/.test(part)) return "'00'";
    if (value.family === "date" && part === "f") return "'00.000'";
    if (part === "S") return `lpad(floor(extract(second from ${value.sql}))::text, 2, '0')`;
    const known = PARTS[part];
    if (known === undefined || text.includes("\\")) throw new Untranslatable(`it formats a date by ${text}`);
    return `lpad(extract(${known[0]} from ${value.sql})::text, ${known[1]}, '0')`;
  });
  return typed(pieces.join(" || "), "text", pieces.length === 1 ? ATOM : OTHER);
}

export interface FormatQuestion {
  /** IS, or one for equality. */
  readonly operator: string;
  /** A CHECK, which NULL passes. */
  readonly asserts: boolean;
}

/**
 * `d = date(d)` and the like ask for a form of writing that a date or timestamp always has, but for parts of a second.
 * Null if it is something else.
 */
export function formatCheck(
  value: TypedSql,
  { operator, asserts }: FormatQuestion,
  name: string,
  args: readonly TypedSql[],
): TypedSql | null {
  const given = name === "strftime" ? args[1] : args[0];
  const format =
    name === "strftime"
      ? args[0]?.literal
      : name === "date"
        ? "%Y-%m-%d"
        : name === "datetime"
          ? "%Y-%m-%d %H:%M:%S"
          : null;
  if (given === undefined || format == null || given.sql !== value.sql || given.bare.length !== 1) return null;
  if (!isDate(value)) return null;
  const same = (other: string) =>
    operator === "IS"
      ? typed(`${operand(value, OTHER)} is not distinct from ${other}`, "boolean", IS, [value])
      : typed(`${operand(value, RANGE)} = ${other}`, "boolean", COMPARE, [value]);
  if (value.family === "date" && /^(%Y-%m-%d|%F)$/.test(format))
    return asserts || operator === "IS" ? typed("true", "boolean") : same(value.sql);
  if (value.family !== "timestamp" || !/^(%Y-%m-%d|%F)[ T](%H:%M:%S|%T|%H:%M:%f)(Z|\+00:00)?$/.test(format))
    return null;
  // Not that its seconds are whole: what defaults give has fractions in PostgreSQL. Elsewhere falsehood would be an
  // answer.
  return asserts ? typed("true", "boolean") : null;
}

/** Days, hours, minutes and seconds, which are the same everywhere; months and years end differently. */
export function shiftOf(modifier: string): string | null {
  const match = /^\s*([+-]?)\s*(\d+)(?:\.0+)?\s+(day|hour|minute|second)s?\s*$/i.exec(modifier);
  if (match === null) return null;
  // A day of 24 hours, whatever the session's time zone does that night.
  const unit = (match[3] ?? "").toLowerCase();
  const [count, name] = unit === "day" ? [Number(match[2]) * 24, "hour"] : [Number(match[2]), unit];
  return ` ${match[1] === "-" ? "-" : "+"} interval '${count} ${name}${count === 1 ? "" : "s"}'`;
}
