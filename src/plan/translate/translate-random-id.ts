import { pgString } from "../../quote.ts";
import type { Expression } from "../../sqlite-sql/ast.ts";

/**
 * The ways in which SQLite's applications make a random identifier: hex digits, a UUID put together of them, in braces,
 * with a prefix. The result has the same form, or it is null. `family` is text, uuid or bytea.
 */
export function translateRandomId(node: Expression, family: string): string | null {
  if (family === "bytea") return randomBytes(node);
  if (family !== "text" && family !== "uuid") return null;
  const characters = charactersOf(node);
  if (characters === null || !characters.some(isRandom)) return null;
  if (family === "uuid") {
    const shape = shapeOf(characters);
    return HYPHENED.test(shape) || BARE.test(shape) ? "gen_random_uuid()" : null;
  }
  const pieces = render(characters);
  return pieces.length > MAX_PIECES ? null : pieces.join(" || ");
}

type Character =
  | { readonly kind: "hex"; readonly upper: boolean }
  /** One of these, at random. */
  | { readonly kind: "one"; readonly of: string }
  | { readonly kind: "fixed"; readonly text: string };

const MAX_CHARACTERS = 512;
const MAX_PIECES = 20;

/** The characters of the text that an expression gives, one by one; null where it is none of these expressions. */
function charactersOf(node: Expression): Character[] | null {
  switch (node.kind) {
    case "string":
      return node.value.includes("\0") ? null : [...node.value].map((text) => ({ kind: "fixed", text }));
    case "cast":
      return node.type !== null && /char|clob|text/i.test(node.type.words) ? charactersOf(node.value) : null;
    case "binary": {
      if (node.operator !== "||") return null;
      const [left, right] = [charactersOf(node.left), charactersOf(node.right)];
      return left === null || right === null ? null : atMost([...left, ...right]);
    }
    case "call":
      return node.args === "*" ? null : ofCall(node.name.text.toLowerCase(), node.args);
    default:
      return null;
  }
}

function ofCall(name: string, args: readonly Expression[]): Character[] | null {
  const [first, ...rest] = args;
  if (first === undefined) return null;
  switch (name) {
    case "hex": {
      const bytes = rest.length === 0 ? bytesOf(first) : null;
      return bytes === null ? null : Array.from({ length: 2 * bytes }, () => ({ kind: "hex", upper: true }));
    }
    case "lower":
    case "upper":
      return rest.length === 0 ? (charactersOf(first)?.map((one) => inCase(one, name)) ?? null) : null;
    case "substr":
    case "substring":
      return part(first, rest);
    case "replace": {
      const [what, by] = rest;
      const inner = charactersOf(first);
      // Of random digits nobody knows where they are.
      if (what?.kind !== "string" || by?.kind !== "string" || [...what.value].length !== 1 || inner === null)
        return null;
      if (/[0-9a-f]/i.test(what.value)) return null;
      const replaced = [...by.value].map((text): Character => ({ kind: "fixed", text }));
      return atMost(inner.flatMap((one) => (one.kind === "fixed" && one.text === what.value ? replaced : [one])));
    }
    default:
      return null;
  }
}

/** substr() with numbers, or of one character at a random place. */
function part(value: Expression, [start, length, ...more]: readonly Expression[]): Character[] | null {
  if (start === undefined || more.length > 0) return null;
  const inner = charactersOf(value);
  if (inner === null) return null;
  const choices = anyPlace(start);
  if (choices !== null) {
    const all = inner.slice(0, choices).map((one) => (one.kind === "fixed" ? one.text : null));
    if (numberOf(length) !== 1 || all.length !== choices || all.includes(null)) return null;
    return [{ kind: "one", of: all.join("") }];
  }
  const from = numberOf(start);
  const count = length === undefined ? inner.length : numberOf(length);
  return from === null || count === null || from < 1 || count < 0 ? null : inner.slice(from - 1, from - 1 + count);
}

/** N of `abs(random()) % N + 1`, `1 + (abs(random()) % N)`. */
function anyPlace(node: Expression): number | null {
  if (node.kind === "cast") return anyPlace(node.value);
  if (node.kind !== "binary" || node.operator !== "+") return null;
  const [sum, one] = numberOf(node.right) === 1 ? [node.left, true] : [node.right, numberOf(node.left) === 1];
  if (!one || sum.kind !== "binary" || sum.operator !== "%") return null;
  const count = numberOf(sum.right);
  const isRandomCall = sum.left.kind === "call" && isCallOf(sum.left, "abs", (arg) => isCallOf(arg, "random"));
  return isRandomCall && count !== null && count > 0 && count <= 64 ? count : null;
}

