import { pgName, pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import type { TargetTransaction } from "../../target/target.ts";

interface Named {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
}

/**
 * Runs `work` with the tables' triggers disabled, since they fired when the rows were first written, and with deferred
 * foreign keys, so that tables may be filled in any order. A table owner may do this. Afterwards all constraints are
 * checked and the settings restored.
 */
export async function withoutTriggers<T>(
  tx: TargetTransaction,
  tables: readonly { readonly schema: string; readonly name: string }[],
  work: () => Promise<T>,
): Promise<T> {
  const names = tables.map(pgTable);
  const triggers = await tx.rows<Named & { readonly always: boolean }>(sql("target/triggers-of"), [names]);
  const keys = await tx.rows<Named>(sql("target/immediate-foreign-keys"), [names]);
  for (const trigger of triggers)
    await tx.run(`alter table ${tableOf(trigger)} disable trigger ${pgName(trigger.name)}`);
  for (const key of keys) await tx.run(`alter table ${tableOf(key)} alter constraint ${pgName(key.name)} deferrable`);
  await tx.run("set constraints all deferred");
  const result = await work();
  await tx.run("set constraints all immediate");
  for (const key of keys)
    await tx.run(`alter table ${tableOf(key)} alter constraint ${pgName(key.name)} not deferrable`);
  for (const trigger of triggers)
    await tx.run(
      `alter table ${tableOf(trigger)} enable ${trigger.always ? "always " : ""}trigger ${pgName(trigger.name)}`,
    );
  return result;
}

function tableOf({ schema, relation }: Named): string {
  return pgTable({ schema, name: relation });
}
