import { sqlState } from "../../target/target-error.ts";
import type { MigrationConnection } from "../migrate/connection.ts";

const NOT_IN_A_TRANSACTION = "25001";

/** Runs, in a transaction that is open, those of the statements that can be run in one. What cannot (indexes built concurrently, VACUUM) takes no rows away. */
export async function tryOutside(tx: MigrationConnection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    try {
      await tx.savepoint(() => tx.run(statement));
    } catch (error) {
      // One that needs what was left out fails here; whether it does there is for it to say.
      if (sqlState(error) !== NOT_IN_A_TRANSACTION) return;
    }
  }
}
