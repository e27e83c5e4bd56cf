import { pgName } from "../../quote.ts";
import { withoutSchema } from "../../target/connection/render-connection.ts";
import { resolveConnection } from "../../target/connection/resolve-connection.ts";
import { refuseUnfitServer } from "../../target/connection/server-state.ts";
import { sqlState } from "../../target/target-error.ts";
import { withConnection } from "./migration-connection.ts";

// Another process may be faster.
const THERE_ALREADY = ["42P06", "23505"];

/** Creates the schema of the target's tables where it is missing; one that no URL or option names is `public`. */
export async function createSchema(url: string): Promise<void> {
  const name = resolveConnection(url).schema ?? "public";
  await withConnection(withoutSchema(url), async (connection) => {
    refuseUnfitServer(connection.server, connection.location);
    const [there] = await connection.rows("select from pg_namespace where nspname = $1", [name]);
    // IF NOT EXISTS would demand the right to create one, even where it is there.
    if (there !== undefined) return;
    await connection.run(`create schema ${pgName(name)}`).catch((error: unknown) => {
      if (!THERE_ALREADY.includes(sqlState(error) ?? "")) throw error;
    });
  });
}
