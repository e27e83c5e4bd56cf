/** SQLite's variable-length integer, one to nine bytes: https://www.sqlite.org/fileformat2.html#varint */
export interface Varint {
  /** NaN if a double cannot hold the value. */
  value: number;
  length: number;
}

export function readVarint(bytes: Uint8Array, at: number, into: Varint): void {
  let byte = bytes[at] ?? 0;
  if (byte < 0x80) {
    into.value = byte;
    into.length = 1;
    return;
  }
  let value = byte & 0x7f;
  for (let length = 2; length <= 8; length++) {
    byte = bytes[at + length - 1] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      into.value = value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN;
      into.length = length;
      return;
    }
  }
  // Nine bytes hold a signed 64-bit integer: negative, or beyond 2^56.
  into.length = 9;
  into.value = Number.NaN;
  let full = 0n;
  for (let index = 0; index < 8; index++) full = (full << 7n) | BigInt((bytes[at + index] ?? 0) & 0x7f);
  full = BigInt.asIntN(64, (full << 8n) | BigInt(bytes[at + 8] ?? 0));
  const number = Number(full);
  if (Number.isSafeInteger(number)) into.value = number;
}
