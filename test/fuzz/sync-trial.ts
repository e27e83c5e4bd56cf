import Database from "libsql";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openTarget } from "../../src/db/target.ts";
import { ChangeoverError } from "../../src/errors.ts";
import { openMigration } from "../../src/migration.ts";
import { type Contents, digestOf, sourceReader, targetContents, targetTables } from "./oracle.ts";
import { Random } from "./random.ts";
import { randomSchema } from "./random-schema.ts";
import { randomStatements } from "./random-statements.ts";

export interface SyncTrial {
  readonly seed: number;
  readonly directory: string;
  /** An empty database. */
  readonly target: string;
  readonly steps: number;
}

export interface SyncTally {
  statements: number;
  restarts: number;
  terminations: number;
  reads: number;
  refused: number;
}

/**
 * The whole engine on a random schema, under random statements, stopped and cut off at random moments. Says what is wrong, or null.
 * After the first catch-up every snapshot of the target must be some committed state of the source; in the end both are equal.
 */
export async function syncTrial(trial: SyncTrial, tally: SyncTally): Promise<string | null> {
  const random = new Random(trial.seed);
  const schema = randomSchema(random, { fitting: true });
  const path = join(trial.directory, "app.db");
  const application = new Database(path, { timeout: 5_000 });
  application.defaultSafeIntegers(true);
  application.exec(`PRAGMA journal_mode = ${random.pick(["wal", "delete"])}; PRAGMA synchronous = OFF`);
  for (const sql of schema.ddl) attempt(application, sql);
  const contents = sourceReader(application, schema);
  const states = new Set<string>();
  const write = () => {
    for (const sql of randomStatements(random, schema, { fitting: true })) {
      attempt(application, sql);
      tally.statements++;
    }
    // A statement with OR ROLLBACK, or a COMMIT refused, may have ended the transaction early or not at all.
    if (application.inTransaction) attempt(application, "ROLLBACK");
    states.add(digestOf(contents()));
  };
  for (let count = random.int(30); count > 0; count--) write();
  states.add(digestOf(contents()));

  const target = openTarget({ url: trial.target });
  const session = await target.session();
  const migrations = join(trial.directory, "migrations");
  mkdirSync(migrations);
  // Until the engine leaves its own schema out of the search path: the role is called as that schema is.
  await session.run(`alter database ${new URL(trial.target).pathname.slice(1)} set search_path = public`);
  await session.run(targetTables(schema));
  const options = { source: path, target: trial.target, migrationsDirectory: migrations };
  const watch = await watchStates(trial.target, schema, states, tally);
  let sync = startSync(options);
  try {
    for (let step = 0; step < trial.steps; step++) {
      write();
      if (random.chance(0.5)) await delay(random.int(12));
      if (sync.failed() !== null) break;
      if (random.chance(0.02)) {
        await sync.stop();
        for (let count = random.int(5); count > 0; count--) write();
        sync = startSync(options);
        tally.restarts++;
      } else if (random.chance(0.02)) {
        await session.rows("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'changeover' and pid <> pg_backend_pid()");
        tally.terminations++;
      }
    }
    await sync.stop();
    const last = startSync(options, "caught-up");
    await last.ended;
    const failure = sync.failed() ?? last.failed();
    if (failure?.code === "NULL_KEY") return (tally.refused++, null);
    if (failure !== null) return `the sync failed: ${failure.code}: ${failure.message}\n${String(failure.cause ?? failure.stack)}`;
    const wrong = await watch.stop();
    if (wrong !== null) return wrong;
    return difference(contents(), await targetContents(session, schema), schema.tables.map(({ name }) => name));
  } finally {
    await sync.stop();
    await watch.stop().catch(() => {});
    await target.close();
    application.close();
  }
}

function attempt(database: InstanceType<typeof Database>, sql: string): void {
  try {
    database.exec(sql);
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) throw error;
  }
}

function startSync(options: Parameters<typeof openMigration>[0], until: "stopped" | "caught-up" = "stopped") {
  const controller = new AbortController();
  const migration = openMigration({ ...options, signal: controller.signal });
  let failed: ChangeoverError | null = null;
  const ended = (async () => {
    for (let tries = 0; ; tries++) {
      try {
        await migration.sync({ until });
        return;
      } catch (error) {
        if (!(error instanceof ChangeoverError)) throw error;
        if (error.code === "INTERRUPTED") return;
        // Cut off before the first session was up; or the server has not noticed yet that the last session is gone.
        if ((error.code !== "TARGET_LOST" && error.code !== "RUN_LOCKED") || tries > 40) {
          failed = error;
          return;
        }
        if (controller.signal.aborted) return;
        await delay(100);
      }
    }
  })().finally(() => migration.close());
  return {
    ended,
    failed: () => failed as ChangeoverError | null,
    async stop() {
      controller.abort();
      await ended;
    },
  };
}

/** Reads the target again and again, each time whole in one snapshot. */
async function watchStates(url: string, schema: ReturnType<typeof randomSchema>, states: ReadonlySet<string>, tally: SyncTally) {
  const state = { over: false };
  const target = openTarget({ url });
  const session = await target.session();
  // Not one of those that are cut off.
  await session.run("set application_name = 'watch'");
  const watched = (async (): Promise<string | null> => {
    try {
      while (!state.over) {
        await delay(3);
        const [there] = await session.rows<{ there: boolean }>("select to_regclass('changeover.run') is not null as there");
        if (there?.there !== true) continue;
        const digest = await session.transaction(
          async (tx) => {
            const caughtUp = await tx.rows("select from changeover.run where first_caught_up is not null and phase = 'syncing'");
            return caughtUp.length === 0 ? null : digestOf(await targetContents(tx, schema));
          },
          { isolation: "repeatable read" },
        );
        if (digest === null) continue;
        tally.reads++;
        if (!states.has(digest)) return "the target was seen in a state that the source never had";
      }
      return null;
    } finally {
      await target.close();
    }
  })();
  return {
    stop() {
      state.over = true;
      return watched;
    },
  };
}

function difference(source: Contents, target: Contents, names: readonly string[]): string | null {
  const wrong = names.flatMap((name, index) => {
    const [here = [], there = []] = [source[index], target[index]];
    if (JSON.stringify(here) === JSON.stringify(there)) return [];
    return [`${name}: only in the source ${here.filter((row) => !there.includes(row)).join(" ")}; only in the target ${there.filter((row) => !here.includes(row)).join(" ")}`];
  });
  return wrong.length === 0 ? null : wrong.join("\n");
}
