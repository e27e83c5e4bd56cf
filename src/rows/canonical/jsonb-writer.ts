import type { CanonicalValue } from "./canonical-value.ts";
import type { ValueTokens } from "./value-tokens.ts";

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const MAX_DEPTH = 100;
/** Of zeros that an exponent stands for. */
const MAX_EXPONENT = 40;
const ENCODER = new TextEncoder();
/** By the letter behind a backslash, the character; jsonb writes the same letters. */
const ESCAPES = new Map(
  [...'"\\/bfnrt'].map((letter, index) => [letter.charCodeAt(0), '"\\/\b\f\n\r\t'.charCodeAt(index)]),
);
const LETTERS = new Map(
  [...ESCAPES].filter(([letter]) => letter !== 0x2f).map(([letter, character]) => [character, letter]),
);
const LITERALS = ["true", "false", "null"].map((word) => ENCODER.encode(word));

/** Where a member of an object is written: its key within quotation marks, and its end. */
interface Member {
  readonly start: number;
  readonly endOfKey: number;
  readonly end: number;
}

/**
 * Writes a text of JSON as jsonb would: keys by their length and then their bytes, the last of equal ones, and spaces
 * behind commas and colons. False for what is no JSON, or is so seldom that it is left to a comparison of values: keys
 * with escapes, deep nesting, huge exponents.
 */
export class JsonbWriter {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  write(into: CanonicalValue, { bytes, end, start }: Pick<ValueTokens, "bytes" | "end" | "start">): boolean {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    if (!this.#value(into, 0)) return false;
    this.#blanks();
    return this.#at === end;
  }

  #peek(): number {
    return this.#at < this.#end ? (this.#bytes[this.#at] ?? 0) : 0;
  }

