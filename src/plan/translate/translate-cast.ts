import { declaredKind } from "../../model/declared-type.ts";
import type { TypeName } from "../../sqlite-sql/ast.ts";
import { INTEGER, REAL } from "./storage-classes.ts";
import {
  ATOM,
  asDouble,
  asInteger,
  isInteger,
  isNumber,
  isText,
  isTextual,
  OTHER,
  operand,
  settled,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** The kinds that CAST and a column's declaration have in common; each has an affinity. */
export function cast(value: TypedSql, type: TypeName | null): TypedSql {
  const kind = declaredKind(type?.words.replace(/\s+/g, " ") ?? "");
  if (kind === "integer" && isInteger(value)) return { ...value, affinity: "integer" };
  if (kind === "integer" && value.family === "boolean") return { ...asInteger(value), affinity: "integer" };
  if (kind === "text" && isText(value)) return { ...value, affinity: "text" };
  if (kind === "text" && isInteger(value))
    return {
      ...typed(`${operand(value, ATOM)}::text`, "text", ATOM, [value]),
      affinity: "text",
      collation: value.collation,
    };
  if (kind === "double" && isNumber(value)) return { ...cast53(value), classes: REAL, affinity: "real" };
  if (kind === "integer" && isTextual(value)) return integerPrefix(value);
  if (kind === "integer" && value.isJsonValue === true) return integerOf(value);
  // What is a number already stays as it is.
  if (kind === "decimal" && isNumber(value)) return { ...settled(value), affinity: "numeric" };
  throw new Untranslatable("it has a CAST that PostgreSQL would do otherwise");
}

/** The digits at the beginning of a text, or 0; what is beyond 64 bits becomes the nearest integer. */
function integerPrefix(value: TypedSql): TypedSql {
  const digits = `substring(${value.sql} from '^[ \\t\\n\\v\\f\\r]*([+-]?[0-9]+)')::numeric`;
  const nearest = `least(greatest(coalesce(${digits}, 0), -9223372036854775808), 9223372036854775807)::bigint`;
  return {
    ...typed(`case when ${operand(value, OTHER)} is not null then ${nearest} end`, "integer", ATOM, [value]),
    classes: INTEGER,
    affinity: "integer",
  };
}

/** Both databases round an integer alike that is cast; only one that stands for a real must not be rounded twice. */
function cast53(value: TypedSql): TypedSql {
  if (value.family !== "integer") return asDouble(value);
  return {
    ...typed(`${operand(value, ATOM)}::double precision`, "double", ATOM, [value]),
    range: value.range,
    collation: value.collation,
  };
}

/** Of a value out of JSON: the whole part of a number, the digits at the beginning of anything else. */
function integerOf(value: TypedSql): TypedSql {
  const whole = `trunc((${value.sql})::numeric)`;
  const number = `least(greatest(${whole}, -9223372036854775808), 9223372036854775807)::bigint`;
  const rest = integerPrefix({ ...typed(`(${value.sql} #>> '{}')`, "text", ATOM, [value]) });
  return { ...rest, sql: `case jsonb_typeof(${value.sql}) when 'number' then ${number} else ${rest.sql} end` };
}
