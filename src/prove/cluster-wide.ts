import { RefusedError } from "../errors.ts";
import type { LoadedMigration } from "../migrate/load.ts";
import { renderMigration } from "../migrate/render-migration.ts";
import { clusterWide } from "./lint/judge.ts";
import { parseStatements } from "./lint/statements.ts";

/**
 * Refuses to try migrations on a server that serves others too, if they reach beyond the database: a scratch database does not
 * keep a role or the server's settings apart.
 */
export async function refuseClusterWide(migrations: readonly LoadedMigration[]): Promise<void> {
  for (const migration of migrations) {
    for (const direction of ["up", "down"] as const) {
      const rendered = await renderMigration(migration, direction).catch(() => null);
      const parsed = rendered === null ? null : await parseStatements(rendered);
      if (parsed === null || "unreadable" in parsed) continue;
      for (const { line, node } of parsed.statements) {
        const [found] = clusterWide(node);
        if (found === undefined) continue;
        throw new RefusedError({
          code: "PROOF_CLUSTER_WIDE",
          message: `${migration.file}${line === null ? "" : `, line ${line}`}, changes ${found.object}: tried on the target's server it would change that for all databases there`,
          hint: "give --embedded to try it on a PostgreSQL of its own, or keep it out of the migrations",
          context: { file: migration.file, line },
        });
      }
    }
  }
}
