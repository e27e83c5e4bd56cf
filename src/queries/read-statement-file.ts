import { readFileSync } from "node:fs";
import { messageOf, UsageError } from "../errors.ts";
import type { SourceValue } from "../model/source-value.ts";
import { parseStatements } from "../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../sqlite-sql/syntax-error.ts";
import { readLog } from "./logs/read-log.ts";
import type { ParameterClass } from "./parameters.ts";
import type { QueryStatement } from "./statement.ts";

/** The statements of a file: plain SQL, the log of a library, or JSON Lines where its first line is an object. */
export function readStatementFile(path: string): QueryStatement[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new UsageError({
      code: "STATEMENTS_UNREADABLE",
      message: `the file of statements cannot be read: ${messageOf(cause)}`,
      hint: "give a file of SQL statements, a log of an ORM, or JSON Lines as docs/guides/queries.md shows them",
      cause,
    });
  }
  return parseStatementFile(text, path);
}

export function parseStatementFile(text: string, path: string): QueryStatement[] {
  if (!text.trimStart().startsWith("{")) return statementsOfSql(text);
  return text
    .split("\n")
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => statementOfLine(line, `${path}:${number}`));
}

/** What is neither SQL nor a log is cut at semicolons: a statement that the parser does not take is kept as it is. */
function statementsOfSql(text: string): QueryStatement[] {
  try {
    return parseStatements(text).map(({ end, start }) => ({ sql: text.slice(start, end) }));
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    const found = readLog(text);
    if (found !== null) return found;
    return text
      .split(/;[ \t]*(?:\r?\n|$)/)
      .map((sql) => ({ sql: sql.trim() }))
      .filter(({ sql }) => sql !== "");
  }
}

const CLASSES: readonly string[] = ["integer", "real", "text", "blob", "null"] satisfies ParameterClass[];

function statementOfLine(line: string, place: string): QueryStatement {
  const given = objectOf(line, place);
  const { count, parameters, site, sql, types } = given;
  if (typeof sql !== "string") throw badLine(place, '"sql" is to be a text');
  if (parameters !== undefined && !Array.isArray(parameters)) throw badLine(place, '"parameters" is to be a list');
  const isTypes = (list: unknown): list is ParameterClass[] =>
    Array.isArray(list) && list.every((name: unknown) => typeof name === "string" && CLASSES.includes(name));
  if (types !== undefined && !isTypes(types)) throw badLine(place, `"types" is to be a list of ${CLASSES.join(", ")}`);
  return {
    sql,
    ...(Array.isArray(parameters) ? { parameters: parameters.map((value: unknown) => boundValue(value, place)) } : {}),
    ...(types === undefined ? {} : { parameterTypes: types }),
    ...(typeof count === "number" ? { count } : {}),
    ...(typeof site === "string" ? { site } : {}),
  };
}

function objectOf(line: string, place: string): Readonly<Record<string, unknown>> {
  try {
    const given: unknown = JSON.parse(line);
    if (typeof given === "object" && given !== null && !Array.isArray(given)) return { ...given };
  } catch (cause) {
    throw badLine(place, messageOf(cause));
  }
  throw badLine(place, "it is no object");
}

/** Numbers are integers where they are whole; `{"integer": "…"}`, `{"real": 1}` and `{"blob": "hex"}` say it. */
function boundValue(value: unknown, place: string): SourceValue {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === "object") {
    if ("integer" in value && /^-?\d+$/.test(String(value.integer))) return BigInt(String(value.integer));
    if ("real" in value && typeof value.real === "number") return value.real;
    if ("blob" in value && typeof value.blob === "string") return new Uint8Array(Buffer.from(value.blob, "hex")).buffer;
  }
  throw badLine(place, "a parameter is a text, a number, null, or an object with integer, real or blob");
}

function badLine(place: string, what: string): UsageError {
  return new UsageError({
    code: "STATEMENTS_INVALID",
    message: `${place} is no line of recorded statements: ${what}`,
    hint: 'a line is an object such as {"sql": "SELECT * FROM users WHERE id = ?", "parameters": [1]}',
  });
}
