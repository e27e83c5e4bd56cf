const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const CAPITAL_E = 0x45;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const SMALL_E = 0x65;
const SMALL_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** SQLite's own limit. */
const MAX_DEPTH = 1_000;

/** Bytes of a string that neither end it nor need a closer look. */
const UNESCAPED = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const ESCAPED: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((character) => character.charCodeAt(0)));

/** Whether bytes are JSON by RFC 8259: the answer of SQLite's json_valid(), at a fraction of its time. */
export function isJson(bytes: Uint8Array, start: number, end: number): boolean {
  const at = valueEnd(bytes, space(bytes, start, end), end, 0);
  return at >= 0 && space(bytes, at, end) === end;
}

/** JSON that jsonb rejects, with `\u0000` or an escape that is half of a surrogate pair. */
export function hasRejectedEscapeBytes(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && !(bytes[at] === BACKSLASH && bytes[at + 1] === SMALL_U)) at++;
  if (at >= end - 1) return false;
  const escapes = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString("latin1")
    .replaceAll("\\\\", "");
  return escapes.includes("\\u0000") || HALF_PAIR.test(escapes);
}

const HALF_PAIR =
  /\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\[uU][dD][c-fC-F])(?!$)|(?<!\\[uU][dD][89abAB][0-9a-fA-F]{2})\\[uU][dD][c-fC-F]/;

function space(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (
    let byte = bytes[at];
    at < end && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
    byte = bytes[++at]
  );
  return at;
}

/** Where the value that begins at a place ends; -1 if there is none. */
function valueEnd(bytes: Uint8Array, start: number, end: number, depth: number): number {
  if (start >= end) return -1;
  switch (bytes[start]) {
    case QUOTE:
      return stringEnd(bytes, start + 1, end);
    case OPEN_OBJECT:
    case OPEN_ARRAY:
      return depth >= MAX_DEPTH ? -1 : containerEnd(bytes, start, end, depth);
    case 0x74:
      return isWord(bytes, start, end, TRUE) ? start + 4 : -1;
    case 0x66:
      return isWord(bytes, start, end, FALSE) ? start + 5 : -1;
    case 0x6e:
      return isWord(bytes, start, end, NULL) ? start + 4 : -1;
    default:
      return numberEnd(bytes, start, end);
  }
}

function containerEnd(bytes: Uint8Array, start: number, end: number, depth: number): number {
  const isObject = bytes[start] === OPEN_OBJECT;
  const close = isObject ? CLOSE_OBJECT : CLOSE_ARRAY;
  let at = space(bytes, start + 1, end);
  if (at < end && bytes[at] === close) return at + 1;
  for (;;) {
    if (isObject) {
      if (at >= end || bytes[at] !== QUOTE) return -1;
      at = stringEnd(bytes, at + 1, end);
      if (at < 0) return -1;
      at = space(bytes, at, end);
      if (at >= end || bytes[at] !== COLON) return -1;
      at = space(bytes, at + 1, end);
    }
    at = valueEnd(bytes, at, end, depth + 1);
    if (at < 0) return -1;
    at = space(bytes, at, end);
    if (at >= end) return -1;
    const byte = bytes[at++];
    if (byte === close) return at;
    if (byte !== COMMA) return -1;
    at = space(bytes, at, end);
  }
}

function stringEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; ) {
    const byte = bytes[at++] ?? 0;
    if (UNESCAPED[byte] === 1) continue;
    if (byte === QUOTE) return at;
    if (byte !== BACKSLASH || at >= end) return -1;
    const escaped = bytes[at++] ?? 0;
    if (ESCAPED.has(escaped)) continue;
    if (escaped !== SMALL_U || at + 4 > end) return -1;
    for (let digit = 0; digit < 4; digit++) if (!isHexadecimal(bytes[at++] ?? 0)) return -1;
  }
  return -1;
}

function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let at = digitsEnd(bytes, first, end);
  if (at === first || (bytes[first] === ZERO && at > first + 1)) return -1;
  if (at < end && bytes[at] === POINT) {
    const from = at + 1;
    at = digitsEnd(bytes, from, end);
    if (at === from) return -1;
  }
  if (at < end && (bytes[at] === SMALL_E || bytes[at] === CAPITAL_E)) {
    const sign = bytes[at + 1];
    const from = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
    at = digitsEnd(bytes, from, end);
    if (at <= from) return -1;
  }
  return at;
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let byte = bytes[at] ?? 0; at < end && byte >= ZERO && byte <= 0x39; byte = bytes[++at] ?? 0);
  return at;
}

const [TRUE, FALSE, NULL] = ["true", "false", "null"].map((word) => new TextEncoder().encode(word)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

function isWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (start + word.length > end) return false;
  for (let index = 0; index < word.length; index++) if (bytes[start + index] !== word[index]) return false;
  return true;
}

function isHexadecimal(byte: number): boolean {
  const letter = byte | 0x20;
  return (byte >= ZERO && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66);
}
