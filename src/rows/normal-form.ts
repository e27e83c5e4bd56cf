import { arrayElements } from "../array-literal.ts";

/**
 * Whether two texts are one value of a type that PostgreSQL writes in one way only, whatever way it was written to it:
 * `a` in a macaddr of capitals, an interval in ISO 8601. Of types that round or cut, money or real, only what is the
 * same number is.
 */
export function isSameNormalForm(type: string, sent: string, got: string): boolean {
  if (sent === got) return true;
  const name = type.toLowerCase().replace(/\s*\(.*$/, "");
  if (name.endsWith("[]")) return isSameArray(name.slice(0, -2), sent, got);
  switch (name) {
    case "macaddr":
    case "macaddr8":
      return hexDigits(sent) === hexDigits(got);
    case "interval":
      return isSameInterval(sent, got);
    case "money":
      return amount(sent) !== null && amount(sent) === amount(got);
    case "tsvector":
      return /^[\p{L}\p{N} ]*$/u.test(sent) && words(sent) === words(got.replaceAll("'", ""));
    case "oid":
    case "xid":
    case "smallint":
    case "integer":
    case "bigint":
      return /^[+-]?\d+$/.test(sent) && /^-?\d+$/.test(got) && BigInt(sent) === BigInt(got);
    case "numeric":
    case "double precision":
      return amount(sent) !== null && amount(sent) === amount(got);
    case "inet":
    case "cidr":
      return sent.toLowerCase().replace(/\/(32|128)$/, "") === got.replace(/\/(32|128)$/, "");
    case "text":
    case "character varying":
      return false;
    case "character":
      return sent.replace(/ +$/, "") === got.replace(/ +$/, "");
    case "boolean":
      return truth(sent) !== null && truth(sent) === truth(got);
    case "uuid":
      return sent.toLowerCase().replaceAll(/[-{}]/g, "") === got.replaceAll("-", "");
    default:
      return false;
  }
}

function hexDigits(text: string): string {
  return text.toLowerCase().replaceAll(/[^0-9a-f]/g, "");
}

/** The digits of a number, without what a currency adds to them. */
function amount(text: string): string | null {
  const bare = text.replaceAll(/[\s$€£¥,]/g, "").replace(/^\((.*)\)$/, "-$1");
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(bare);
  if (match === null || `${match[2] ?? ""}${match[3] ?? ""}` === "") return null;
  const whole = (match[2] ?? "").replace(/^0+/, "");
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  const sign = match[1] === "-" && `${whole}${fraction}` !== "" ? "-" : "";
  return `${sign}${whole}.${fraction}`;
}

function truth(text: string): boolean | null {
  if (/^(t|true|1|yes|on|y)$/i.test(text.trim())) return true;
  return /^(f|false|0|no|off|n)$/i.test(text.trim()) ? false : null;
}

/** Lexemes, each once, in no order. */
function words(text: string): string {
  return [...new Set(text.split(/\s+/).filter((word) => word !== ""))].sort().join(" ");
}

function isSameArray(type: string, sent: string, got: string): boolean {
  const [one, other] = [arrayElements(sent), arrayElements(got)];
  if (one === null || other === null || one.length !== other.length) return false;
  return one.every((element, index) => {
    const against = other[index];
    if (element === null || against == null) return element === against;
    return isSameNormalForm(type, element, against);
  });
}

interface Interval {
  months: number;
  days: number;
  microseconds: number;
}

function isSameInterval(sent: string, got: string): boolean {
  const [one, other] = [intervalOf(sent), intervalOf(got)];
  return (
    one !== null &&
    other !== null &&
    one.months === other.months &&
    one.days === other.days &&
    one.microseconds === other.microseconds
  );
}

const UNITS: Readonly<Record<string, readonly [keyof Interval, number]>> = {
  year: ["months", 12],
  yr: ["months", 12],
  y: ["months", 12],
  month: ["months", 1],
  mon: ["months", 1],
  week: ["days", 7],
  w: ["days", 7],
  day: ["days", 1],
  d: ["days", 1],
  hour: ["microseconds", 3_600_000_000],
  hr: ["microseconds", 3_600_000_000],
  h: ["microseconds", 3_600_000_000],
  minute: ["microseconds", 60_000_000],
  min: ["microseconds", 60_000_000],
  m: ["microseconds", 60_000_000],
  second: ["microseconds", 1_000_000],
  sec: ["microseconds", 1_000_000],
  s: ["microseconds", 1_000_000],
  millisecond: ["microseconds", 1_000],
  ms: ["microseconds", 1_000],
};

const ISO_INTERVAL = new RegExp(
  [
    String.raw`^\s*P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?`,
    String.raw`(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d{1,6})?)S)?)?\s*$`,
  ].join(""),
);

/** Months, days and microseconds, which PostgreSQL keeps apart; null for what this does not read. */
function intervalOf(text: string): Interval | null {
  const iso = ISO_INTERVAL.exec(text);
  if (iso !== null && /\d/.test(text)) {
    const [years, months, weeks, days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
    return {
      months: (years ?? 0) * 12 + (months ?? 0),
      days: (weeks ?? 0) * 7 + (days ?? 0),
      microseconds: Math.round(((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1e6),
    };
  }
  const sum: Interval = { months: 0, days: 0, microseconds: 0 };
  const pattern = /\s*(?:([+-]?)(\d+):(\d\d)(?::(\d\d(?:\.\d{1,6})?))?|([+-]?\d+(?:\.\d{1,6})?)\s*([a-z]+))/giy;
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    end = pattern.lastIndex;
    const [, sign, hours, minutes, seconds, count, word = ""] = match;
    if (hours !== undefined) {
      const total = Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) * 1e6);
      sum.microseconds += sign === "-" ? -total : total;
      continue;
    }
    const lower = word.toLowerCase();
    const unit = UNITS[lower] ?? UNITS[lower.replace(/s$/, "")];
    // PostgreSQL spreads parts of months and days over smaller units.
    if (unit === undefined || (unit[0] !== "microseconds" && !/^[+-]?\d+$/.test(count ?? ""))) return null;
    sum[unit[0]] += unit[0] === "microseconds" ? Math.round(Number(count) * unit[1]) : Number(count) * unit[1];
  }
  return end === 0 || text.slice(end).trim() !== "" ? null : sum;
}
