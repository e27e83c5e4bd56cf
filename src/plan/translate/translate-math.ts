import { isFiniteRange, isWithin, type NumberRange, REAL } from "./storage-classes.ts";
import { ATOM, asDouble, asInteger, isInteger, isNumber, OTHER, operand, type TypedSql, typed } from "./typed-sql.ts";

/** SQLite's mathematical functions: NULL where PostgreSQL has an error. Null if it is none of them. */
export function translateMath(name: string, args: readonly TypedSql[]): TypedSql | null {
  if (name === "pi" && args.length === 0) return real("pi()", []);
  const numbers = args.map(asInteger);
  if (!numbers.every((arg) => isNumber(arg) && isFiniteRange(arg.range))) return null;
  const [first, second] = numbers;
  if (first === undefined) return null;
  if (/^(ceil|ceiling|floor|trunc)$/.test(name) && args.length === 1) return wholePart(name, first);
  if ((name === "power" || name === "pow") && second !== undefined && args.length === 2) return power(first, second);
  if (args.length !== 1 || !Object.hasOwn(OF_ONE, name)) return null;
  const sql = OF_ONE[name]?.(operand(asDouble(first), OTHER));
  return sql === undefined ? null : real(`(${sql})`, [first]);
}

function real(sql: string, from: readonly TypedSql[]): TypedSql {
  return { ...typed(sql, "double", ATOM, from), classes: REAL };
}

/** The last digit of the trigonometric ones is a matter of the library that each server was built with. */
const OF_ONE: Readonly<Record<string, (x: string) => string>> = {
  sin: (x) => `sin(${x})`,
  cos: (x) => `cos(${x})`,
  tan: (x) => `tan(${x})`,
  atan: (x) => `atan(${x})`,
  asin: (x) => `case when ${x} between -1 and 1 then asin(${x}) end`,
  acos: (x) => `case when ${x} between -1 and 1 then acos(${x}) end`,
  sqrt: (x) => `case when ${x} >= 0 then sqrt(${x}) end`,
  ln: (x) => `case when ${x} > 0 then ln(${x}) end`,
  log: (x) => `case when ${x} > 0 then log(${x}) end`,
  log10: (x) => `case when ${x} > 0 then log(${x}) end`,
  // Beyond these there is infinity, or nothing, in SQLite, and an error in PostgreSQL.
  exp: (x) =>
    `case when ${x} > 709.78 then 'Infinity'::double precision when ${x} < -745.2 then 0::double precision ` +
    `else exp(${x}) end`,
  radians: (x) => `(${x}) * pi() / 180`,
  degrees: (x) => `(${x}) * 180 / pi()`,
};

/** An integer stays one. */
function wholePart(name: string, value: TypedSql): TypedSql | null {
  if (isInteger(value)) return { ...value, affinity: "none" };
  if (!isWithin(value.classes, REAL)) return null;
  return real(`${name}(${asDouble(value).sql})`, [value]);
}

/** Where neither a division by zero, nor a root of a number below 0, nor what a double does not hold can come out. */
function power(base: TypedSql, exponent: TypedSql): TypedSql | null {
  if (base.range === null || exponent.range === null || base.range[0] <= 0) return null;
  const logarithms = base.range.flatMap((b) => (exponent.range ?? []).map((e) => Math.abs(Math.log(b) * e)));
  if (Math.max(...logarithms) > 690) return null;
  return real(`power(${asDouble(base).sql}, ${asDouble(exponent).sql})`, [base, exponent]);
}

/** Halves go away from zero in SQLite, and to the even number in PostgreSQL. */
export function roundedReal(value: TypedSql): TypedSql {
  const x = operand(asDouble(value), OTHER);
  const half = `case when ${x} < 0 then -0.5 else 0.5 end`;
  // A double of 2^52 and more has no fraction; 0 is added so that there is no -0.
  const sql =
    `case when abs(${x}) > 4503599627370496 then ${x} ` + `else trunc(${x} + ${half}) + 0::double precision end`;
  const range: NumberRange = value.range === null ? null : [Math.floor(value.range[0]), Math.ceil(value.range[1])];
  return { ...typed(sql, "double", ATOM, [value]), classes: REAL, range };
}
