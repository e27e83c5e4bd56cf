import { sqlState } from "../../target/target-error.ts";
import type { MigrationConnection } from "../migrate/migration-connection.ts";

const NOT_IN_A_TRANSACTION = "25001";

/**
 * Runs, in the open transaction, the statements that can run in one. The others (concurrent index builds, VACUUM)
 * delete no rows.
 */
export async function tryOutside(tx: MigrationConnection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    try {
      await tx.savepoint(() => tx.run(statement));
    } catch (error) {
      // A statement that depends on a skipped one fails here; the real run will show its error, if any.
      if (sqlState(error) !== NOT_IN_A_TRANSACTION) return;
    }
  }
}
