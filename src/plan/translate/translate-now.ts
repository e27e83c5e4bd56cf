import { pgString } from "../../quote.ts";
import type { Expression } from "../../sqlite-sql/ast.ts";
import { shiftOf } from "./translate-date.ts";

/**
 * The ways to say "now" in a SQLite default, as the type needs it: a text in the same form, a timestamp,
 * seconds since 1970. Null if the node is none of them; "" if it is but has no translation.
 */
export function translateNow(node: Expression, family: string): string | null {
  if (node.kind === "cast") {
    const inner = translateNow(node.value, "bigint");
    return inner === null ? null : family === "bigint" ? inner : "";
  }
  const scaled = scaledNow(node, family);
  if (scaled !== null) return scaled;
  const timestamp = timestampOf(node);
  if (timestamp === null) return null;
  return timestamp.format === "" ? "" : inFormat(timestamp, family);
}

/** `unixepoch() * 1000`, `unixepoch() + 3600`: seconds since 1970 with a number. */
function scaledNow(node: Expression, family: string): string | null {
  if (node.kind !== "binary" || !["*", "+", "-"].includes(node.operator) || node.right.kind !== "number") return null;
  const inner = translateNow(node.left, "bigint");
  if (inner === null) return null;
  const { operator } = node;
  const count = /^\d+$/.test(node.right.text) ? node.right.text : null;
  if (count === null || inner === "") return "";
  if (family === "timestamptz") {
    const timestamp = translateNow(node.left, family);
    if (operator === "*" || timestamp === null) return timestamp ?? "";
    // Behind a multiplication the number is no longer one of seconds.
    return node.left.kind === "binary" && /\*/.test(inner)
      ? ""
      : `(${timestamp} ${operator} interval '${count} seconds')`;
  }
  if (family !== "bigint" && family !== "numeric" && family !== "double precision") return "";
  const left = operator === "*" && node.left.kind === "binary" && node.left.operator !== "*" ? `(${inner})` : inner;
  return `${left} ${operator} ${count}`;
}

interface Timestamp {
  /** Of strftime. */
  readonly format: string;
  /** What is added to now: `" + interval '1 day'"`. */
  readonly shift: string;
  /** CURRENT_TIMESTAMP has whole seconds, CURRENT_DATE no time of the day. */
  readonly cut?: "second" | "day";
}

/**
 * What a call gives; without a format if it is a timestamp in a format that is not known, null if it is no call of the
 * kind.
 */
function timestampOf(node: Expression): Timestamp | null {
  if (node.kind === "now") return { format: CONSTANTS[node.word], shift: "" };
  if (node.kind !== "call") return null;
  const name = node.name.text.toLowerCase();
  const known = FORMATS[name];
  if (known === undefined && name !== "strftime") return null;
  const args = node.args === "*" ? [] : node.args;
  const values = args.map((arg) => (arg.kind === "string" ? arg.value : null));
  const [format, ...times] = name === "strftime" ? values : [known, ...values];
  if (known !== undefined && times.length === 0) return { format: known, shift: "" };
  const [given, ...modifiers] = times;
  const word = nowWord(args[name === "strftime" ? 1 : 0]);
  const now = word === null ? given : "now";
  const shifts = modifiers.map((modifier) => (modifier == null ? null : shiftOf(modifier)));
  const isKnown =
    format != null && (now === undefined || now?.toLowerCase() === "now") && shifts.every((shift) => shift !== null);
  const cut = word === "CURRENT_TIMESTAMP" ? "second" : word === "CURRENT_DATE" ? "day" : undefined;
  return { format: isKnown ? format : "", shift: shifts.join(""), ...(cut === undefined ? {} : { cut }) };
}

/** CURRENT_TIMESTAMP and CURRENT_DATE as what a function formats. CURRENT_TIME would be a day in the year 2000. */
function nowWord(node: Expression | undefined): "CURRENT_TIMESTAMP" | "CURRENT_DATE" | null {
  return node?.kind === "now" && node.word !== "CURRENT_TIME" ? node.word : null;
}

const CONSTANTS = {
  CURRENT_TIMESTAMP: "%Y-%m-%d %H:%M:%S",
  CURRENT_DATE: "%Y-%m-%d",
  CURRENT_TIME: "%H:%M:%S",
} as const;
const FORMATS: Readonly<Record<string, string>> = {
  datetime: "%Y-%m-%d %H:%M:%S",
  date: "%Y-%m-%d",
  time: "%H:%M:%S",
  unixepoch: "%s",
  julianday: "%J",
};

function inFormat({ cut, format, shift }: Timestamp, family: string): string {
  // Of a text that shows no parts of a second nothing is to be cut.
  const isCut = cut === "day" || (cut === "second" && format.includes("%f"));
  const start = isCut ? `date_trunc('${cut}', now(), 'UTC')` : "now()";
  const now = shift === "" ? start : `(${start}${shift})`;
  const utc = `${now} at time zone 'UTC'`;
  const seconds = format === "%s";
  if (format === "%J")
    return family === "double precision" || family === "numeric" ? `(extract(julian from ${utc}) - 0.5)` : "";
  switch (family) {
    case "bigint":
      return seconds ? `floor(extract(epoch from ${now}))::bigint` : "";
    case "double precision":
    case "numeric":
      return seconds ? `trunc(extract(epoch from ${now}))` : "";
    case "timestamptz":
      return now;
    case "timestamp":
      return format.startsWith("%Y-%m-%d") && format.length > 8
        ? `(${utc})`
        : format === "%Y-%m-%d"
          ? `date_trunc('day', ${utc})`
          : "";
    case "date":
      return format.startsWith("%Y-%m-%d") ? `(${utc})::date` : "";
    case "time":
      return format === "%H:%M:%S" ? `date_trunc('second', ${utc})::time` : "";
    case "text":
      return seconds ? `trunc(extract(epoch from ${now}))::text` : asText(format, utc);
    default:
      return "";
  }
}

const PARTS: Readonly<Record<string, string>> = {
  Y: "YYYY",
  m: "MM",
  d: "DD",
  H: "HH24",
  M: "MI",
  S: "SS",
  f: "SS.MS",
  j: "DDD",
  F: "YYYY-MM-DD",
  T: "HH24:MI:SS",
};

/** strftime's format as one of to_char(). */
function asText(format: string, utc: string): string {
  let known = true;
  const template = format.replace(/%(.)|[A-Za-z"\\]+/g, (piece, part: string | undefined) => {
    if (part === undefined) {
      if (/["\\]/.test(piece)) known = false;
      return `"${piece}"`;
    }
    if (PARTS[part] === undefined) known = false;
    return PARTS[part] ?? "";
  });
  return known ? `to_char(${utc}, ${pgString(template)})` : "";
}
