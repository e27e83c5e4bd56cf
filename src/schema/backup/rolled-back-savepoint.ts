import type { TargetStatements } from "../../target/target.ts";

class RolledBack extends Error {}

/** Runs `work` in a savepoint and rolls it back, including the locks that it took; returns its result. */
export async function inRolledBackSavepoint<T>(tx: TargetStatements, work: () => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  try {
    await tx.savepoint(async () => {
      result = { value: await work() };
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack) || result === undefined) throw error;
  }
  return (result as { readonly value: T }).value;
}
