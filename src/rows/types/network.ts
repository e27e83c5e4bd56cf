import { TEXT_FORM } from "../canonical/text-form.ts";
import type { Codec, TextFormatTest } from "../codec.ts";
import { hexadecimal } from "../encode/text-bytes.ts";
import { BECOMES_NUMBER, type Inverse, sameFormats, textValue } from "../inverse.ts";
import { rawText } from "../raw-value.ts";

/** Addresses without a prefix length, as PostgreSQL surely takes them. */
export const ADDRESS_FORMAT: TextFormatTest = {
  isPromisedBy: (declaredType) => /^(inet|cidr)$/i.test(declaredType.trim()),
  lengths: [2, 45],
  sql: isAddressSql,
  bytes: (bytes, start, end) => isIpv4(bytes, start, end) || isIpv6(bytes, start, end),
  refinements: [],
};

/** IPv4 and IPv6 addresses, with or without a prefix length. PostgreSQL rejects other texts. */
export const networkCodec: Codec = {
  description: "network",
  isNumber: false,
  textFormats: ["inets"],
  encoder: {
    copyText: (c) => c,
    rejected: (c) =>
      `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN ${c}='' OR ${c} GLOB '*[^0-9a-fA-F:./]*' ELSE 1 END`,
    rejectedByPostgres: (c) => `CASE typeof(${c}) WHEN 'text' THEN NOT coalesce(${isNetworkSql(c)},0) END`,
    json: { toText: (json) => json.putText(null) },
    binary: null,
  },
  comparison: {
    matches(raw, targetText) {
      const value = rawText(raw);
      if (value === null) return false;
      const expected = inFull(value);
      return expected !== null && expected === inFull(targetText);
    },
    canonical: TEXT_FORM,
  },
  inverse: inverse(),
};

/** SQLite expression: an address with or without a prefix length. */
function isNetworkSql(c: string): string {
  const host = `substr(${c},1,instr(${c},'/')-1)`;
  const bits = `substr(${c},instr(${c},'/')+1)`;
  const maxBits = `CASE WHEN instr(${c},':')>0 THEN 128 ELSE 32 END`;
  return `CASE WHEN instr(${c},'/')=0 THEN ${isAddressSql(c)} WHEN ${bits}='' OR ${bits} GLOB '*[^0-9]*' THEN 0
    ELSE ${isAddressSql(host)} AND CAST(${bits} AS INTEGER)<=${maxBits} END`;
}

/** SQLite expression: dotted IPv4, and IPv6, also with an IPv4 address at its end. */
function isAddressSql(c: string): string {
  // Up to and including the last colon.
  const start = `rtrim(${c},'0123456789.')`;
  // In an IPv6 address PostgreSQL takes no number with a leading zero; in an IPv4 address it does.
  const end = `substr(${c},length(${start})+1)`;
  const mapped = `CASE WHEN ${c} NOT GLOB '*[^0-9a-fA-F:.]*' AND ${start} NOT GLOB '*.*' AND substr(${start},-1)=':'
      AND '.'||${end} NOT GLOB '*.0[0-9]*' THEN ${isIpv4Sql(end)} AND ${isIpv6Sql(`(${start}||'0:0')`)} END`;
  return `CASE WHEN ${c} GLOB '[0-9]*.*.*.*[0-9]' AND ${c} NOT GLOB '*[^0-9.]*' THEN ${isIpv4Sql(c)}
    WHEN ${c} GLOB '*:*:*' AND length(${c})<=45 THEN CASE WHEN instr(${c},'.')>0 THEN ${mapped}
      WHEN ${c} NOT GLOB '*[^0-9a-fA-F:]*' THEN ${isIpv6Sql(c)} END END`;
}

function isIpv4Sql(c: string): string {
  const groups = `json_each('["'||replace(${c},'.','","')||'"]')`;
  return `(SELECT count(*)=4 AND min(length(value) BETWEEN 1 AND 3 AND CAST(value AS INTEGER)<256) FROM ${groups})`;
}

