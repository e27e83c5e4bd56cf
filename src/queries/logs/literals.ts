import type { SourceValue } from "../../model/source-value.ts";

/** A list within a list of values. */
export type LoggedValue = SourceValue | readonly LoggedValue[];

/**
 * Reads a list as a log writes it: JSON, Python's repr, Ruby's inspect or Node's. Null where it has something that does
 * not say its value, such as `<2 bytes of binary data>`.
 */
export function readList(text: string): readonly LoggedValue[] | null {
  const reader = new ListReader(text);
  const value = reader.value();
  return Array.isArray(value) && reader.isAtEnd() ? (value as readonly LoggedValue[]) : null;
}

/** The same of a flat list, as what is bound. */
export function readValues(text: string): readonly SourceValue[] | null {
  const list = readList(text);
  return list?.every((value): value is SourceValue => !Array.isArray(value)) === true ? list : null;
}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "(": ")" };
const WORDS: ReadonlyMap<string, SourceValue> = new Map<string, SourceValue>([
  ["null", null],
  ["None", null],
  ["nil", null],
  ["undefined", null],
  ["true", 1n],
  ["True", 1n],
  ["false", 0n],
  ["False", 0n],
]);
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", "0": "\0" };
const UNKNOWN = Symbol("unknown");

class ListReader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(): LoggedValue | typeof UNKNOWN {
    const start = this.#match(/\s*([[(])/y);
    if (start !== null) return this.#list(CLOSING[start[1] ?? ""] ?? "");
    const quoted = this.#match(/\s*(b?)('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`)/y);
    if (quoted !== null) {
      const text = unescaped((quoted[2] ?? "").slice(1, -1));
      if (quoted[1] === "b") return new Uint8Array(Buffer.from(text, "latin1")).buffer;
      // Ruby, Python and Node write in such words what they leave out.
      return /^<\d+ bytes of binary data>$|\(\d+ characters truncated\)/.test(text) ? UNKNOWN : text;
    }
    const number = this.#match(/\s*(-?\d+n?(?![\w.])|-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/iy);
    if (number !== null) return numberOf(number[1] ?? "");
    const word = this.#match(/\s*([A-Za-z]+)(?![\w(.])/y);
    return word === null ? UNKNOWN : (WORDS.get(word[1] ?? "") ?? (WORDS.has(word[1] ?? "") ? null : UNKNOWN));
  }

  isAtEnd(): boolean {
    return this.#text.slice(this.#at).trim() === "";
  }

  #list(closing: string): LoggedValue | typeof UNKNOWN {
    const values: LoggedValue[] = [];
    const end = new RegExp(`\\s*\\${closing}`, "y");
    while (this.#match(end) === null) {
      const value = this.value();
      if (value === UNKNOWN) return UNKNOWN;
      values.push(value);
      if (this.#match(/\s*,/y) === null && !this.#isNext(end)) return UNKNOWN;
    }
    return values;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #isNext(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u\{([0-9a-f]+)\}|u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/gi,
    (_, two?: string, braced?: string, four?: string, eight?: string, one?: string) => {
      const code = two ?? braced ?? four ?? eight;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return ESCAPES[one ?? ""] ?? one ?? "";
    },
  );
}

function numberOf(text: string): SourceValue {
  if (/^-?\d+n?$/.test(text)) return BigInt(text.replace(/n$/, ""));
  return Number(text);
}
