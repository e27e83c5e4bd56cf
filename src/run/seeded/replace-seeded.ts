import { RefusedError } from "../../errors.ts";
import type { TableMapping } from "../../model/mapping.ts";
import { accepts, type Rules } from "../../model/rules.ts";
import { seededRule } from "../../model/seeded.ts";
import { pgTable } from "../../quote.ts";
import type { TargetReader, TargetTransaction } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { unequalRows } from "./unequal-rows.ts";

/** Tables that hold rows of which no rule says what becomes of them. */
export async function refuseFilled(
  session: TargetReader,
  mappings: readonly TableMapping[],
  rules: Rules,
): Promise<void> {
  const filled: string[] = [];
  for (const { source, target } of mappings)
    if (seededRule(rules, source) === null && (await holdsRows(session, target))) filled.push(target.name);
  if (filled.length > 0) throw filledTarget(filled);
}

/**
 * In the transaction that begins the run, once foreign keys and triggers rest: removes the rows that rules let go.
 * Tables to be merged are compared again: rows may have come since the first look.
 */
export async function replaceSeeded(
  tx: TargetTransaction,
  context: Context,
  mappings: readonly TableMapping[],
): Promise<void> {
  const emptied: TableMapping[] = [];
  const unequal: string[] = [];
  for (const mapping of mappings) {
    const rule = seededRule(context.rules, mapping.source);
    if ((rule !== "truncate" && rule !== "merge") || !(await holdsRows(tx, mapping.target))) continue;
    const isAccepted = accepts(context.rules, { code: "SEEDED_ROWS_DIFFER", table: mapping.source });
    if (rule === "merge" && !isAccepted && (await unequalRows(tx, context.source, mapping)).rows > 0)
      unequal.push(mapping.target.name);
    emptied.push(mapping);
  }
  if (unequal.length > 0) throw filledTarget(unequal);
  if (emptied.length === 0) return;
  await tx.run(`truncate ${emptied.map(({ target }) => pgTable(target)).join(", ")}`);
  context.report({
    kind: "step",
    message: `rows that the target held are replaced in ${emptied.map(({ target }) => target.name).join(", ")}`,
  });
}

async function holdsRows(session: TargetReader, table: TableMapping["target"]): Promise<boolean> {
  const [row] = await session.rows<{ filled: boolean }>(`select exists (select from ${pgTable(table)}) as filled`);
  return row?.filled === true;
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
