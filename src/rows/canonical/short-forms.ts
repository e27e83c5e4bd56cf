import { NO_TEXT } from "./canonical-form.ts";
import type { CanonicalValue } from "./canonical-value.ts";
import { type RecordValue, STORED } from "./record-value.ts";
import { shortTextForm, type TextPlace } from "./text-form.ts";

const COMMA = 0x2c;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;

/** Texts that PostgreSQL writes as they are: dates. */
export const CANONICAL_DATE = shortTextForm((into, { bytes, end, start }) => {
  for (let at = start; at < end; at++) if (bytes[at] === COMMA) return false;
  return end - start > 1 && into.putBytes(bytes, start, end);
});

/** Times of day with seconds, and without zeros at their end. */
export const CANONICAL_TIME = shortTextForm((into, { bytes, end, start }) => {
  for (let at = start; at < end; at++) if (bytes[at] === COMMA) return false;
  if (end - start < 5) return false;
  if (end - start === 5) {
    into.putBytes(bytes, start, end);
    return into.putAscii(":00");
  }
  return into.putBytes(bytes, start, endOfFraction(bytes, start + 8, end));
});

/** Where a text ends without its decimals' last zeros; `point`: where decimals would begin. */
function endOfFraction(bytes: Uint8Array, point: number, end: number): number {
  if (bytes[point] !== POINT) return end;
  let at = end;
  while (bytes[at - 1] === ZERO) at--;
  return at === point + 1 ? point : at;
}

/** In small letters and with hyphens, from text with or without, or from a blob. */
export const CANONICAL_UUID = shortTextForm(writeUuid, {
  sqlite: (c) => `CASE WHEN ${c}>=x'' AND octet_length(${c})=16 THEN hex(${c}) ELSE ${NO_TEXT} END`,
  stored: putUuidBytes,
});

/** Of how many bytes each group is. */
const GROUPS = [4, 2, 2, 2, 6];

function putUuidBytes(into: CanonicalValue, { bytes, class: kind, end, start }: RecordValue): boolean {
  if (kind !== STORED.blob || end - start !== 16) return false;
  let from = start;
  for (const length of GROUPS) {
    if (from > start) into.put(HYPHEN);
    into.putHexadecimal(bytes, from, from + length);
    from += length;
  }
  return true;
}

function writeUuid(into: CanonicalValue, { bytes, end, start }: TextPlace): boolean {
  const isGrouped = end - start === 36;
  if (!isGrouped && end - start !== 32) return false;
  const { out } = into;
  let { at } = into;
  let from = start;
  for (let digit = 0; digit < 32; digit++) {
    if (digit === 8 || digit === 12 || digit === 16 || digit === 20) {
      if (isGrouped && bytes[from++] !== HYPHEN) return false;
      out[at++] = HYPHEN;
    }
    const byte = bytes[from++] ?? 0;
    const small = byte | 0x20;
    if (!((byte >= ZERO && byte < COLON) || (small >= 0x61 && small <= 0x66))) return false;
    out[at++] = small;
  }
  into.at = at;
  return true;
}
