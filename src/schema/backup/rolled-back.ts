import type { TargetStatements } from "../../target/target.ts";

class TakenBack extends Error {}

/** Runs `work` in a savepoint and rolls it back, including the locks that it took; returns its result. */
export async function rolledBack<T>(tx: TargetStatements, work: () => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  try {
    await tx.savepoint(async () => {
      result = { value: await work() };
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack) || result === undefined) throw error;
  }
  return (result as { readonly value: T }).value;
}
