import type { TableMapping } from "../model/mapping.ts";

/**
 * COPY text as UTF-8. A UTF-16 database returns its own encoding. Half a surrogate pair has no UTF-8. It is written as
 * if it had: then PostgreSQL rejects the row, as it does where a UTF-8 database holds invalid text.
 */
export function asUtf8(text: ArrayBuffer, mapping: Pick<TableMapping, "encoding">): Uint8Array {
  const encoding = mapping.encoding ?? "UTF-8";
  if (encoding === "UTF-8") return new Uint8Array(text);
  const units = Buffer.from(encoding === "UTF-16be" ? text.slice(0) : text);
  const decoded = (encoding === "UTF-16be" ? units.swap16() : units).toString("utf16le");
  if (decoded.isWellFormed()) return Buffer.from(decoded, "utf8");
  return Buffer.concat(
    decoded
      .split(HALF_PAIR)
      .map((part) =>
        part.length === 1 && !part.isWellFormed() ? threeBytes(part.charCodeAt(0)) : Buffer.from(part, "utf8"),
      ),
  );
}

const HALF_PAIR = /([\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])/;

function threeBytes(unit: number): Buffer {
  return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
}
