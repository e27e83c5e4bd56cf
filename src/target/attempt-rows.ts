import type { TableMapping } from "../model/mapping.ts";
import { type RowRejection, rejectionOf } from "./row-rejection.ts";
import type { TargetTransaction } from "./target.ts";

export interface AttemptOptions {
  readonly mapping: TableMapping;
  /** Runs in a savepoint. */
  readonly work: () => Promise<unknown>;
  /** Errors for which it is false are thrown, even those that are about rows. */
  readonly isExpected?: (error: unknown) => boolean;
}

/** Tries to bring rows in; null if PostgreSQL took all of them. Errors that are not about rows are thrown. */
export async function attemptRows(
  tx: TargetTransaction,
  { mapping, work, isExpected = () => true }: AttemptOptions,
): Promise<RowRejection | null> {
  try {
    await tx.savepoint(work);
    return null;
  } catch (error) {
    const rejection = isExpected(error) ? rejectionOf(error, mapping) : null;
    if (rejection === null) throw error;
    return rejection;
  }
}
