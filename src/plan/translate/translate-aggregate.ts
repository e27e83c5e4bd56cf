import { pgString } from "../../quote.ts";
import { requireSameEquality } from "./same-equality.ts";
import { calculatedRange, fitsDouble, isWithin, NUMBERS, REAL } from "./storage-classes.ts";
import { jsonPiece } from "./translate-json-function.ts";
import {
  ATOM,
  asDouble,
  asInteger,
  condition,
  inBytes,
  isDate,
  isInteger,
  isNumber,
  isText,
  operand,
  type Scope,
  settled,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

export const AGGREGATES: ReadonlySet<string> = new Set([
  "count",
  "sum",
  "total",
  "avg",
  "min",
  "max",
  "group_concat",
  "string_agg",
  "json_group_array",
  "json_group_object",
]);

/** How many rows a sum is thought to have at most, where something is calculated with it. */
const SUMMED_ROWS = 1_000_000;

export interface AggregateCall {
  readonly name: string;
  readonly args: readonly TypedSql[];
  readonly isDistinct: boolean;
  readonly filter: TypedSql | null;
  /** OVER and its window; an aggregate without one is over a group. */
  readonly over?: string;
}

/** count(), sum() and the like over the rows of a group. */
export function translateAggregate(call: AggregateCall, scope: Scope): TypedSql {
  if (!scope.aggregates) throw new Untranslatable(`it aggregates by ${call.name}()`);
  const [value] = call.args;
  if (call.over === undefined && call.args.some(({ aggregate }) => aggregate))
    throw new Untranslatable("it aggregates an aggregate");
  if ([...call.args, call.filter].some((piece) => piece?.isOuter === true))
    throw new Untranslatable("it aggregates a column of the query around it");
  if (call.isDistinct && value !== undefined) requireSameEquality(value, "counts");
  const filter = call.filter === null ? "" : ` filter (where ${condition(call.filter).sql})`;
  const where = `${filter}${call.over ?? ""}`;
  return { ...aggregated(call, value, where, scope), bare: [], aggregate: true };
}

function aggregated(call: AggregateCall, value: TypedSql | undefined, where: string, scope: Scope): TypedSql {
  const { name, isDistinct } = call;
  const over = (called: string, argument: string) => `${called}(${isDistinct ? "distinct " : ""}${argument})${where}`;
  if (name === "count") return { ...typed(over(name, value?.sql ?? "*"), "integer"), range: [0, 1e15] };
  if (value === undefined) throw unknownAggregate(name);
  if (name === "min" || name === "max") return extremeOf(name, value, over);
  if (name.startsWith("json_")) return gathered(call, where, scope);
  if (name === "group_concat" || name === "string_agg") return joined(call, where, scope);
  const number = asInteger(value);
  if (!isNumber(number)) throw unknownAggregate(name);
  // SQLite makes up for what rounding loses: next to values of more than 53 bits that is no longer a matter of the last
  // digits.
  if (number.family !== "integer" && number.range !== null && !fitsDouble(number.range))
    throw new Untranslatable("it sums reals of more than 53 bits");
  // PostgreSQL makes numeric of sums and averages of bigint.
  if (name === "sum" && isInteger(number))
    return {
      ...typed(`${over("sum", number.sql)}::bigint`, "integer"),
      range: calculatedRange("*", number.range, [0, SUMMED_ROWS]),
    };
  if (name === "sum") {
    // A real of SQLite's is a double, also where PostgreSQL keeps it as numeric.
    const isReal = scope.now === true && (number.classes & REAL) !== 0;
    const { sql, family } = isReal ? asDouble(number) : settled(number);
    const classes = isWithin(number.classes, REAL) ? REAL : NUMBERS;
    return { ...typed(over("sum", sql), family), classes };
  }
  const { sql } = number.family === "integer" ? rounded(number) : asDouble(number);
  return name === "avg" ? typed(over("avg", sql), "double") : typed(`coalesce(${over("sum", sql)}, 0)`, "double");
}

/** A sum of doubles is rounded anyway. */
function rounded(number: TypedSql): TypedSql {
  if (number.range !== null && !fitsDouble(number.range))
    throw new Untranslatable("it averages integers of more than 53 bits");
  return typed(`${operand(number, ATOM)}::double precision`, "double", ATOM, [number]);
}

function extremeOf(name: string, value: TypedSql, over: (name: string, argument: string) => string): TypedSql {
  if (isText(value)) {
    if ((value.collation ?? "BINARY") !== "BINARY" || value.isCollatedWithin === true)
      throw new Untranslatable(`it compares by the collation ${value.collation ?? ""}`);
    return { ...typed(over(name, inBytes(value).sql), "text"), byBytes: value.byBytes === true };
  }
  const number = settled(asInteger(value));
  if (isNumber(number) || (isDate(number) && number.isRespelled !== true)) {
    const { classes, family, isNarrow, range } = number;
    return { ...typed(over(name, number.sql), family), classes, range, ...(isNarrow === true ? { isNarrow } : {}) };
  }
  throw unknownAggregate(name);
}

/** SQLite joins the texts in the order in which it meets the rows, mostly that of the rowids. */
function joined({ args, isDistinct, name }: AggregateCall, where: string, scope: Scope): TypedSql {
  const [value, separator] = args;
  if (value === undefined || args.length > 2 || isDistinct || (name === "string_agg" && separator === undefined))
    throw unknownAggregate(name);
  const between = separator === undefined ? "," : separator.family === "text" ? separator.literal : null;
  if (between === null) throw unknownAggregate(name);
  const text = isInteger(value) ? `${operand(value, ATOM)}::text` : isText(value) ? value.sql : null;
  if (text === null) throw unknownAggregate(name);
  const order = scope.rowOrder?.() ?? null;
  return typed(
    `string_agg(${text}, ${pgString(between)}${order === null ? "" : ` order by ${order}`})${where}`,
    "text",
  );
}

/** Rows as JSON, in the order in which SQLite meets them; nothing at all is an empty array or object. */
function gathered({ args, isDistinct, name }: AggregateCall, where: string, scope: Scope): TypedSql {
  const isArray = name === "json_group_array";
  if (scope.now !== true || isDistinct || args.length !== (isArray ? 1 : 2)) throw unknownAggregate(name);
  const order = scope.rowOrder?.() ?? null;
  const items = `${args.map(jsonPiece).join(", ")}${order === null ? "" : ` order by ${order}`}`;
  const [called, empty] = isArray ? ["json_agg", "[]"] : ["json_object_agg", "{}"];
  return {
    ...typed(`coalesce(${called}(${items})${where}, '${empty}'::json)`, "json"),
    typeName: "json",
    isJson: true,
    isRespelled: true,
  };
}

function unknownAggregate(name: string): Untranslatable {
  return new Untranslatable(`it calls ${name}() in a way that has no sure translation`);
}
