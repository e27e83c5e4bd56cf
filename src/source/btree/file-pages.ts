import { sql } from "../../sql.ts";
import type { SourceReader } from "../source.ts";

/** Reads pages of the database file as the snapshot sees them and concatenates them. Null if any of them is missing. */
export async function readFilePages(
  tx: SourceReader,
  numbers: readonly number[],
  pageSize?: number,
): Promise<Uint8Array | null> {
  const [[data] = []] = await tx.rows(sql("source/file-pages"), [JSON.stringify(numbers)]);
  if (!(data instanceof ArrayBuffer) || data.byteLength === 0) return null;
  return pageSize === undefined || data.byteLength === numbers.length * pageSize ? new Uint8Array(data) : null;
}

export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function uint32(bytes: Uint8Array, at: number): number {
  return ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0;
}
