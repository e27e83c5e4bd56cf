import { convertedLike } from "../plan/translate/open-parameter.ts";
import { isNumericAffinity, looksNumeric } from "../plan/translate/storage-classes.ts";
import { translate } from "../plan/translate/translate-expression.ts";
import { translateNow } from "../plan/translate/translate-now.ts";
import {
  ATOM,
  asDouble,
  asInteger,
  isBlob,
  isDate,
  isInteger,
  isNumber,
  isText,
  operand,
  type Scope,
  type TypedSql,
  typed,
  Untranslatable,
} from "../plan/translate/typed-sql.ts";
import { isIsoDay } from "../plan/types/iso-timestamp.ts";
import { pgString } from "../quote.ts";
import type { Expression } from "../sqlite-sql/ast.ts";
import type { QueryColumn } from "./query-tables.ts";

export interface Assigned {
  readonly sql: string;
  /** It is surely not NULL. */
  readonly isValue: boolean;
}

/** The SQL of what a statement stores in a column. SQLite stores anything anywhere: here only what fits. */
export function assignedValue(node: Expression, column: QueryColumn, scope: Scope): Assigned {
  if (isDate(column) && scope.now === true) {
    const now = translateNow(node, column.family);
    if (now !== null && now !== "") return { sql: now, isValue: true };
  }
  const value = translate(node, scope);
  if (value.family === "null") return { sql: "null", isValue: false };
  if (value.parameter !== undefined) return { sql: convertedLike(value, storedTraits(column)).sql, isValue: false };
  return { sql: fitted(value, column), isValue: value.literal !== null };
}

/** A whole type such as uuid or jsonb takes its parameter as such. */
function storedTraits(column: QueryColumn): QueryColumn {
  return column.family === "other" || column.family === "json" ? { ...column, typeName: column.type } : column;
}

function fitted(value: TypedSql, column: QueryColumn): string {
  const { literal } = value;
  switch (column.family) {
    case "boolean":
      if (value.family === "boolean") return value.sql;
      if (literal === "0" || literal === "1") return literal === "1" ? "true" : "false";
      break;
    case "integer": {
      const number = asInteger(asNumber(value, column));
      if (isInteger(number)) return number.sql;
      break;
    }
    case "double":
    case "numeric": {
      const number = asInteger(asNumber(value, column));
      if (isNumber(number) && column.affinity !== "text")
        return column.family === "double" ? asDouble(number).sql : number.sql;
      break;
    }
    case "text":
      return fittedText(value, column);
    case "bytea":
      if (isBlob(value)) return value.sql;
      break;
    case "date":
    case "timestamp":
    case "timestamptz":
      if (value.family === column.family && isDate(value)) return value.sql;
      if (isText(value) && literal !== null) return dateLiteral(literal, column);
      break;
    case "json":
      // json keeps a spelling, jsonb does not: as JSON they are the same.
      if (value.isJson === true)
        return value.typeName === column.typeName ? value.sql : `${operand(value, ATOM)}::${column.typeName ?? "json"}`;
      break;
    default:
      if (
        value.isJsonValue !== true &&
        value.family === column.family &&
        value.typeName === column.typeName &&
        column.typeName !== undefined
      )
        return value.sql;
  }
  throw new Untranslatable(`it stores a value of another type in ${column.source}`);
}

function fittedText(value: TypedSql, column: QueryColumn): string {
  const text = isText(value) ? value : null;
  const mayBeNumber = value.literal === null ? value.isWord !== true : looksNumeric(value.literal);
  const becomesNumber = isNumericAffinity(column.affinity) && mayBeNumber;
  if (text !== null && !becomesNumber) return text.sql;
  if (column.affinity === "text" && isInteger(asInteger(value))) {
    const number = asInteger(value);
    return number.literal === null ? `${operand(number, ATOM)}::text` : pgString(number.literal);
  }
  throw new Untranslatable(`it stores a value of another type in ${column.source}`);
}

/** A date or a point in time as SQLite has it as text. Without a zone it is in UTC, whatever the session's zone is. */
function dateLiteral(text: string, { family, source }: QueryColumn): string {
  const match = TIMESTAMP.exec(text);
  const isDay = isIsoDay(text.slice(0, 10));
  if (family === "date" && isDay && /^\d{4}-\d\d-\d\d$/.test(text)) return pgString(text);
  if (family !== "date" && isDay && match !== null) {
    const [, zone] = match;
    if (family === "timestamptz") return pgString(zone === undefined ? `${text}+00` : text);
    if (zone === undefined) return pgString(text);
  }
  throw new Untranslatable(`it stores a value of another type in ${source}`);
}

const TIMESTAMP =
  /^\d{4}-\d\d-\d\d[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?: ?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d))?$/;

/** A text that looks like a number, where the column's affinity makes one of it; anything else as it is. */
function asNumber(value: TypedSql, { affinity }: QueryColumn): TypedSql {
  const text = isText(value) ? (value.literal ?? "") : "";
  if (!isNumericAffinity(affinity)) return value;
  if (/^-?(0|[1-9]\d{0,14})(\.0+)?$/.test(text)) {
    const whole = text.replace(/\..*$/, "");
    return { ...typed(whole, "integer"), literal: whole, range: [Number(whole), Number(whole)] };
  }
  if (!/^-?(0|[1-9]\d{0,8})\.\d{1,6}$/.test(text)) return value;
  return { ...typed(text, "double"), literal: text, range: [Number(text), Number(text)] };
}
