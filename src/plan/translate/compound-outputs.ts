import { unitedRange } from "./storage-classes.ts";
import type { QueryOutput } from "./translate-select.ts";
import { type Family, isMixedText, isText, Untranslatable, type ValueTraits } from "./typed-sql.ts";

/** 5 and '5' are two values in SQLite, and one text in PostgreSQL. */
export function isMixed(output: ValueTraits): boolean {
  return isMixedText(output) && !isText(output);
}

export function commonFamily(left: ValueTraits, right: ValueTraits): Family {
  const families = new Set([left.family, right.family].filter((family) => family !== "null"));
  const [only = "text"] = families;
  if (families.size === 1) return only;
  const order: readonly Family[] = ["boolean", "integer", "numeric", "double"];
  if (families.size === 0) return "text";
  if (![...families].every((family) => order.includes(family)))
    throw new Untranslatable("the parts of its compound SELECT are of different types");
  const greatest = Math.max(...[...families].map((family) => order.indexOf(family)));
  return order[greatest] ?? "integer";
}

export function unitedOutput(left: QueryOutput, right: QueryOutput): QueryOutput {
  const collations = [left.collation ?? "BINARY", right.collation ?? "BINARY"];
  return {
    name: left.name,
    family: left.family,
    classes: left.classes | right.classes,
    affinity: left.affinity === right.affinity ? left.affinity : "unclear",
    collation: collations[0] === collations[1] ? (collations[0] ?? null) : "of a compound SELECT",
    byBytes: left.byBytes === true && right.byBytes === true,
    range: unitedRange([left.range, right.range]),
    isRespelled: left.isRespelled === true || right.isRespelled === true,
  };
}
