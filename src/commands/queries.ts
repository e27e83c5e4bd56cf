import { RefusedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { COMPAT_NAMES } from "../queries/compat/compat-objects.ts";
import { renderCompatMigration } from "../queries/compat/render-compat.ts";
import { hasCompat } from "../queries/compat/try-compat.ts";
import { type Fingerprint, fingerprintOf } from "../queries/fingerprint.ts";
import { type JudgePlace, judgeStatement } from "../queries/judge-statement.ts";
import { namedInAny } from "../queries/named-in-any.ts";
import type { QueryTables } from "../queries/query-tables.ts";
import { isRefused, type QueryVerdict, type VerdictKind } from "../queries/query-verdict.ts";
import { renderIndexMigration } from "../queries/slow/render-index-migration.ts";
import type { QueryStatement } from "../queries/statement.ts";
import { type Context, withSession } from "../run/context.ts";
import { readQueryTables } from "../run/read-query-tables.ts";
import { mustLoad } from "../run/require-run.ts";
import { nextPrefix } from "../schema/migrate/new-migration.ts";
import { migrationNames } from "../schema/migrate/read-migration-files.ts";
import { writeMigrationFiles } from "../schema/migrate/write-migration-files.ts";
import type { TargetSession } from "../target/target.ts";

/** Options of `migration.queries()`. */
export interface QueriesOptions {
  /** Of each statement in PostgreSQL, ms. Default: 5000. */
  readonly timeoutMs?: number;
  /** More rows of a result are not compared. Default: 1000. */
  readonly maxRows?: number;
  /** Fingerprints of statements that may fail or differ. */
  readonly accept?: readonly string[];
  /**
   * Tries what fails, differs or is rewritten with SQLite's functions in a schema of their own, and writes a migration
   * file with those that the statements need. Default: false.
   */
  readonly compat?: boolean;
  /** Writes a migration file with the indexes that slow statements need and PostgreSQL lacks. Default: false. */
  readonly indexes?: boolean;
}

/** What `migration.queries()` found. */
export interface QueriesResult {
  /** No statement fails or differs, but for those that are accepted. */
  readonly ok: boolean;
  /** How many distinct statements there are of each verdict. */
  readonly totals: Readonly<Record<VerdictKind, number>>;
  /** Each distinct statement once, what stands in the way first. */
  readonly statements: readonly QueryVerdict[];
  /** Migration files that were written. */
  readonly written: readonly string[];
}

const TIMEOUT_MS = 5_000;
const MAX_ROWS = 1_000;

/** Tries each distinct statement on both sides, while the sync goes on. Neither database is changed. */
export function queries(
  context: Context,
  statements: readonly QueryStatement[],
  options: QueriesOptions = {},
): Promise<QueriesResult> {
  return withSession(context, async (session) => {
    const run = await mustLoad(session);
    requireEqualSides(run);
    const distinct = distinctOf(statements);
    context.report({ kind: "step", message: "profiling the tables that the statements name" });
    const isNamed = namedInAny(distinct.map(({ given }) => given.sql));
    const place: JudgePlace = {
      source: context.source,
      session,
      run,
      tables: await readQueryTables(context, session, run, isNamed),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      maxRows: options.maxRows ?? MAX_ROWS,
      accepted: new Set(options.accept ?? []),
      compat: await compatOf(session, options.compat === true),
    };
    const verdicts: QueryVerdict[] = [];
    for (const [index, { fingerprint, given }] of distinct.entries()) {
      context.signal.throwIfAborted();
      verdicts.push(await judgeStatement(given, fingerprint, place));
      context.report({
        kind: "progress",
        phase: "verify",
        done: index + 1,
        total: distinct.length,
        unit: "statements",
        detail: "queries",
      });
    }
    const written = [
      ...(options.compat === true ? writeCompat(context, verdicts) : []),
      ...(options.indexes === true ? writeIndexes(context, verdicts) : []),
    ];
    return { ...resultOf(verdicts), written };
  });
}

/** The tables of the run, as `translateQuery` needs them. Every value of the source is read. */
export function readTablesForQueries(context: Context): Promise<QueryTables> {
  return withSession(context, async (session) => readQueryTables(context, session, await mustLoad(session)));
}

interface Distinct {
  readonly fingerprint: Fingerprint;
  readonly given: QueryStatement;
}

/** Statements of one fingerprint are tried once: the first that came with values, for all of them. */
function distinctOf(statements: readonly QueryStatement[]): Distinct[] {
  const found = new Map<string, Distinct>();
  for (const given of statements) {
    const fingerprint = fingerprintOf(given.sql);
    const before = found.get(fingerprint.digest);
    const count = (before?.given.count ?? 0) + (given.count ?? 1);
    const kept = before === undefined || before.given.parameters === undefined ? given : before.given;
    found.set(fingerprint.digest, { fingerprint, given: { ...kept, count, site: before?.given.site ?? given.site } });
  }
  return [...found.values()];
}

const WORST_FIRST: readonly VerdictKind[] = [
  "fails",
  "differs",
  "compat",
  "rewritten",
  "slow",
  "prepared",
  "driver",
  "same",
];

function resultOf(verdicts: readonly QueryVerdict[]): Omit<QueriesResult, "written"> {
  const totals = { same: 0, rewritten: 0, compat: 0, differs: 0, fails: 0, slow: 0, prepared: 0, driver: 0 };
  for (const { verdict } of verdicts) totals[verdict] += 1;
  const statements = [...verdicts].sort(
    (one, other) => WORST_FIRST.indexOf(one.verdict) - WORST_FIRST.indexOf(other.verdict) || other.count - one.count,
  );
  return { ok: !verdicts.some(isRefused), totals, statements };
}

async function compatOf(session: TargetSession, isWanted: boolean): Promise<JudgePlace["compat"]> {
  const isPresent = await hasCompat(session);
  if (!isWanted) return isPresent ? "present" : null;
  if (!isPresent) return "try";
  throw new RefusedError({
    code: "COMPAT_PRESENT",
    message: "the target has the schema sqlite_compat already",
    hint: "take its migration back with `changeover down`, remove the file, and run this command again",
  });
}

function writeCompat({ migrationsDirectory }: Context, verdicts: readonly QueryVerdict[]): string[] {
  const used = new Set(verdicts.flatMap(({ compat }) => compat));
  const names = COMPAT_NAMES.filter((name) => used.has(name));
  if (names.length === 0) return [];
  return writeOne(migrationsDirectory, "sqlite_compat", renderCompatMigration(names));
}

function writeIndexes({ migrationsDirectory }: Context, verdicts: readonly QueryVerdict[]): string[] {
  const indexes = [...new Set(verdicts.flatMap((verdict) => verdict.indexes))];
  return indexes.length === 0 ? [] : writeOne(migrationsDirectory, "query_indexes", renderIndexMigration(indexes));
}

function writeOne(directory: string, name: string, text: string): string[] {
  const prefix = nextPrefix(migrationNames(directory), new Date());
  return writeMigrationFiles(directory, [{ name: `${prefix}_${name}.sql`, text }]);
}

/** Both sides are equal at a watermark while the run is in sync, and not before or after. */
function requireEqualSides({ phase }: Run): void {
  if (phase === "syncing" || phase === "cutting-over") return;
  throw new RefusedError({
    code: "NOT_SYNCED",
    message: `statements are tried on both sides while the run is in sync, and it is in phase ${phase}`,
    hint: "`changeover sync` copies everything and stays in sync; try the statements before the cutover",
  });
}
