import { settledLike } from "./open-parameter.ts";
import { unitedRange } from "./storage-classes.ts";
import { asDouble, asInteger, isNumber, type TypedSql, Untranslatable, type ValueTraits } from "./typed-sql.ts";

/** Alternatives as one type: `pieces` as they must be written, and what the result is. */
export function alternatives(given: readonly TypedSql[]): {
  readonly pieces: readonly TypedSql[];
  readonly traits: ValueTraits;
} {
  const known = given.find(({ family, parameter }) => family !== "null" && parameter === undefined);
  if (known !== undefined && given.some(({ parameter }) => parameter !== undefined))
    return alternatives(given.map((piece) => settledLike(piece, known)));
  requireOneBoundClass(given);
  const values = given.filter(({ family }) => family !== "null");
  const families = new Set(values.map(({ family }) => family));
  if (values.some(({ isJsonValue }) => isJsonValue === true))
    throw new Untranslatable("it takes a value out of JSON or another, and its type is not known");
  if (families.size === 0) throw new Untranslatable("its alternatives are of different types");
  const isOne = families.size === 1;
  if (!isOne && !values.map(asInteger).every(isNumber))
    throw new Untranslatable("its alternatives are of different types");
  const numbers = isOne ? given : given.map(asInteger);
  const written = numbers.map((piece) => (families.has("double") && piece.family !== "null" ? asDouble(piece) : piece));
  const [first] = written.filter(({ family }) => family !== "null");
  const family = families.has("double") ? "double" : families.has("numeric") ? "numeric" : (first?.family ?? "null");
  return {
    pieces: written,
    traits: {
      family,
      classes: values.reduce((classes, piece) => classes | piece.classes, 0),
      affinity: "none",
      collation: null,
      range: unitedRange(values.map(({ range }) => range)),
      ...(written.every(({ isNarrow, family: own }) => isNarrow === true || own === "null") ? { isNarrow: true } : {}),
      ...(values.every(({ typeName }) => typeName !== undefined && typeName === first?.typeName)
        ? { typeName: first?.typeName ?? "" }
        : {}),
      ...(values.some(({ isJson, isUnclearJson }) => isJson === true || isUnclearJson === true)
        ? { isUnclearJson: true }
        : {}),
      ...(values.some(({ isRespelled }) => isRespelled === true) ? { isRespelled: true } : {}),
    },
  };
}

/** Parameters alone get the types of what is bound: PostgreSQL has no type for a text or a number. */
function requireOneBoundClass(given: readonly TypedSql[]): void {
  const bound = given.flatMap(({ parameter }) => (parameter === undefined ? [] : [parameter.known ?? "null"]));
  const classes = new Set(bound.filter((known) => known !== "null"));
  if (classes.size > 1) throw new Untranslatable("its alternatives are of different types");
}
