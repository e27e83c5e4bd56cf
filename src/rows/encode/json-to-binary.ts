import { BinaryRows } from "./binary-rows.ts";
import { countCharacters, latin1, unescaped } from "./text-bytes.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const SMALL_N = 0x6e;
const SMALL_U = 0x75;

/** Reads values of a page's JSON and writes them as fields of a binary COPY. The codecs know the types. */
export class JsonToBinary extends BinaryRows {
  readonly json: Uint8Array;
  /** Where the next value begins. */
  from = 0;
  readonly #blobs: readonly ArrayBuffer[];
  #blob = 0;

  /** `growth`: bytes that the rows may take beyond those of the JSON. */
  constructor(json: Uint8Array, growth: number, blobs: readonly ArrayBuffer[]) {
    super(new Uint8Array(json.length + growth), 0);
    this.json = json;
    this.#blobs = blobs;
  }

  written(): Uint8Array {
    return this.out.subarray(0, this.at);
  }

  skip(byte: number): boolean {
    if (this.json[this.from] !== byte) return false;
    this.from++;
    return true;
  }

  skipNull(): boolean {
    if (this.json[this.from] !== SMALL_N) return false;
    this.from += 4;
    this.put32(-1);
    return true;
  }

  isEnd(at: number): boolean {
    const byte = this.json[at];
    return byte === COMMA || byte === CLOSE;
  }

  /** A text of at most so many characters. */
  putText(maxLength: number | null): boolean {
    const { json, out } = this;
    if (json[this.from] !== QUOTE) return false;
    const start = this.at + 4;
    let at = this.from + 1;
    let to = start;
    for (;;) {
      let byte = json[at++] ?? QUOTE;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        byte = json[at++] ?? QUOTE;
        if (byte === SMALL_U) {
          // Only control characters are written so; PostgreSQL has no NUL.
          byte = Number.parseInt(latin1(json, at, at + 4), 16);
          if (!(byte > 0 && byte < 0x20)) return false;
          at += 4;
        } else byte = unescaped(byte);
      }
      out[to++] = byte;
    }
    if (maxLength !== null && countCharacters(out, start, to) > maxLength) return false;
    this.view.setInt32(start - 4, to - start);
    this.at = to;
    this.from = at;
    return true;
  }

  /** The next of the blobs that were read next to the JSON, for the 1 in its place. */
  putBlob(): boolean {
    const blob = this.#blobs[this.#blob++];
    if (blob === undefined || !this.isEnd(this.from + 1)) return false;
    this.put32(blob.byteLength);
    this.putBytes(new Uint8Array(blob));
    this.from++;
    return true;
  }
}
