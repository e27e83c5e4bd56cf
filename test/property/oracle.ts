import { isDeepStrictEqual } from "node:util";

/** A value as it was put into SQLite. */
export type Raw =
  | { readonly kind: "null" }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "real"; readonly value: number }
  | { readonly kind: "text"; readonly bytes: Buffer }
  | { readonly kind: "blob"; readonly bytes: Buffer };

/** How to write it in SQL. */
export function literal(raw: Raw): string {
  switch (raw.kind) {
    case "null":
      return "NULL";
    case "integer":
      return raw.value === -(2n ** 63n) ? "(-9223372036854775807 - 1)" : String(raw.value);
    case "real":
      // The sign of a literal -0.0 is kept by a multiplication only.
      if (Object.is(raw.value, -0)) return "(0.0 * -1)";
      if (!Number.isFinite(raw.value)) return raw.value > 0 ? "9e999" : "-9e999";
      return raw.value.toExponential(20);
    case "text":
      return `CAST(x'${raw.bytes.toString("hex")}' AS TEXT)`;
    case "blob":
      return `x'${raw.bytes.toString("hex")}'`;
  }
}

/**
 * Whether what PostgreSQL shows as text is the value that was put in. Shares nothing with the engine: written from
 * what the types mean, so that a misreading of ours cannot bless itself.
 */
export function isEqual(raw: Raw, type: string, arrived: string | null): boolean {
  if (raw.kind === "null" || arrived === null) return raw.kind === "null" && arrived === null;
  if (raw.kind === "text" && textOf(raw.bytes) === null)
    return type === "bytea" && arrived === `\\x${raw.bytes.toString("hex")}`;
  const text = raw.kind === "text" ? (textOf(raw.bytes) ?? "") : "";
  switch (type) {
    case "smallint":
    case "bigint":
      return raw.kind === "integer"
        ? BigInt(arrived) === raw.value
        : raw.kind === "real" && BigInt(arrived) === BigInt(raw.value);
    case "double precision":
      return raw.kind === "real"
        ? Object.is(Number(arrived), raw.value)
        : raw.kind === "integer" && BigInt(Number(arrived)) === raw.value;
    case "numeric":
    case "numeric(8,2)":
      return raw.kind === "integer"
        ? wholeOf(arrived) === raw.value
        : raw.kind === "real" && sameDecimal(arrived, raw.value);
    case "text":
    case "varchar(6)":
      if (raw.kind === "text") return arrived === text;
      return raw.kind === "integer"
        ? arrived === String(raw.value)
        : raw.kind === "real" && sameDecimal(arrived, raw.value);
    case "bytea":
      return (raw.kind === "blob" || raw.kind === "text") && arrived === `\\x${raw.bytes.toString("hex")}`;
    case "boolean":
      return (
        raw.kind === "integer" &&
        arrived === (raw.value === 1n ? "true" : "false") &&
        (raw.value === 0n || raw.value === 1n)
      );
    case "date":
      return raw.kind === "text" && arrived === text;
    case "timestamptz":
      return raw.kind === "text"
        ? instantOf(text) === instantOf(arrived) && instantOf(text) !== null
        : raw.kind === "integer" && EPOCH_UNITS.some((unit) => instantOf(arrived) === raw.value * unit);
    case "jsonb":
      if (raw.kind === "integer") return arrived === String(raw.value);
      if (raw.kind === "real") return Number(arrived) === raw.value;
      return raw.kind === "text" && isDeepStrictEqual(JSON.parse(text), JSON.parse(arrived));
    case "uuid":
      return (
        arrived.replaceAll("-", "") ===
        (raw.kind === "blob" ? raw.bytes.toString("hex") : text.replaceAll("-", "").toLowerCase())
      );
    default:
      throw new RangeError(`no oracle for ${type}`);
  }
}

/** Values that certainly have an equal in the type: quarantining them  would be a loss without need. */
export function surelyFits(raw: Raw, type: string): boolean {
  if (raw.kind === "null") return true;
  const text = raw.kind === "text" ? textOf(raw.bytes) : null;
  const plain = text !== null && !text.includes("\0");
  switch (type) {
    case "smallint":
      return raw.kind === "integer" && raw.value >= -32768n && raw.value <= 32767n;
    case "bigint":
      return raw.kind === "integer";
    case "double precision":
      return raw.kind === "real";
    case "numeric":
      return raw.kind === "integer" || (raw.kind === "real" && Number.isFinite(raw.value));
    case "text":
      return raw.kind !== "blob" && (raw.kind !== "text" || plain);
    case "varchar(6)":
      return plain && [...(text ?? "")].length <= 6;
    case "bytea":
      return raw.kind === "blob" || raw.kind === "text";
    case "boolean":
      return raw.kind === "integer" && (raw.value === 0n || raw.value === 1n);
    case "date":
      return plain && /^20\d\d-0[1-9]-[01]\d$/.test(text ?? "") && Number((text ?? "").slice(8)) > 0;
    case "uuid":
      return plain && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text ?? "");
    default:
      return false;
  }
}

/** Seconds, milliseconds, microseconds: which of them a column counts, the plan says by the size of its values. */
const EPOCH_UNITS = [1_000_000n, 1_000n, 1n];

function textOf(bytes: Buffer): string | null {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : null;
}

function wholeOf(decimal: string): bigint | null {
  const [whole = "", fraction = ""] = decimal.split(".");
  return /^0*$/.test(fraction) ? BigInt(whole) : null;
}

/** The double itself, or its 15 digits where SQLite reads those as the same double. */
function sameDecimal(arrived: string, value: number): boolean {
  const read = Number(arrived.replace(/^(-?)Inf$/, "$1Infinity"));
  return read === value || read === Number(value.toPrecision(15));
}

/** Microseconds since 1970; what has no zone is UTC. */
function instantOf(text: string): bigint | null {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return null;
  const offset =
    zone === "Z"
      ? 0
      : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0));
  const seconds =
    BigInt(date.getTime() / 1000) + BigInt(Number(hour) * 3600 + (Number(minute) - offset) * 60 + Number(second));
  return seconds * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}
