import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/** IPv4 and IPv6 addresses, with or without a prefix length. Other text PostgreSQL refuses. */
export const network: ValueKind = {
  encode: (c) => `${c}`,
  refused: (c) =>
    `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN ${c}='' OR ${c} GLOB '*[^0-9a-fA-F:./]*' ELSE 1 END`,
  fastPath: { shape: { kind: "text", most: null } },
  matches(raw, targetText) {
    const value = rawText(raw);
    if (value === null) return false;
    const expected = address(value);
    return expected !== null && expected === address(targetText);
  },
};

/** An address in full: eight groups or four numbers, and the prefix length. Null if it is none. */
function address(value: string): string | null {
  const [host = "", prefix] = value.split("/");
  const groups = host.includes(":") ? ipv6(host) : ipv4(host);
  if (groups === null) return null;
  const bits = groups.length === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  return Number.isInteger(length) && length >= 0 && length <= bits ? `${groups.join(".")}/${length}` : null;
}

function ipv4(host: string): number[] | null {
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
    ? parts.map(Number)
    : null;
}

function ipv6(host: string): number[] | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(host);
  let plain = host;
  if (tail !== null) {
    const four = ipv4(tail[2] ?? "");
    if (four === null) return null;
    const [a = 0, b = 0, c = 0, d = 0] = four;
    plain = `${tail[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const halves = plain.split("::");
  if (halves.length > 2) return null;
  const [left = [], right] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array<string>(right === undefined ? 0 : missing).fill("0"), ...(right ?? [])];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null;
}
