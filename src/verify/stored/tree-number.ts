/** Numbers of one to nine bytes: seven bits of each, and all eight of the ninth. */
export class TreeNumber {
  /** NaN where no double holds it. */
  value = 0;
  /** Behind the number. */
  end = 0;

  read(bytes: Uint8Array, start: number): void {
    let at = start;
    let byte = bytes[at++] ?? 0;
    let value = byte & 0x7f;
    while (byte > 0x7f && at < start + 8) {
      byte = bytes[at++] ?? 0;
      value = value * 128 + (byte & 0x7f);
    }
    if (byte > 0x7f) {
      this.#readNine(bytes, start);
      return;
    }
    this.value = Number.isSafeInteger(value) ? value : Number.NaN;
    this.end = at;
  }

  /** A negative number, or one of more than 56 bits. */
  #readNine(bytes: Uint8Array, start: number): void {
    let value = BigInt(bytes[start + 8] ?? 0);
    for (let index = 0; index < 8; index++)
      value |= BigInt((bytes[start + index] ?? 0) & 0x7f) << BigInt(57 - 7 * index);
    const signed = Number(BigInt.asIntN(64, value));
    this.value = Number.isSafeInteger(signed) ? signed : Number.NaN;
    this.end = start + 9;
  }
}