  #blanks(): void {
    for (
      let byte = this.#peek();
      byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB;
      byte = this.#peek()
    )
      this.#at++;
  }

  #skip(byte: number): boolean {
    this.#blanks();
    if (this.#peek() !== byte) return false;
    this.#at++;
    return true;
  }

  #value(into: CanonicalValue, depth: number): boolean {
    this.#blanks();
    into.reserve(0);
    const byte = this.#peek();
    if (byte === QUOTE) return this.#string(into);
    if (byte === OPEN_OBJECT) return depth < MAX_DEPTH && this.#object(into, depth);
    if (byte === OPEN_ARRAY) return depth < MAX_DEPTH && this.#array(into, depth);
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return this.#number(into);
    return LITERALS.some((word) => this.#literal(into, word));
  }

  #literal(into: CanonicalValue, word: Uint8Array): boolean {
    for (let index = 0; index < word.length; index++)
      if (this.#bytes[this.#at + index] !== word[index] || this.#at + index >= this.#end) return false;
    this.#at += word.length;
    return into.putBytes(word, 0, word.length);
  }

  #array(into: CanonicalValue, depth: number): boolean {
    this.#at++;
    into.put(OPEN_ARRAY);
    if (!this.#skip(CLOSE_ARRAY)) {
      for (let isFirst = true; isFirst || this.#skip(COMMA); isFirst = false) {
        if (!isFirst) separate(into);
        if (!this.#value(into, depth + 1)) return false;
      }
      if (!this.#skip(CLOSE_ARRAY)) return false;
    }
    into.put(CLOSE_ARRAY);
    return true;
  }

  #object(into: CanonicalValue, depth: number): boolean {
    this.#at++;
    into.put(OPEN_OBJECT);
    const first = into.at;
    const members: Member[] = [];
    if (!this.#skip(CLOSE_OBJECT)) {
      for (let isFirst = true; isFirst || this.#skip(COMMA); isFirst = false) {
        if (!isFirst) separate(into);
        this.#blanks();
        const start = into.at;
        if (this.#peek() !== QUOTE || !this.#string(into)) return false;
        const endOfKey = into.at;
        if (into.out.subarray(start, endOfKey).includes(BACKSLASH) || !this.#skip(COLON)) return false;
        into.put(COLON);
        into.put(SPACE);
        if (!this.#value(into, depth + 1)) return false;
        members.push({ start, endOfKey, end: into.at });
      }
      if (!this.#skip(CLOSE_OBJECT)) return false;
    }
    order(into, first, members);
    into.put(CLOSE_OBJECT);
    return true;
  }

  #string(into: CanonicalValue): boolean {
    const bytes = this.#bytes;
    into.reserve(6 * (this.#end - this.#at));
    into.put(QUOTE);
    for (let at = this.#at + 1; at < this.#end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.#at = at + 1;
        into.put(QUOTE);
        return true;
      }
      if (byte < SPACE) return false;
      if (byte !== BACKSLASH) into.put(byte);
      else {
        at = this.#escape(into, at + 1);
        if (at < 0) return false;
      }
    }
    return false;
  }

  /** Writes what the letter behind a backslash stands for; returns the escape's last place, or -1. */
  #escape(into: CanonicalValue, at: number): number {
    const letter = this.#bytes[at] ?? 0;
    if (letter !== 0x75) {
      const character = ESCAPES.get(letter);
      if (character === undefined) return -1;
      putCharacter(into, character);
      return at;
    }
    const first = this.#hexadecimal(at + 1);
    if (!(first > 0) || (first >= 0xdc00 && first < 0xe000)) return -1;
    if (first < 0xd800 || first >= 0xe000) {
      putCharacter(into, first);
      return at + 4;
    }
    if (this.#bytes[at + 5] !== BACKSLASH || this.#bytes[at + 6] !== 0x75) return -1;
    const second = this.#hexadecimal(at + 7);
    if (!(second >= 0xdc00 && second < 0xe000)) return -1;
    putCharacter(into, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
    return at + 10;
  }

  #hexadecimal(at: number): number {
    const digits = Buffer.from(this.#bytes.subarray(at, Math.min(at + 4, this.#end))).toString("latin1");
    return /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  }

  #digits(): number {
    const start = this.#at;
    for (let byte = this.#peek(); byte >= ZERO && byte <= NINE; byte = this.#peek()) this.#at++;
    return this.#at - start;
  }

  #number(into: CanonicalValue): boolean {
    const start = this.#at;
    if (this.#peek() === MINUS) this.#at++;
    const first = this.#at;
    const whole = this.#digits();
    if (whole === 0 || (whole > 1 && this.#bytes[first] === ZERO)) return false;
    let decimals = 0;
    if (this.#peek() === POINT) {
      this.#at++;
      decimals = this.#digits();
      if (decimals === 0) return false;
    }
    const endOfDecimals = this.#at;
    let exponent = 0;
    if ((this.#peek() | 0x20) === 0x65) {
      this.#at++;
      const isNegative = this.#peek() === MINUS;
      if (isNegative || this.#peek() === PLUS) this.#at++;
      const from = this.#at;
      const count = this.#digits();
      if (count === 0 || count > 3) return false;
      for (let at = from; at < this.#at; at++) exponent = exponent * 10 + (this.#bytes[at] ?? 0) - ZERO;
      if (exponent > MAX_EXPONENT) return false;
      if (isNegative) exponent = -exponent;
    }
    if (exponent === 0 && this.#bytes[start] !== MINUS) return into.putBytes(this.#bytes, start, endOfDecimals);
    const text = Buffer.from(this.#bytes.subarray(first, endOfDecimals)).toString("latin1").replace(".", "");
    return into.putAscii(inFull(text, decimals - exponent, first > start));
  }
}

/** Digits with so many decimals, as PostgreSQL writes them: zero has no sign. */
function inFull(digits: string, decimals: number, isNegative: boolean): string {
  const scale = Math.max(0, decimals);
  const all = `${digits}${"0".repeat(Math.max(0, -decimals))}`.padStart(scale + 1, "0");
  const whole = all.slice(0, all.length - scale).replace(/^0+(?=\d)/, "");
  const sign = isNegative && /[1-9]/.test(digits) ? "-" : "";
  return `${sign}${whole}${scale === 0 ? "" : `.${all.slice(all.length - scale)}`}`;
}

function separate(into: CanonicalValue): void {
  into.put(COMMA);
  into.put(SPACE);
}

function putCharacter(into: CanonicalValue, character: number): void {
  const letter = LETTERS.get(character);
  if (letter !== undefined) {
    into.put(BACKSLASH);
    into.put(letter);
  } else if (character < SPACE) into.putAscii(`\\u${character.toString(16).padStart(4, "0")}`);
  else {
    const bytes = ENCODER.encode(String.fromCodePoint(character));
    into.putBytes(bytes, 0, bytes.length);
  }
}

/** Brings the members that are written from `first` on into jsonb's order. */
function order(into: CanonicalValue, first: number, members: readonly Member[]): void {
  const { out } = into;
  const compare = (one: Member, other: Member) => {
    const longer = one.endOfKey - one.start - (other.endOfKey - other.start);
    if (longer !== 0) return longer;
    for (let at = one.start, against = other.start; at < one.endOfKey; at++, against++) {
      const difference = (out[at] ?? 0) - (out[against] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  if (members.every((member, index) => index === 0 || compare(members[index - 1] as Member, member) < 0)) return;
  const written = out.slice(first, into.at);
  const sorted = [...members].sort(compare);
  // Of equal keys the last one counts, and a sort keeps their order.
  const kept = sorted.filter(
    (member, index) => index + 1 === sorted.length || compare(member, sorted[index + 1] as Member) < 0,
  );
  into.at = first;
  for (const [index, { end, start }] of kept.entries()) {
    if (index > 0) separate(into);
    into.putBytes(written, start - first, end - first);
  }
}
