import { RefusedError } from "../../errors.ts";
import type { LoadedMigration } from "../migrate/load.ts";
import { type MigrationSql, renderMigration } from "../migrate/render-migration.ts";
import { allowancesOf, isAllowed } from "./allowances.ts";
import { clusterWide } from "./lint/judge.ts";
import { parseStatements } from "./lint/statements.ts";
import type { ScratchServer } from "./scratch-server.ts";

/**
 * Refuses to try migrations that reach beyond their database: a scratch database keeps neither a role nor the server's settings
 * apart. Returns what all of them say, up and down, as far as they say it without a database.
 */
export async function refuseClusterWide(
  migrations: readonly LoadedMigration[],
  server: Pick<ScratchServer, "shared">,
): Promise<MigrationSql[]> {
  const halves: MigrationSql[] = [];
  for (const migration of migrations) {
    const allowances = allowancesOf(migration);
    for (const direction of ["up", "down"] as const) {
      const rendered = await renderMigration(migration, direction).catch(() => null);
      if (rendered === null) continue;
      halves.push(rendered);
      const parsed = await parseStatements(rendered);
      for (const { line, node } of "statements" in parsed ? parsed.statements : []) {
        const [found] = clusterWide(node);
        if (found !== undefined && !isAllowed(allowances, "CLUSTER_WIDE", found.object))
          throw beyond(migration, { line, what: found.object }, server);
      }
    }
  }
  return halves;
}

function beyond(
  { file }: LoadedMigration,
  { line, what }: { readonly line: number | null; readonly what: string },
  { shared }: Pick<ScratchServer, "shared">,
): RefusedError {
  return new RefusedError({
    code: "PROOF_CLUSTER_WIDE",
    message: `${file}${line === null ? "" : `, line ${line}`}, changes ${what}, which belongs to the server: a database to try it in does not keep that apart`,
    hint: `${shared ? "if all databases of the target's server may see it, say `-- changeover: allow CLUSTER_WIDE` in the file; better, keep" : "keep"} it out of the migrations, in what sets the server up. With --embedded, roles that grants and owners name are made by themselves`,
    context: { file, line },
  });
}
