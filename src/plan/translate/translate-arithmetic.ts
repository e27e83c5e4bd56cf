import type { UnaryOperator } from "../../sqlite-sql/ast.ts";
import { settledLike } from "./open-parameter.ts";
import {
  bitsRange,
  calculatedRange,
  fitsDouble,
  fitsInteger,
  fitsNarrow,
  INTEGER,
  isFiniteRange,
  isWithin,
  NUMBERS,
  type NumberRange,
  REAL,
  shiftedRange,
  unitedRange,
} from "./storage-classes.ts";
import {
  ADD,
  ATOM,
  asDouble,
  asInteger,
  condition,
  isInteger,
  isNumber,
  isRealLiteral,
  MULTIPLY,
  NOT,
  OTHER,
  operand,
  settled,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** `+`, `-`, `*`, `/` and `%`: in integers where SQLite does, else in doubles as SQLite does. */
export function arithmetic(operator: string, one: TypedSql, other: TypedSql): TypedSql {
  const [left, given] = [asInteger(settledLike(one, other)), asInteger(settledLike(other, one))];
  if (!isNumber(left) || !isNumber(given)) throw new Untranslatable("it calculates with what is no number");
  const right = operator === "/" || operator === "%" ? divisor(given) : given;
  if (isInteger(left) && isInteger(right)) return integerArithmetic(operator, left, right);
  if (operator === "%") throw new Untranslatable("it takes the remainder of reals");
  const isReal = [left, right].some(({ classes }) => isWithin(classes, REAL));
  if (operator === "/" && !isReal)
    throw new Untranslatable("it divides values that are integers in some rows and reals in others");
  const range = resultRange(operator, left, right);
  if (![left.range, right.range, range].every(isFiniteRange))
    throw new Untranslatable("its result may be beyond what a double holds");
  if (!isReal && !fitsDouble(range)) throw new Untranslatable("its result may have more than 53 bits");
  const [first, second] = [realOperand(left, right), realOperand(right, left)];
  const binding = operator === "+" || operator === "-" ? ADD : MULTIPLY;
  return {
    ...typed(`${operand(first, binding)} ${operator} ${operand(second, binding + 1)}`, "double", binding, [
      left,
      right,
    ]),
    classes: isReal ? REAL : NUMBERS,
    range,
  };
}

/** SQLite gives NULL for a division by zero, PostgreSQL an error. A real may also be too small to divide by. */
function divisor(piece: TypedSql): TypedSql {
  if (piece.literal !== null && Number(piece.literal) !== 0) return piece;
  if (piece.literal !== null || !isInteger(piece)) throw new Untranslatable("it divides by what may be zero");
  return { ...piece, sql: `nullif(${piece.sql}, 0)`, binding: ATOM };
}

/** An integer that is not 0 makes no quotient larger. */
function resultRange(operator: string, left: TypedSql, right: TypedSql): NumberRange {
  if (operator === "%") return unitedRange([left.range, [0, 0]]);
  if (operator !== "/" || right.literal !== null) return calculatedRange(operator, left.range, right.range);
  if (left.range === null) return null;
  const most = Math.max(Math.abs(left.range[0]), Math.abs(left.range[1]));
  return [-most, most];
}

/**
 * PostgreSQL makes a double of what stands next to one, but a numeric of a literal with a point next to anything else.
 */
function realOperand(piece: TypedSql, other: TypedSql): TypedSql {
  const isOtherDouble = other.family === "double" && other.literal === null;
  if (isRealLiteral(piece)) return isOtherDouble ? piece : settled(piece);
  if (piece.family === "integer" && isInteger(piece) && (isOtherDouble || isRealLiteral(other))) return piece;
  return asDouble(piece);
}

function integerArithmetic(operator: string, left: TypedSql, right: TypedSql): TypedSql {
  const range = resultRange(operator, left, right);
  if (!fitsInteger(range))
    throw new Untranslatable("its result may have more than 64 bits, and become a real in SQLite");
  const isNarrow = left.isNarrow === true && right.isNarrow === true;
  const binding = operator === "+" || operator === "-" ? ADD : MULTIPLY;
  const isWidened = isNarrow && !fitsNarrow(range);
  const first = isWidened ? `${operand(left, ATOM)}::bigint` : operand(left, binding);
  return {
    ...typed(`${first} ${operator} ${operand(right, binding + 1)}`, "integer", binding, [left, right]),
    range: truncated(range),
    ...(isNarrow && !isWidened ? { isNarrow } : {}),
  };
}

function truncated(range: NumberRange): NumberRange {
  return range === null ? null : [Math.trunc(range[0]), Math.trunc(range[1])];
}

export function bitwise(operator: string, one: TypedSql, other: TypedSql): TypedSql {
  const [left, right] = [asInteger(one), asInteger(other)];
  if (!isInteger(left) || !isInteger(right)) throw new Untranslatable("it takes bits of what is no integer");
  const shifts = operator === "<<" || operator === ">>";
  const places = Number(right.literal ?? 64);
  if (shifts && !(places >= 0 && places < 64 && left.literal === null))
    throw new Untranslatable("it shifts bits by what may be too much");
  // PostgreSQL shifts 32 bits by the places modulo 32.
  const isWidened = shifts && left.isNarrow === true;
  const first = isWidened ? `${operand(left, ATOM)}::bigint` : operand(left, OTHER);
  const isNarrow = !shifts && left.isNarrow === true && right.isNarrow === true;
  return {
    ...typed(`${first} ${operator} ${operand(right, OTHER + 1)}`, "integer", OTHER, [left, right]),
    range: shifts ? shiftedRange(operator, left.range, places) : bitsRange([left.range, right.range]),
    ...(isNarrow ? { isNarrow } : {}),
  };
}

export function prefix(operator: UnaryOperator, value: TypedSql): TypedSql {
  switch (operator) {
    case "+":
      // It does nothing but to take the affinity away.
      return { ...value, affinity: "none" };
    case "-":
      return negative(asInteger(value));
    case "~":
      if (!isInteger(value)) break;
      return {
        ...typed(`~ ${operand(value, ATOM)}`, "integer", OTHER, [value]),
        range: value.range === null ? null : [-value.range[1] - 1, -value.range[0] - 1],
        ...(value.isNarrow === true ? { isNarrow: true } : {}),
      };
    case "NOT":
      return typed(`not ${operand(condition(value), NOT + 1)}`, "boolean", NOT, [value]);
  }
  throw new Untranslatable("it has an operator that is not known");
}

/** Of a number as SQLite writes it: there is no integer -0. */
function opposite(literal: string): string {
  if (literal === "0") return literal;
  return literal.startsWith("-") ? literal.slice(1) : `-${literal}`;
}

function negative(value: TypedSql): TypedSql {
  if (!isNumber(value)) throw new Untranslatable("it calculates with what is no number");
  const range: NumberRange = value.range === null ? null : [-value.range[1], -value.range[0]];
  if (!isWithin(value.classes, REAL) && (value.classes & INTEGER) !== 0 && !fitsInteger(range))
    throw new Untranslatable("its result may have more than 64 bits, and become a real in SQLite");
  const isNarrow = value.isNarrow === true && fitsNarrow(range);
  const sql = value.isNarrow === true && !isNarrow ? `${operand(value, ATOM)}::bigint` : operand(value, ATOM);
  return {
    ...typed(`-${sql}`, value.family, value.literal === null ? MULTIPLY : ATOM - 1, [value]),
    classes: value.classes,
    range,
    literal: value.literal === null ? null : opposite(value.literal),
    ...(isNarrow ? { isNarrow } : {}),
  };
}