function isCallOf(node: Expression, name: string, isArgument?: (node: Expression) => boolean): boolean {
  if (node.kind !== "call" || node.args === "*" || node.name.text.toLowerCase() !== name) return false;
  const [argument] = node.args;
  return isArgument === undefined
    ? argument === undefined
    : argument !== undefined && node.args.length === 1 && isArgument(argument);
}

/** N of randomblob(N). */
function bytesOf(node: Expression): number | null {
  if (node.kind !== "call" || node.args === "*" || node.name.text.toLowerCase() !== "randomblob") return null;
  const bytes = node.args.length === 1 ? numberOf(node.args[0]) : null;
  return bytes !== null && bytes >= 1 && bytes <= 64 ? bytes : null;
}

function numberOf(node: Expression | undefined): number | null {
  return node?.kind === "number" && /^\d{1,4}$/.test(node.text) ? Number(node.text) : null;
}

function inCase(one: Character, to: "lower" | "upper"): Character {
  // SQLite's own lower() and upper() know the letters of ASCII.
  const cased = (text: string) =>
    text.replace(/[A-Za-z]/g, (letter) => (to === "lower" ? letter.toLowerCase() : letter.toUpperCase()));
  switch (one.kind) {
    case "hex":
      return { kind: "hex", upper: to === "upper" };
    case "one":
      return { kind: "one", of: cased(one.of) };
    case "fixed":
      return { kind: "fixed", text: cased(one.text) };
  }
}

function atMost(characters: Character[]): Character[] | null {
  return characters.length > MAX_CHARACTERS ? null : characters;
}

function isRandom({ kind }: Character): boolean {
  return kind !== "fixed";
}

/** A letter for each character: h and H for hex digits, v and V for what stands at the variant of a UUID. */
function shapeOf(characters: readonly Character[]): string {
  return characters
    .map((one) => {
      if (one.kind === "hex") return one.upper ? "H" : "h";
      if (one.kind === "one") {
        const sorted = [...one.of].sort().join("");
        return sorted === "89ab" ? "v" : sorted === "89AB" ? "V" : "?";
      }
      return /^[-4]$/.test(one.text) ? one.text : ".";
    })
    .join("");
}

// Digits of both cases do not come of one UUID.
const HYPHENED = /^(h{8}-h{4}-4h{3}-vh{3}-h{12}|H{8}-H{4}-4H{3}-VH{3}-H{12})$/;
const BARE = /^(h{12}4h{3}vh{15}|H{12}4H{3}VH{15})$/;

/** The text as PostgreSQL puts it together, piece by piece. */
function render(characters: readonly Character[]): string[] {
  const shape = shapeOf(characters);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; ) {
    const [length, sql] = uuidAt(shape, at) ?? runAt(characters, at);
    pieces.push(sql);
    at += length;
  }
  return pieces;
}

function uuidAt(shape: string, at: number): readonly [number, string] | null {
  for (const [length, pattern, sql] of [
    [36, HYPHENED, "gen_random_uuid()::text"],
    [32, BARE, DIGITS],
  ] as const) {
    const part = shape.slice(at, at + length);
    if (pattern.test(part)) return [length, part.includes("H") ? `upper(${sql})` : sql];
  }
  return null;
}

/** As many characters of one kind as there are. */
function runAt(characters: readonly Character[], at: number): readonly [number, string] {
  const first = characters[at] as Character;
  if (first.kind === "one")
    return [1, `substr(${pgString(first.of)}, 1 + floor(random() * ${first.of.length})::integer, 1)`];
  let end = at + 1;
  while (end < characters.length && isAlike(first, characters[end] as Character)) end++;
  const run = characters.slice(at, end);
  if (first.kind === "fixed")
    return [run.length, pgString(run.map((one) => (one.kind === "fixed" ? one.text : "")).join(""))];
  // What exceeds the digits of one follows in another piece.
  const length = Math.min(run.length, 64);
  return [length, first.upper ? `upper(${hexDigits(length)})` : hexDigits(length)];
}

function isAlike(one: Character, other: Character): boolean {
  return one.kind === other.kind && (one.kind !== "hex" || other.kind !== "hex" || one.upper === other.upper);
}

const DIGITS = "replace(gen_random_uuid()::text, '-', '')";

function hexDigits(count: number): string {
  if (count > 32) return `left(encode(sha256(gen_random_uuid()::text::bytea), 'hex'), ${count})`;
  return count === 32 ? DIGITS : `substr(${DIGITS}, 1, ${count})`;
}

function randomBytes(node: Expression): string | null {
  const bytes = bytesOf(node);
  if (bytes === null || bytes > 32) return null;
  return bytes === 16 ? "uuid_send(gen_random_uuid())" : `substr(sha256(gen_random_uuid()::text::bytea), 1, ${bytes})`;
}
