import { namesPath, renderJsonPath } from "./json-path.ts";
import { settledLike } from "./open-parameter.ts";
import { isFiniteRange } from "./storage-classes.ts";
import {
  ATOM,
  asInteger,
  isDate,
  isNumber,
  isText,
  isTextual,
  OTHER,
  operand,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** SQLite's functions that make and change JSON. Null if it is none of them. */
export function translateJsonFunction(name: string, args: readonly TypedSql[]): TypedSql | null {
  const [first, second, third] = args;
  switch (name) {
    case "json_array":
      return json(`json_build_array(${args.map((arg) => jsonPiece(arg)).join(", ")})`, args);
    case "json_object":
      return json(`json_build_object(${members(args).join(", ")})`, args);
    case "json":
      return first === undefined || args.length > 1 ? null : json(`${operand(document(first), ATOM)}::json`, args);
    case "json_array_length":
      return first === undefined || args.length > 1 ? null : arrayLength(first);
    case "json_remove":
      return first === undefined || second === undefined || args.length > 2
        ? null
        : jsonb(`${asJsonb(first)} #- ${namesPath(second)}`, args);
    case "json_set":
    case "json_insert":
    case "json_replace":
      return first === undefined || second === undefined || third === undefined || args.length > 3
        ? null
        : changed(name, [first, second, third]);
    default:
      return null;
  }
}

function json(sql: string, from: readonly TypedSql[]): TypedSql {
  return { ...typed(sql, "json", ATOM, from), typeName: "json", isJson: true, isRespelled: true };
}

function jsonb(sql: string, from: readonly TypedSql[]): TypedSql {
  return { ...typed(`(${sql})`, "json", ATOM, from), typeName: "jsonb", isJson: true, isRespelled: true };
}

/** A value within JSON. A text that holds JSON is a string there, unless a JSON function gave it. */
export function jsonPiece(given: TypedSql): string {
  const value = asInteger(settledLike(given, typed("", "text")));
  if (value.isJson === true || value.isJsonValue === true) return value.sql;
  if (value.family === "null") return "null::text";
  if (isNumber(value) && isFiniteRange(value.range)) return value.sql;
  if (isText(value)) return value.literal === null ? value.sql : `${value.sql}::text`;
  if (value.family === "date" && isDate(value) && value.isRespelled !== true) return value.sql;
  if (value.isUnclearJson === true) throw new Untranslatable("it makes JSON of what may be JSON or a text to SQLite");
  if (value.typeName === "json" || (value.typeName === "uuid" && value.isRespelled !== true))
    return `${operand(value, ATOM)}::text`;
  throw new Untranslatable("it makes JSON of a value that PostgreSQL may write otherwise");
}

function members(args: readonly TypedSql[]): string[] {
  if (args.length % 2 === 1) throw new Untranslatable("it calls a function with another number of arguments");
  return args.map((arg, index) => {
    if (index % 2 === 0 && !isText(arg)) throw new Untranslatable("it makes JSON with a name that is no text");
    return jsonPiece(arg);
  });
}

/** A text or a column that holds JSON. */
function document(value: TypedSql): TypedSql {
  if (value.family === "json" || isTextual(value)) return value;
  throw new Untranslatable("it takes something for JSON that is neither text nor JSON in PostgreSQL");
}

function asJsonb(given: TypedSql): string {
  const value = document(given);
  return value.typeName === "jsonb" ? operand(value, OTHER) : `${operand(value, ATOM)}::jsonb`;
}

function arrayLength(value: TypedSql): TypedSql {
  const sql = asJsonb(value);
  const length = `case when jsonb_typeof(${sql}) = 'array' then jsonb_array_length(${sql})`;
  return {
    ...typed(`${length} when ${sql} is not null then 0 end`, "integer", ATOM, [value]),
    range: [0, 2_147_483_647],
    isNarrow: true,
  };
}

/** SQLite makes the objects on the way as well, which jsonb_set() does not: it fails where there are none. */
function changed(name: string, [target, path, value]: readonly [TypedSql, TypedSql, TypedSql]): TypedSql {
  const [sql, names, piece] = [asJsonb(target), namesPath(path), `to_jsonb(${jsonPiece(value)})`];
  const result =
    name === "json_set"
      ? `jsonb_set(${sql}, ${names}, ${piece})`
      : name === "json_replace"
        ? `jsonb_set(${sql}, ${names}, ${piece}, false)`
        : `case when ${sql} #> ${names} is null then jsonb_set(${sql}, ${names}, ${piece}) else ${sql} end`;
  const parent = `jsonb_typeof(${sql} #> trim_array(${names}, 1))`;
  // What is no JSON, so that the statement fails aloud.
  const refused = `(coalesce(${parent}, 'nothing') || ' in place of an object')::jsonb`;
  const whole = `case when ${sql} is null then null when ${parent} = 'object' then ${result}`;
  return jsonb(name === "json_replace" ? `${whole} else ${sql} end` : `${whole} else ${refused} end`, [
    target,
    path,
    value,
  ]);
}

/** `->`: a part as JSON. */
export function jsonPart([value, path]: readonly [TypedSql, TypedSql]): TypedSql {
  return jsonb(found(value, path, true), [value, path]);
}

function found(value: TypedSql, path: TypedSql, mayBeLabel: boolean): string {
  return `jsonb_path_query_first(${asJsonb(value)}, ${renderJsonPath(path, mayBeLabel)}, '{}', true)`;
}

/** json_extract() and `->>`: a part as a value, of whatever type it is: 0 and 1 for false and true. */
export function extractedValue([value, path]: readonly [TypedSql, TypedSql], mayBeLabel: boolean): TypedSql {
  const part = found(value, path, mayBeLabel);
  const sql =
    `nullif(case jsonb_typeof(${part}) when 'boolean' then to_jsonb((${part})::boolean::integer) ` +
    `else ${part} end, 'null')`;
  return {
    ...typed(sql, "json", ATOM, [value, path]),
    typeName: "jsonb",
    isJsonValue: true,
    jsonPart: part,
    isRespelled: true,
  };
}
