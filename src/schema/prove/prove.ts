import type { EmbeddedPostgres } from "../../embedded/embedded.ts";
import { MigrationFileError } from "../../errors.ts";
import { type EventListener, reportTo } from "../../events.ts";
import { type Report, silent } from "../../log.ts";
import { readMigrationFiles } from "../migrate/files.ts";
import { type LoadedMigration, loadMigrations } from "../migrate/load.ts";
import { renderMigration } from "../migrate/render-migration.ts";
import { allowancesOf, isAllowed } from "./allowances.ts";
import { readBefore } from "./before-file.ts";
import { refuseClusterWide } from "./cluster-wide.ts";
import { type LintedMigration, lint } from "./lint/lint.ts";
import type { Warning } from "./lint/warning.ts";
import { inspectProduction } from "./production.ts";
import { proveSteps } from "./prove-steps.ts";
import { rolesIn } from "./roles.ts";
import { ScratchDatabase } from "./scratch-database.ts";
import { besideTarget, inEmbedded } from "./scratch-server.ts";
import type { Problem, StepProof } from "./step-proof.ts";
import { proveTogether } from "./together.ts";

export interface ProveOptions {
  /** Default: `migrations`. */
  readonly migrationsDirectory?: string;
  /** Where the migrations are tried, in a database of their own: an embedded PostgreSQL, or the server of this URL. Without, nothing is run. */
  readonly server?: EmbeddedPostgres | string;
  /** The database that the migrations are meant for: what it has applied and how many rows its tables have. It is only read. */
  readonly target?: string;
  /** The last migration that production has, where no target is given. */
  readonly since?: string;
  /** A file with SQL that runs before the first migration: what they expect to be there. */
  readonly before?: string;
  /** From how many rows on a table is large. Default: 10,000. */
  readonly large?: number;
  /** Who applies the files in production. `changeover up` limits how long they wait for locks by itself. Default: changeover. */
  readonly runner?: "changeover" | "other";
  /** Called with what is under way. */
  readonly onEvent?: EventListener;
  readonly signal?: AbortSignal;
}

export interface Proof {
  /** Nothing failed. Warnings do not count. */
  readonly ok: boolean;
  /** Where the migrations were tried; null if they were only looked at. */
  readonly server: string | null;
  readonly migrations: readonly ProvedMigration[];
  readonly problems: readonly Problem[];
  /** How many went down and up again in one transaction each; null if that was not tried. */
  readonly together: number | null;
  readonly warnings: readonly Warning[];
  /** Why warnings may be missing. */
  readonly notes: readonly string[];
}

export interface ProvedMigration {
  readonly name: string;
  /** `not-tried`: one before it cannot be applied, or nothing was run. */
  readonly outcome: StepProof["outcome"] | "not-tried";
  /** Whether the target still lacks it, as far as that is known. */
  readonly pending: boolean;
}

const LARGE = 10_000;

/** Tries all migrations up, down and up again in a database that is dropped afterwards, and says what of them would hurt in production. */
export function proveMigrations(options: ProveOptions): Promise<Proof> {
  const { onEvent } = options;
  return prove(options, onEvent === undefined ? silent : reportTo(onEvent, "prove"));
}

/** The same, for those who report already. */
export async function prove(options: Omit<ProveOptions, "onEvent">, report: Report): Promise<Proof> {
  const directory = options.migrationsDirectory ?? "migrations";
  const migrations = await loadMigrations(readMigrationFiles(directory));
  if (migrations.length === 0) {
    throw new MigrationFileError({
      code: "MIGRATIONS_MISSING",
      message: `there are no migration files in ${directory}`,
      hint: "say where they are with --migrations-dir; `changeover schema --write` makes them from the source",
      context: { directory },
    });
  }
  for (const migration of migrations) allowancesOf(migration);
  const production = await inspectProduction(options, directory, migrations);
  const tried =
    options.server === undefined ? null : await tryOn(options, report, options.server, directory, migrations);
  const looked: LintedMigration[] = [];
  for (const [index, migration] of migrations.entries()) {
    const step = tried?.steps[index];
    const read = step?.sql ?? (await renderMigration(migration, "up").catch(() => null));
    looked.push({
      migration,
      sql: read,
      pending: production.pending.has(migration.name),
      rewritten: step?.rewritten ?? null,
    });
  }
  const warnings = await lint(looked, {
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
    problems,
    together: tried?.together?.undone ?? null,
    warnings: [...warnings, ...(tried?.steps.flatMap((step, index) => reorderings(step, migrations[index])) ?? [])],
    notes: [
      ...production.notes,
      ...looked
        .filter((one) => one.sql?.queries === true && tried === null)
        .map(
          ({ migration }) =>
            `${migration.file} asks the database before it says its SQL: looked at as if it had found no rows`,
        ),
    ],
  };
}

interface Tried {
  readonly location: string;
  readonly steps: readonly StepProof[];
  readonly together: { readonly undone: number; readonly problems: readonly Problem[] } | null;
}

async function tryOn(
  { before, signal = new AbortController().signal }: ProveOptions,
  report: Report,
  given: EmbeddedPostgres | string,
  directory: string,
  migrations: readonly LoadedMigration[],
): Promise<Tried> {
  const file = before === undefined ? null : readBefore(before);
  const server = typeof given === "string" ? await besideTarget(given) : await inEmbedded(given);
  const scratch = new ScratchDatabase(server, file);
  try {
    const halves = await refuseClusterWide(migrations, server);
    await server.ensureRoles(
      await rolesIn(
        file === null
          ? halves
          : [{ steps: [{ sql: file.sql, line: 1 }], transaction: true, queries: false }, ...halves],
      ),
    );
    report({
      kind: "step",
      message: `trying ${migrations.length} migrations in a database of their own on ${server.location}`,
    });
    const options = { scratch, directory, migrations, report, signal };
    const steps = await proveSteps(options);
    const failed = steps.steps.some(({ outcome }) => outcome === "failed");
    return {
      location: server.location,
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
      message: `its down half brings the columns of ${table} back in another order: SELECT * and INSERT without names of columns notice`,
      hint: "name the columns in queries; PostgreSQL adds columns at the end only",
    }));
}
