import { compare } from "./translate-comparison.ts";
import { IS, NOT, OTHER, operand, RANGE, type TypedSql, typed, Untranslatable } from "./typed-sql.ts";

/** `typeof(x) = 'integer'` in a column where all that is not NULL is an integer. */
export function typeTest(
  { subject, name }: NonNullable<TypedSql["typeOf"]>,
  item: TypedSql,
  operator: string,
): TypedSql {
  if (item.family !== "text" || item.literal === null || item.collation !== null)
    throw new Untranslatable("it compares typeof() with what is no fixed text");
  const says = item.literal === name ? "is not null" : item.literal === "null" ? "is null" : null;
  const test =
    says === null ? typed("false", "boolean") : typed(`${operand(subject, OTHER)} ${says}`, "boolean", IS, [subject]);
  return operator === "=" ? test : typed(`not ${operand(test, NOT + 1)}`, "boolean", NOT, [subject]);
}

/** The items have neither affinity nor collation, whatever they are: the left side alone decides. */
export function inList(value: TypedSql, items: readonly TypedSql[], not: boolean): TypedSql {
  const { typeOf } = value;
  if (typeOf !== undefined) return typeInList(typeOf, items, not);
  const pairs = items.map((item): { readonly left: TypedSql; readonly right: TypedSql } => {
    if (item.family === "null") return { left: value, right: item };
    if (item.explicit === true || item.isCollatedWithin === true)
      throw new Untranslatable("it collates the items of a list");
    return compare(value, { ...item, affinity: "none", collation: null }, "=");
  });
  const first = pairs.find(({ right }) => right.family !== "null");
  if (first === undefined) throw new Untranslatable("it has a list without values");
  if (pairs.some(({ left, right }) => right.family !== "null" && left.sql !== first.left.sql))
    throw new Untranslatable("it has a list of different types");
  return typed(
    `${operand(first.left, OTHER)} ${not ? "not in" : "in"} (${pairs.map(({ right }) => right.sql).join(", ")})`,
    "boolean",
    RANGE,
    [value, ...items],
  );
}

function typeInList(typeOf: NonNullable<TypedSql["typeOf"]>, items: readonly TypedSql[], not: boolean): TypedSql {
  const tests = items.map((item) => typeTest(typeOf, item, "=")).filter(({ sql }) => sql !== "false");
  const says = new Set(tests.map(({ sql }) => sql));
  const [only] = tests;
  const test = says.size > 1 ? typed("true", "boolean") : (only ?? typed("false", "boolean"));
  return not ? typed(`not ${operand(test, NOT + 1)}`, "boolean", NOT, [typeOf.subject]) : test;
}