/** Of a text of hexadecimal digits and colons. */
function isIpv6Sql(c: string): string {
  const colons = `length(${c})-length(replace(${c},':',''))`;
  const patterns = ["*:::*", "*::*::*", "*[^:][^:][^:][^:][^:]*", ":[^:]*", "*[^:]:"];
  return `(${patterns.map((pattern) => `${c} NOT GLOB '${pattern}'`).join(" AND ")}
    AND CASE WHEN instr(${c},'::')>0 THEN ${colons}<=7 ELSE ${colons}=7 END)`;
}

const ZERO = 0x30;
const NINE = 0x39;
const DOT = 0x2e;
const COLON = 0x3a;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** Four numbers of one to three digits below 256. */
function isIpv4(bytes: Uint8Array, start: number, end: number): boolean {
  let [groups, digits, value] = [1, 0, 0];
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === DOT) {
      if (digits === 0) return false;
      [groups, digits, value] = [groups + 1, 0, 0];
    } else {
      if (!isDigit(byte)) return false;
      value = value * 10 + byte - ZERO;
      if (++digits > 3 || value > 255) return false;
    }
  }
  return groups === 4 && digits > 0;
}

/** Whether one of the numbers between dots has a leading zero. */
function hasLeadingZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end - 1; at++)
    if (bytes[at] === ZERO && (at === start || bytes[at - 1] === DOT) && isDigit(bytes[at + 1])) return true;
  return false;
}

/** Eight groups of at most four hexadecimal digits, or fewer and `::`; an IPv4 address may stand for the last two. */
function isIpv6(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 45) return false;
  let [colons, digits, lastColon] = [0, 0, -1];
  let isShortened = false;
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON) {
      if (digits === 0 && at > start) {
        // Two at once; never three, and only once.
        if (isShortened) return false;
        isShortened = true;
      }
      [colons, digits, lastColon] = [colons + 1, 0, at];
    } else if (byte === DOT) break;
    else {
      if (hexadecimal(byte) < 0) return false;
      if (at === start + 1 && bytes[start] === COLON) return false;
      digits++;
    }
    if (digits > 4) return false;
  }
  if (colons < 2) return false;
  if (at < end) {
    if (!isIpv4(bytes, lastColon + 1, end) || hasLeadingZero(bytes, lastColon + 1, end)) return false;
    // It stands for two groups.
    colons++;
  } else if (digits === 0 && bytes[end - 2] !== COLON) return false;
  return isShortened ? colons <= 7 : colons === 7;
}

/** Eight groups or four numbers, and the prefix length. Null if it is no address. */
function inFull(value: string): string | null {
  const [host = "", prefix] = value.split("/");
  const groups = host.includes(":") ? ipv6Groups(host) : ipv4Groups(host);
  if (groups === null) return null;
  const bits = groups.length === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  return Number.isInteger(length) && length >= 0 && length <= bits ? `${groups.join(".")}/${length}` : null;
}

function ipv4Groups(host: string): number[] | null {
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
    ? parts.map(Number)
    : null;
}

function ipv6Groups(host: string): number[] | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(host);
  let hexadecimalHost = host;
  if (tail !== null) {
    const four = ipv4Groups(tail[2] ?? "");
    if (four === null) return null;
    const [a = 0, b = 0, c = 0, d = 0] = four;
    hexadecimalHost = `${tail[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const halves = hexadecimalHost.split("::");
  if (halves.length > 2) return null;
  const [left = [], right] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array<string>(right === undefined ? 0 : missing).fill("0"), ...(right ?? [])];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null;
}

/** `host`, or `prefix` where even a single host has its prefix length. */
function inverse(): Inverse {
  return {
    formatOf: (raw) => ((rawText(raw) ?? "").includes("/") ? "prefix" : "host"),
    formats: () => ["host", "prefix"],
    write(targetText, format) {
      const [, host, bits] = /^([^/]*)(?:\/(32|128))?$/.exec(targetText) ?? [];
      const isHost = host !== undefined && (bits === undefined || (bits === "128") === host.includes(":"));
      if (!isHost) return textValue(targetText);
      return textValue(format === "prefix" ? `${host}/${host.includes(":") ? 128 : 32}` : host);
    },
    habit: sameFormats("network"),
    loss: BECOMES_NUMBER,
  };
}
