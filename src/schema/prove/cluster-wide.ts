import { RefusedError } from "../../errors.ts";
import type { LoadedMigration } from "../migrate/load-migrations.ts";
import { type MigrationSql, renderMigration } from "../migrate/render-migration.ts";
import { allowancesOf, isAllowed } from "./allowances.ts";
import { parsePgStatements } from "./lint/pg-statements.ts";
import { clusterWide } from "./lint/server-wide.ts";
import type { ScratchServer } from "./scratch-server.ts";

/**
 * Refuses migrations that change the server, not just their database: a scratch database isolates neither roles nor
 * settings. Returns the SQL of all migrations, up and down, as far as it can be determined without a database.
 */
export async function refuseClusterWide(
  migrations: readonly LoadedMigration[],
  server: Pick<ScratchServer, "shared">,
): Promise<MigrationSql[]> {
  const rendered: MigrationSql[] = [];
  for (const migration of migrations) {
    const allowances = allowancesOf(migration);
    for (const direction of ["up", "down"] as const) {
      const half = await renderMigration(migration, direction).catch(() => null);
      if (half === null) continue;
      rendered.push(half);
      const parsed = await parsePgStatements(half);
      for (const { line, node } of "statements" in parsed ? parsed.statements : []) {
        const [found] = clusterWide(node);
        if (found !== undefined && !isAllowed(allowances, "CLUSTER_WIDE", found.object))
          throw beyond(migration, { line, what: found.object }, server);
      }
    }
  }
  return rendered;
}

function beyond(
  { file }: LoadedMigration,
  { line, what }: { readonly line: number | null; readonly what: string },
  { shared }: Pick<ScratchServer, "shared">,
): RefusedError {
  const allow =
    "if it may affect all databases of the target's server, write `-- changeover: allow CLUSTER_WIDE` in the file; " +
    "better, ";
  return new RefusedError({
    code: "PROOF_CLUSTER_WIDE",
    message:
      `${file}${line === null ? "" : `, line ${line}`}, changes ${what}, which belongs to the server: a scratch ` +
      "database does not isolate it",
    hint:
      `${shared ? allow : ""}keep it out of the migrations, in the scripts that set up the server. ` +
      "With --embedded, roles named in grants and " +
      "as owners are created automatically",
    context: { file, line },
  });
}
