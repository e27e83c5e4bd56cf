import type { EmbeddedPostgres } from "../../embedded/embedded.ts";
import { MigrationFileError } from "../../errors.ts";
import { type EventListener, reportTo } from "../../events.ts";
import { type Report, silent } from "../../log.ts";
import { resolveConnection } from "../../target/connection/resolve-connection.ts";
import { type LoadedMigration, loadMigrations } from "../migrate/load-migrations.ts";
import type { MigrationPlace } from "../migrate/migration-place.ts";
import { migrationFilesOf } from "../migrate/read-migration-files.ts";
import { renderMigration } from "../migrate/render-migration.ts";
import { allowancesOf, isAllowed } from "./allowances.ts";
import { readBefore } from "./before-file.ts";
import { filesChangedSince } from "./changed-since.ts";
import { inspectProduction } from "./inspect-production.ts";
import { type LintedMigration, lint } from "./lint/lint.ts";
import type { Warning } from "./lint/warning.ts";
import { proveSteps } from "./prove-steps.ts";
import { proveTogether } from "./prove-together.ts";
import { ScratchDatabase } from "./scratch-database.ts";
import { onEmbeddedServer, onTargetServer } from "./scratch-server.ts";
import type { Problem, StepProof } from "./step-proof.ts";
import { findUntried, type UntriedStatement } from "./untried.ts";

/** Options of {@link proveMigrations}. */
export interface ProveOptions {
  /** Default: `migrations`. */
  readonly migrationsDirectory?: string;
  /** How files are found and loaded, as for {@link openMigration}. */
  readonly files?: Pick<MigrationPlace, "ignorePattern" | "useGlob" | "decamelize" | "migrationsTable">;
  /**
   * Where to run the migrations, in a scratch database: an embedded PostgreSQL, or the server of this URL. Without it
   * nothing is run.
   */
  readonly server?: EmbeddedPostgres | string;
  /** The production database: its applied migrations and the sizes of its tables. It is only read. */
  readonly target?: string;
  /**
   * The schema of the tables: it is made in the scratch database. Default: what the target or the server's URL says of
   * it, else the first of the role's search_path.
   */
  readonly schema?: string;
  /** The last migration of production, if no target is given. */
  readonly since?: string;
  /** A revision of git: only migrations that are new or changed since are proved; the others are only applied. */
  readonly changed?: string;
  /** A SQL file that runs before the first migration: objects that the migrations expect. */
  readonly before?: string;
  /** From this number of rows a table is large. Default: 10,000. */
  readonly large?: number;
  /** Who applies the files in production. `changeover up` limits lock waits by itself. Default: changeover. */
  readonly runner?: "changeover" | "other";
  /** Called with what is under way. */
  readonly onEvent?: EventListener;
  /** Ends it; the scratch database is dropped. */
  readonly signal?: AbortSignal;
}

/** What {@link proveMigrations} found. */
export interface Proof {
  /** Whether nothing failed. Warnings do not count. */
  readonly ok: boolean;
  /** Where the migrations ran; null if they were only read. */
  readonly server: string | null;
  /** Each migration. */
  readonly migrations: readonly ProvedMigration[];
  /** Statements that were not run, since they change the server and not just a database. */
  readonly untried: readonly UntriedStatement[];
  /** What is wrong. */
  readonly problems: readonly Problem[];
  /** How many were undone and applied again in one transaction each; null if not tried. */
  readonly together: number | null;
  /** What would hurt in production. */
  readonly warnings: readonly Warning[];
  /** Why warnings may be missing. */
  readonly notes: readonly string[];
}

/** One migration of a proof. */
export interface ProvedMigration {
  /** Name of the migration. */
  readonly name: string;
  /** `not-tried`: an earlier one cannot be applied, or nothing was run. */
  readonly outcome: StepProof["outcome"] | "not-tried";
  /** Whether the target has not applied it yet, as far as known. */
  readonly pending: boolean;
}

const LARGE = 10_000;

/**
 * Runs all migrations up, down and up again in a scratch database, and warns of those that would block production.
 * @throws MigrationFileError: `MIGRATIONS_MISSING`; RefusedError: `PROOF_CLUSTER_WIDE`, `SCRATCH_DENIED`.
 */
export function proveMigrations(options: ProveOptions): Promise<Proof> {
  const { onEvent } = options;
  return prove(options, onEvent === undefined ? silent : reportTo(onEvent, "prove"));
}

