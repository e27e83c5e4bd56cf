import { pgString } from "../quote.ts";
import type { TargetParameter, TargetStatement } from "./target.ts";

/** Longer values are better bound: the server reads a statement's text letter by letter. */
const MAX_LENGTH = 16 << 10;

/**
 * A statement of ours with its parameters in its text, so that several go in one message. The server takes a literal's
 * type from where it stands, as it does a parameter's.
 */
export function inlineParameters({ parameters = [], text }: TargetStatement): string {
  if (parameters.length === 0) return text;
  return text.replace(TOKENS, (token, position: string | undefined) =>
    position === undefined ? token : literal(parameters[Number(position) - 1] ?? null),
  );
}

/** Whether the values are short, and such as a literal can hold. */
export function canInline(parameters: readonly TargetParameter[]): boolean {
  const texts = parameters.map((parameter) => literalText(parameter) ?? "");
  return (
    texts.every((text) => !text.includes("\0")) && texts.reduce((sum, { length }) => sum + length, 0) <= MAX_LENGTH
  );
}

/** An array as PostgreSQL's text has it. */
export function arrayLiteral(values: readonly (string | number | bigint | null)[]): string {
  const quoted = (value: string | number | bigint) => `"${String(value).replace(/["\\]/g, "\\$&")}"`;
  return `{${values.map((value) => (value === null ? "NULL" : quoted(value))).join(",")}}`;
}

/** Strings, names and comments as they are; the number of a parameter. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(?<![\w$])\$(\d+)/g;

function literal(parameter: TargetParameter): string {
  const text = literalText(parameter);
  return text === null ? "null" : pgString(text);
}

function literalText(parameter: TargetParameter): string | null {
  if (parameter === null) return null;
  return typeof parameter === "object" ? arrayLiteral(parameter) : String(parameter);
}
