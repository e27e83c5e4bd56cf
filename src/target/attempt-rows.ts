import type { TableMapping } from "../model/mapping.ts";
import { type Refusal, refusalOf } from "./rejection.ts";
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
): Promise<Refusal | null> {
  try {
    await tx.savepoint(work);
    return null;
  } catch (error) {
    const refusal = isExpected(error) ? refusalOf(error, mapping) : null;
    if (refusal === null) throw error;
    return refusal;
  }
}
