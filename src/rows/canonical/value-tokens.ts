import type { Separator } from "./canonical-form.ts";

const CONTROL = 0x01;
const COMMA = 0x2c;
const FOREIGN = 0x02;
const LONG = 0x4c;
/** A longer text is searched for its end by a call. */
const SEARCHED_BY_LOOP = 40;

/** The values of one column, row by row, as SQLite joined them. */
export class ValueTokens {
  readonly bytes: Uint8Array;
  /** Of the present token. */
  start = 0;
  end = -1;
  readonly separator: number;

  constructor(bytes: Uint8Array, separator: Separator) {
    this.bytes = bytes;
    this.separator = separator === "comma" ? COMMA : CONTROL;
  }

  /** One text alone. */
  static ofOne(text: Uint8Array): ValueTokens {
    return new ValueTokens(text, "control");
  }

  /** Goes to the next token; behind the last it is empty. */
  next(): void {
    const { bytes } = this;
    const separator = this.separator;
    const start = this.end + 1;
    const limit = Math.min(bytes.length, start + SEARCHED_BY_LOOP);
    let at = start;
    while (at < limit && bytes[at] !== separator) at++;
    if (at === limit && at < bytes.length) {
      const found = bytes.indexOf(separator, at);
      at = found < 0 ? bytes.length : found;
    }
    this.start = start;
    this.end = Math.max(start, at);
  }

  /** Whether so many rows took all tokens: a separator within a text would have made two of it. */
  get isAtEnd(): boolean {
    return this.bytes.length === 0 || this.end >= this.bytes.length;
  }

  /** Of a token of texts. */
  get isNull(): boolean {
    return this.end === this.start + 1 && this.bytes[this.start] === FOREIGN;
  }

  /** Of a token of texts: there is a value that is not read, or is no text. */
  get isForeign(): boolean {
    return this.bytes[this.start] === FOREIGN && this.end > this.start;
  }

  /** The value is longer than what was asked for. */
  get isTooLong(): boolean {
    return this.isForeign && this.end === this.start + 2 && this.bytes[this.start + 1] === LONG;
  }
}
