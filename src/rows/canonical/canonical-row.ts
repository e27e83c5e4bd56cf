const TILDE = 0x7e;
const ZERO = 0x30;
const DIGITS = Uint8Array.from(Buffer.from("0123456789abcdef"));
/** Both digits of each byte. */
const PAIRS = Uint16Array.from(
  { length: 256 },
  (_, byte) => ((DIGITS[byte >> 4] ?? 0) << 8) | (DIGITS[byte & 15] ?? 0),
);
const MINUS = 0x2d;
const BILLION = 1_000_000_000;
const FIRST_BYTES = 64 << 10;
/** More than a number or timestamp takes. */
const BYTES_OF_NUMBER = 64;

/** One row in canonical form, written value by value. */
export class CanonicalRow {
  out = new Uint8Array(FIRST_BYTES);
  view = new DataView(this.out.buffer);
  at = 0;
  /** A value was longer than it may be in a page of so many rows. */
  hasTooLong = false;
  #room = BYTES_OF_NUMBER;

  /** Begins a row of so many values, for each of which there is room unless it is a text. */
  begin(values: number): void {
    this.at = 0;
    this.#room = values * BYTES_OF_NUMBER;
    this.reserve(0);
  }

  /** Makes room for so many bytes, and for numbers behind them. */
  reserve(bytes: number): void {
    if (this.at + bytes + this.#room <= this.out.length) return;
    const larger = new Uint8Array(2 * (this.at + bytes + this.#room));
    larger.set(this.out.subarray(0, this.at));
    this.out = larger;
    this.view = new DataView(larger.buffer);
  }

  put(byte: number): void {
    this.out[this.at++] = byte;
  }

  putNull(): true {
    this.out[this.at++] = TILDE;
    return true;
  }

  /** Bytes as they are; room is made for them. */
  putBytes(bytes: Uint8Array, start: number, end: number): true {
    this.reserve(end - start);
    const { out } = this;
    let { at } = this;
    if (end - start > 200) {
      out.set(bytes.subarray(start, end), at);
      at += end - start;
    } else for (let from = start; from < end; from++) out[at++] = bytes[from] ?? 0;
    this.at = at;
    return true;
  }

  putHexadecimal(byte: number): void {
    const { out } = this;
    out[this.at++] = DIGITS[byte >> 4] ?? 0;
    out[this.at++] = DIGITS[byte & 15] ?? 0;
  }

  /** A whole number that a double holds. */
  putInteger(value: number): true {
    if (value < 0) this.out[this.at++] = MINUS;
    let rest = Math.abs(value);
    if (rest >= BILLION) {
      const high = Math.floor(rest / BILLION);
      this.putPadded(high, 1);
      this.putPadded(rest - high * BILLION, 9);
      return true;
    }
    const { out } = this;
    let digits = 1;
    for (let limit = 10; rest >= limit; limit *= 10) digits++;
    for (let place = this.at + digits - 1; place >= this.at; place--) {
      // Whole numbers of 32 bits take a third of the time.
      const tenth = (rest / 10) | 0;
      out[place] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.at += digits;
    return true;
  }

  /** Bytes by two hexadecimal digits each; room is made for them. */
  putAllHexadecimal(bytes: Uint8Array, start: number, end: number): true {
    this.reserve(2 * (end - start));
    const { view } = this;
    let { at } = this;
    for (let from = start; from < end; from++, at += 2) view.setUint16(at, PAIRS[bytes[from] ?? 0] ?? 0);
    this.at = at;
    return true;
  }

  /** A number of so many digits at least, with zeros before it. */
  putPadded(value: number, width: number): void {
    let digits = width;
    for (let limit = 10 ** width; value >= limit; limit *= 10) digits++;
    let rest = value;
    for (let place = this.at + digits - 1; place >= this.at; place--) {
      const tenth = Math.floor(rest / 10);
      this.out[place] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.at += digits;
  }

  putAscii(text: string): true {
    this.reserve(text.length);
    for (let index = 0; index < text.length; index++) this.out[this.at++] = text.charCodeAt(index);
    return true;
  }
}
