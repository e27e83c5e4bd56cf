import { UsageError } from "../../errors.ts";
import { runUrl } from "../../target/connection/render-connection.ts";
import { stateSql } from "../../target/state-schema.ts";
import { openTarget } from "../../target/target.ts";
import type { LoadedMigration } from "../migrate/load-migrations.ts";
import type { MigrationPlace } from "../migrate/migration-place.ts";
import { isPending, migrationStatus } from "../migrate/migration-status.ts";
import type { TableSizes } from "./lint/world.ts";

/** What is known about the production database. */
export interface Production {
  /** Migrations that it has not applied. */
  readonly pending: ReadonlySet<string>;
  readonly sizes: TableSizes | null;
  /** What is not known, and how this limits the warnings. */
  readonly notes: readonly string[];
}

/** Reads the target, or relies on `since`. */
export async function inspectProduction(
  { schema, since, target }: { readonly schema?: string; readonly since?: string; readonly target?: string },
  place: MigrationPlace,
  migrations: readonly LoadedMigration[],
): Promise<Production> {
  const names = migrations.map(({ name }) => name);
  if (target !== undefined) {
    const opened = openTarget({ url: runUrl(target, { schema }) });
    try {
      const session = await opened.session();
      const status = await migrationStatus(session, place);
      const sizes = await session.rows<{ name: string; rows: string }>(stateSql(session, "target/table-sizes"));
      return {
        pending: new Set(status.filter(isPending).map(({ name }) => name)),
        sizes: new Map(sizes.map(({ name, rows }) => [name, Number(rows)])),
        notes: [],
      };
    } finally {
      await opened.close();
    }
  }
  if (since === undefined)
    return {
      pending: new Set(names),
      sizes: null,
      notes: [
        "all migrations count as pending, so tables that they create count as empty: --target, or --since with " +
          "the last migration of production, shows what would block production",
      ],
    };
  const last = names.findIndex((name) => name === since.replace(/\.[^.]+$/, "") || name === since);
  if (last < 0)
    throw new UsageError({
      code: "USAGE",
      message: `--since names ${since}, but there is no such migration`,
      hint: `give one of the files in ${place.directory}`,
    });
  return {
    pending: new Set(names.slice(last + 1)),
    sizes: null,
    notes: ["no target is given: each existing table counts as large"],
  };
}
