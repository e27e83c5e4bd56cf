import { pgString } from "../../quote.ts";
import { settledLike } from "./open-parameter.ts";
import { isInteger, isText, type TypedSql, typed, Untranslatable } from "./typed-sql.ts";

/** What both databases mean by a path: names, names in quotes, and places in arrays. */
const STEP = /\.(?:"([^"\\]+)"|([A-Za-z_][A-Za-z_0-9]*))|\[(\d+)\]/gy;
const PATH = String.raw`^\$(\.[A-Za-z_][A-Za-z_0-9]*|\."[^"\\]+"|\[[0-9]+\])*$`;
const NAMES = String.raw`^\$(\.[A-Za-z_][A-Za-z_0-9]*)+$`;

/** A path of SQLite's as a jsonpath: strict, so that it does not look into arrays for names. */
export function renderJsonPath(path: TypedSql, mayBeLabel: boolean): string {
  const { literal } = path;
  if (literal !== null && isInteger(path) && mayBeLabel) return place(literal);
  if (literal !== null && isText(path)) {
    if (literal.startsWith("$")) return pgString(`strict $${stepsOf(literal).map(rendered).join("")}`);
    if (mayBeLabel && /^[^["\\]+$/.test(literal)) return pgString(`strict $."${literal}"`);
  }
  if (path.parameter === undefined) throw new Untranslatable("it has a JSON path that is not known");
  const { sql } = settledLike(path, typed("", "text"));
  // What is no such path fails.
  const label = mayBeLabel ? `when ${sql} !~ '^[$[]' then 'strict $.' || to_json(${sql})::text ` : "";
  const known = `case when ${sql} is null then null when ${sql} ~ ${pgString(PATH)} then 'strict ' || ${sql}`;
  return `(${known} ${label}else '?' end)::jsonpath`;
}

function place(literal: string): string {
  if (!/^\d+$/.test(literal)) throw new Untranslatable("it counts the places of a JSON array from its end");
  return pgString(`strict $[${literal}]`);
}

interface Step {
  readonly name: string | null;
  readonly place: string | null;
}

function stepsOf(path: string): Step[] {
  const found = [...path.slice(1).matchAll(STEP)];
  if (found.reduce((length, [step]) => length + step.length, 1) !== path.length)
    throw new Untranslatable("it has a JSON path that is not known");
  return found.map(([, quoted, name, index]) => ({ name: quoted ?? name ?? null, place: index ?? null }));
}

function rendered({ name, place: index }: Step): string {
  return index === null ? `."${name ?? ""}"` : `[${index}]`;
}

/** A path of names alone, as the array that jsonb_set() and #- take. */
export function namesPath(path: TypedSql): string {
  if (path.literal !== null && isText(path)) {
    const steps = path.literal.startsWith("$") ? stepsOf(path.literal) : [];
    if (steps.length === 0 || steps.some(({ name }) => name === null || /^-?\d+$/.test(name)))
      throw new Untranslatable("it changes JSON by a path that is not of names alone");
    return `array[${steps.map(({ name }) => pgString(name ?? "")).join(", ")}]`;
  }
  if (path.parameter === undefined) throw new Untranslatable("it has a JSON path that is not known");
  const { sql } = settledLike(path, typed("", "text"));
  const names = `case when ${sql} is null then null when ${sql} ~ ${pgString(NAMES)} then substr(${sql}, 3)`;
  return `string_to_array(${names} else (${sql}::jsonb)::text end, '.')`;
}
