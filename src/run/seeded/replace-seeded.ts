import { RefusedError } from "../../errors.ts";
import type { TableMapping } from "../../model/mapping.ts";
import { accepts, type Rules } from "../../model/rules.ts";
import { seededRule } from "../../model/seeded.ts";
import { pgTable } from "../../quote.ts";
import { tablesHoldingRows } from "../../target/tables-holding-rows.ts";
import type { TargetReader, TargetTransaction } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { unequalRows } from "./unequal-rows.ts";

/** Tables that hold rows of which no rule says what becomes of them. */
export async function refuseFilled(
  session: TargetReader,
  mappings: readonly TableMapping[],
  rules: Rules,
): Promise<void> {
  const unruled = mappings.filter(({ source }) => seededRule(rules, source) === null);
  const targets = unruled.map(({ target }) => target);
  const filled = (await tablesHoldingRows(session, targets)).map(({ name }) => name);
  if (filled.length > 0) throw filledTarget(filled);
}

/** In the transaction that begins the run: rows to be merged may have changed since the first look. */
export async function refuseUnequal(
  tx: TargetTransaction,
  context: Context,
  mappings: readonly TableMapping[],
): Promise<void> {
  const unequal: string[] = [];
  for (const mapping of await replaceable(tx, context, mappings)) {
    if (seededRule(context.rules, mapping.source) !== "merge") continue;
    if (accepts(context.rules, { code: "SEEDED_ROWS_DIFFER", table: mapping.source })) continue;
    if ((await unequalRows(tx, context.source, mapping)).rows > 0) unequal.push(mapping.target.name);
  }
  if (unequal.length > 0) throw filledTarget(unequal);
}

/**
 * Once foreign keys and triggers rest, and others are kept out: removes the rows that rules give up. Rows to be merged
 * are compared once more, since others could write until now.
 */
export async function replaceSeeded(
  tx: TargetTransaction,
  context: Context,
  mappings: readonly TableMapping[],
): Promise<void> {
  await refuseUnequal(tx, context, mappings);
  const emptied = (await replaceable(tx, context, mappings)).map(({ target }) => target);
  if (emptied.length === 0) return;
  await tx.run(`truncate ${emptied.map(pgTable).join(", ")}`);
  context.report({
    kind: "step",
    message: `rows that the target held are replaced in ${emptied.map(({ name }) => name).join(", ")}`,
  });
}

/** The tables that hold rows of which a rule says that the source's come in their place. */
async function replaceable(
  tx: TargetReader,
  { rules }: Context,
  mappings: readonly TableMapping[],
): Promise<TableMapping[]> {
  const ruled = mappings.filter(({ source }) => ["truncate", "merge"].includes(seededRule(rules, source) ?? ""));
  const targets = ruled.map(({ target }) => target);
  const filled = new Set(await tablesHoldingRows(tx, targets));
  return ruled.filter(({ target }) => filled.has(target));
}

function filledTarget(tables: readonly string[]): RefusedError {
  return new RefusedError({
    code: "TARGET_NOT_EMPTY",
    message: `the target already has rows in ${tables.join(", ")}`,
    hint:
      "where the application's migrations put them there, add --seeded truncate (the source's rows come instead), " +
      "--seeded merge (the same, where the source has each of them, equal) or --seeded keep (they stay); else " +
      "empty those " +
      "tables, or give another --target",
    context: { tables },
  });
}