/** The same, for those who report already. */
export async function prove(options: Omit<ProveOptions, "onEvent">, report: Report): Promise<Proof> {
  const directory = options.migrationsDirectory ?? "migrations";
  const place: MigrationPlace = { ...options.files, directory };
  const migrations = await loadMigrations(await migrationFilesOf(place), place);
  if (migrations.length === 0) {
    throw new MigrationFileError({
      code: "MIGRATIONS_MISSING",
      message: `there are no migration files in ${directory}`,
      hint: "name their directory with --migrations-dir; `changeover schema --write` creates them from the source",
      context: { directory },
    });
  }
  for (const migration of migrations) allowancesOf(migration);
  const production = await inspectProduction(options, place, migrations);
  const tried = options.server === undefined ? null : await tryOn(options, report, options.server, place, migrations);
  const inputs: LintedMigration[] = [];
  for (const [index, migration] of migrations.entries()) {
    const step = tried?.steps[index];
    const read = step?.sql ?? (await renderMigration(migration, "up").catch(() => null));
    inputs.push({
      migration,
      sql: read,
      pending: production.pending.has(migration.name),
      rewritten: step?.rewritten ?? null,
    });
  }
  const warnings = await lint(inputs, {
    sizes: production.sizes,
    large: options.large ?? LARGE,
    lockTimeout: options.runner !== "other",
  });
  const problems = [...(tried?.steps.flatMap((step) => step.problems) ?? []), ...(tried?.together?.problems ?? [])];
  return {
    ok: problems.length === 0,
    server: tried?.location ?? null,
    migrations: migrations.map(({ name }, index) => ({
      name,
      outcome: tried?.steps[index]?.outcome ?? "not-tried",
      pending: production.pending.has(name),
    })),
    untried: tried?.untried ?? [],
    problems,
    together: tried?.together?.undone ?? null,
    warnings: [...warnings, ...(tried?.steps.flatMap((step, index) => reorderings(step, migrations[index])) ?? [])],
    notes: [
      ...production.notes,
      ...inputs
        .filter((one) => one.sql?.queries === true && tried === null)
        .map(
          ({ migration }) =>
            `${migration.file} queries the database to build its SQL: it was checked as if the query returned no rows`,
        ),
    ],
  };
}

interface Tried {
  readonly location: string;
  readonly untried: readonly UntriedStatement[];
  readonly steps: readonly StepProof[];
  readonly together: { readonly undone: number; readonly problems: readonly Problem[] } | null;
}

async function tryOn(
  { before, changed, schema, signal = new AbortController().signal, target }: ProveOptions,
  report: Report,
  given: EmbeddedPostgres | string,
  place: MigrationPlace,
  migrations: readonly LoadedMigration[],
): Promise<Tried> {
  const file = before === undefined ? null : readBefore(before);
  const server = typeof given === "string" ? await onTargetServer(given) : await onEmbeddedServer(given);
  const url = target ?? (typeof given === "string" ? given : null);
  const ofUrl = url === null ? null : resolveConnection(url).schema;
  const scratch = new ScratchDatabase(server, { purpose: "prove", before: file, schema: schema ?? ofUrl });
  try {
    const setUp = file === null ? null : { steps: [{ sql: file.sql, line: 1 }], transaction: true, queries: false };
    const untried = await findUntried(migrations, server, setUp);
    report({
      kind: "step",
      message: `trying ${migrations.length} migrations in a scratch database on ${server.location}`,
    });
    const only = changed === undefined ? null : await filesChangedSince(changed, migrations);
    const options = { scratch, place, edit: untried.edit, migrations, only, report, signal };
    const steps = await proveSteps(options);
    const failed = steps.steps.some(({ outcome }) => outcome === "failed");
    return {
      location: server.location,
      untried: untried.statements,
      steps: steps.steps,
      together: failed ? null : await proveTogether(options, steps),
    };
  } finally {
    await scratch.drop().finally(() => server.close());
  }
}

function reorderings({ migration, reordered }: StepProof, loaded: LoadedMigration | undefined): Warning[] {
  const allowances = loaded === undefined ? [] : allowancesOf(loaded);
  return reordered
    .filter((table) => !isAllowed(allowances, "COLUMN_ORDER", table))
    .map((table) => ({
      code: "COLUMN_ORDER",
      migration,
      file: loaded?.file ?? migration,
      line: null,
      object: table,
      rows: null,
      message:
        `its down section restores the columns of ${table} in another order, which affects SELECT * and INSERT ` +
        "without column names",
      hint: "name the columns in queries, since PostgreSQL adds columns only at the end",
    }));
}
