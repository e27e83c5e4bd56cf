/** A value as SQLite holds it; text as UTF-8. */
export type Raw =
  | { readonly kind: "null" }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "real"; readonly value: number }
  | { readonly kind: "text" | "blob"; readonly bytes: Buffer };

/**
 * Whether what PostgreSQL shows is the value that SQLite holds, judged by what the type means. Shares nothing with the
 * engine: a misreading of ours must not bless itself.
 */
export function isEqual(raw: Raw, type: string, arrived: string | null): boolean {
  if (raw.kind === "null" || arrived === null) return raw.kind === "null" && arrived === null;
  const family = type.replace(/\(.*?\)/, "");
  switch (family) {
    case "smallint":
    case "integer":
    case "bigint":
      return raw.kind === "integer"
        ? BigInt(arrived) === raw.value
        : raw.kind === "real" && Number.isInteger(raw.value) && BigInt(arrived) === BigInt(raw.value);
    case "real":
    case "double precision":
      return raw.kind === "real"
        ? Object.is(Number(arrived), raw.value)
        : raw.kind === "integer" && BigInt(Number(arrived)) === raw.value;
    case "numeric":
      return raw.kind === "integer"
        ? decimal(arrived) === decimal(String(raw.value))
        : raw.kind === "real" && isDecimalOf(arrived, raw.value);
    case "boolean":
      return raw.kind === "integer" || raw.kind === "text"
        ? arrived === WORDS[raw.kind === "integer" ? String(raw.value) : textOf(raw).toLowerCase()]
        : false;
    case "bytea":
      return (raw.kind === "blob" || raw.kind === "text") && arrived === `\\x${raw.bytes.toString("hex")}`;
    case "text":
    case "citext":
    case "character varying":
      if (raw.kind === "integer") return arrived === String(raw.value);
      if (raw.kind === "real") return isDecimalOf(arrived.replace(/^(-?)Inf$/, "$1Infinity"), raw.value);
      return raw.kind === "text" && Buffer.from(arrived, "utf8").equals(raw.bytes);
    case "character":
      // Trailing blanks mean nothing there.
      return raw.kind === "text"
        ? arrived.replace(/ +$/, "") === textOf(raw).replace(/ +$/, "")
        : isEqual(raw, "text", arrived.replace(/ +$/, ""));
    case "uuid":
      return bare(raw.kind === "blob" ? raw.bytes.toString("hex") : textOf(raw)) === bare(arrived);
    case "json":
      return raw.kind === "text" ? arrived === textOf(raw) : jsonOf(numberText(raw)) === jsonOf(arrived);
    case "jsonb":
      return jsonOf(raw.kind === "text" ? textOf(raw) : numberText(raw)) === jsonOf(arrived);
    case "inet":
    case "cidr":
      return addressOf(textOf(raw)) === addressOf(arrived);
    case "date":
      return raw.kind === "text" && arrived === textOf(raw);
    case "time without time zone":
    case "time":
      return (
        raw.kind === "text" &&
        instantOf(`2000-01-01 ${textOf(raw)}`, false) === instantOf(`2000-01-01 ${arrived}`, false)
      );
    case "timestamp without time zone":
      return isInstant(raw, arrived, { zoned: false });
    case "timestamp with time zone":
      return isInstant(raw, arrived, { zoned: true });
    default:
      return raw.kind === "text" && arrived === textOf(raw);
  }
}

/** What PostgreSQL itself reads as a boolean. */
const WORDS: Readonly<Record<string, string>> = {
  0: "false",
  1: "true",
  f: "false",
  t: "true",
  false: "false",
  true: "true",
  no: "false",
  yes: "true",
  n: "false",
  y: "true",
  off: "false",
  on: "true",
};

function textOf(raw: Raw): string {
  return raw.kind === "text" || raw.kind === "blob" ? raw.bytes.toString("utf8") : "";
}

function numberText(raw: Raw): string {
  return raw.kind === "integer" || raw.kind === "real" ? String(raw.value) : "";
}

/** Digits and exponent without what does not count: 1, 1.0 and 10e-1 are one. */
function decimal(text: string): string {
  const match = /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const shorn = digits.replace(/0+$/, "");
  if (shorn === "") return "0";
  return `${sign === "-" ? "-" : ""}${shorn}e${Number(exponent) - fraction.length + digits.length - shorn.length}`;
}

/** The double itself, or its 15 digits: what SQLite shows and means. */
function isDecimalOf(arrived: string, value: number): boolean {
  const read = arrived.trim() === "" ? Number.NaN : Number(arrived);
  return read === value || read === Number(value.toPrecision(15));
}

/** Hexadecimal digits of a UUID, however it is written. */
function bare(text: string): string {
  return text.replace(/[-{}]/g, "").toLowerCase();
}

/** The value of a JSON text, numbers as exact decimals, which JSON.parse would round. */
function jsonOf(text: string): string | null {
  const exact = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `{"#":"${decimal(token)}"}`,
  );
  try {
    return JSON.stringify(JSON.parse(exact), (_, value: unknown) =>
      isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
    );
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An address written out: all groups, and the length of its prefix. */
function addressOf(text: string): string | null {
  const [host = "", prefix] = text.split("/");
  if (!host.includes(":")) {
    const parts = host.split(".");
    return parts.length === 4 && parts.every((part) => /^\d+$/.test(part) && Number(part) < 256)
      ? `${parts.map(Number).join(".")}/${prefix ?? 32}`
      : null;
  }
  const url = URL.canParse(`http://[${host}]/`) ? new URL(`http://[${host}]/`).hostname : null;
  return url === null ? null : `${url}/${prefix ?? 128}`;
}

/**
 * Seconds, milliseconds and microseconds since 1970: which of them a column counts, the case says in a check of its
 * own.
 */
const EPOCH_UNITS = [1_000_000n, 1_000n, 1n];

function isInstant(raw: Raw, arrived: string, { zoned }: { readonly zoned: boolean }): boolean {
  const got = instantOf(arrived, zoned);
  if (got === null) return false;
  if (raw.kind === "integer") return EPOCH_UNITS.some((unit) => raw.value * unit === got);
  return raw.kind === "text" && instantOf(textOf(raw), zoned) === got;
}

/**
 * Microseconds since 1970; what says no zone is UTC. Null if it is no such moment, or says a zone where there is none.
 */
function instantOf(text: string, zoned: boolean): bigint | null {
  const match =
    /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(text);
  if (match === null || (!zoned && match[8] !== undefined)) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  const offset =
    zone === "Z"
      ? 0
      : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(":", "") || 0));
  const seconds =
    BigInt(date.getTime() / 1000) + BigInt(Number(hour) * 3600 + (Number(minute) - offset) * 60 + Number(second));
  return seconds * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}
