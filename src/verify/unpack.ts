import type { KeyValue, Tuple } from "../model/key.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import type { RawValue } from "../rows/raw-value.ts";

/** A value of the source; `refused` where it may not pass and a rule makes it NULL. */
export type ReadValue = RawValue | { readonly type: "refused" };

/** One row of the source, read raw. */
export interface RawRow {
  readonly key: Tuple;
  /** Values in the order of the mapping's columns; null where the row is deleted. */
  readonly values: readonly ReadValue[] | null;
  /** Its key was logged after the target's watermark: the target need not have it yet. */
  readonly pending: boolean;
}

/** Reads what `render-raw.ts` packed. */
export function unpackRows(packed: Uint8Array, mapping: TableMapping): RawRow[] {
  const reader = new Unpacker(inUtf8(packed, mapping), mapping);
  const keys = keyColumns(mapping).length;
  const rows: RawRow[] = [];
  while (!reader.ended) {
    const letter = reader.letter();
    const isPresent = letter === "p" || letter === "f";
    const key = Array.from({ length: keys }, () => keyValue(reader.value(), mapping));
    const values = isPresent ? mapping.columns.map(() => reader.readValue()) : null;
    rows.push({ key, values, pending: letter === "f" || letter === "h" });
  }
  return rows;
}

/** Values that were packed one after the other, without rows' letters: each call gives the next. */
export function unpackValues(packed: Uint8Array, mapping: TableMapping): () => RawValue {
  const reader = new Unpacker(inUtf8(packed, mapping), mapping);
  return () => reader.value();
}

/** A UTF-16 database's packing is plain ASCII in UTF-16: its texts are hexadecimal. */
function inUtf8(packed: Uint8Array, mapping: TableMapping): Uint8Array {
  if (mapping.encoding === undefined) return packed;
  return new TextEncoder().encode(decoderOf(mapping).decode(packed));
}

function decoderOf(mapping: TableMapping) {
  return new TextDecoder(mapping.encoding === "UTF-16be" ? "utf-16be" : "utf-16le", { fatal: true, ignoreBOM: true });
}

function keyValue(raw: RawValue, mapping: TableMapping): KeyValue {
  switch (raw.type) {
    case "null":
      return raw;
    case "integer":
      return { type: "integer", value: raw.value.toString() };
    case "real":
      return { type: "real", value: Number.isFinite(raw.value) ? raw.value : raw.value > 0 ? "Infinity" : "-Infinity" };
    case "text":
      return { type: "text", hex: Buffer.from(encoded(raw.bytes, mapping)).toString("hex") };
    case "blob":
      return { type: "blob", hex: Buffer.from(raw.bytes).toString("hex") };
  }
}

/** A key is bound as the bytes that CAST(… AS TEXT) takes in the database's own encoding. */
function encoded(bytes: Uint8Array, mapping: TableMapping): Uint8Array {
  if (mapping.encoding === undefined) return bytes;
  const utf16 = Buffer.from(new TextDecoder().decode(bytes), "utf16le");
  return mapping.encoding === "UTF-16le" ? utf16 : utf16.swap16();
}

const REFUSED = 0x78;

class Unpacker {
  readonly #bytes: Uint8Array;
  readonly #mapping: TableMapping;
  #at = 0;

  constructor(bytes: Uint8Array, mapping: TableMapping) {
    this.#bytes = bytes;
    this.#mapping = mapping;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  letter(): string {
    return String.fromCharCode(this.#bytes[this.#at++] ?? 0);
  }

  readValue(): ReadValue {
    if (this.#bytes[this.#at] !== REFUSED) return this.value();
    this.#at++;
    return { type: "refused" };
  }

  value(): RawValue {
    const type = this.letter();
    if (type === "n") return { type: "null" };
    const bytes = this.#take();
    switch (type) {
      case "i":
        return { type: "integer", value: BigInt(ascii(bytes)) };
      case "r":
        return { type: "real", value: Number(ascii(bytes).replace("Inf", "Infinity")) };
      case "t":
        return { type: "text", bytes };
      case "u": {
        const stored = new Uint8Array(Buffer.from(ascii(bytes), "hex"));
        return { type: "text", bytes: asUtf8(stored.buffer, this.#mapping), stored };
      }
      case "b":
        return { type: "blob", bytes: Buffer.from(ascii(bytes), "hex") };
      default:
        throw new RangeError(`packed rows are out of step at byte ${this.#at}`);
    }
  }

  #take(): Uint8Array {
    let length = 0;
    for (let byte = this.#bytes[this.#at++]; byte !== undefined && byte !== 0x3a; byte = this.#bytes[this.#at++])
      length = length * 10 + (byte - 0x30);
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }
}

function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
