import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startCli } from "../support/cli.ts";
import { Observer } from "./observer.ts";
import { type Contents, difference, digestOf, sourceContents, sourceQueries, targetTables } from "./oracle.ts";
import type { Random } from "./random.ts";
import { randomSchema } from "./random-schema.ts";
import { randomStatements } from "./random-statements.ts";
import type { Writers, Written } from "./writers.ts";

export interface KillTrial {
  readonly random: Random;
  readonly directory: string;
  readonly target: string;
  readonly writers: Writers;
}

export interface KillTally {
  statements: number;
  kills: number;
  looks: number;
  "ended by a NULL key": number;
}

/**
 * The command itself, killed with SIGKILL again and again while several processes write as they like. The target is
 * looked at all the while. Says what is wrong, or null.
 */
export async function killTrial(
  { random, directory, target, writers }: KillTrial,
  tally: KillTally,
): Promise<string | null> {
  const schema = randomSchema(random, { fitting: true });
  const path = join(directory, "app.db");
  mkdirSync(join(directory, "migrations"));
  const made = await writers.create({
    path,
    journal: random.pick(["wal", "delete"]),
    ddl: schema.ddl,
    queries: sourceQueries(schema),
  });
  const observer = await Observer.open(target, schema);
  await observer.prepare(targetTables(schema));
  const states = new Map<string, Contents>();
  const note = ({ states: found }: Written) => {
    for (const state of found) {
      const contents = sourceContents(state, schema);
      states.set(digestOf(contents), contents);
    }
  };
  note(made);
  const state = { over: false };
  const writing = Array.from({ length: writers.count }, async (_, writer) => {
    while (!state.over) {
      const statements = randomStatements(random, schema, { fitting: true }).filter(
        (sql) => !/^(BEGIN|COMMIT|ROLLBACK|PRAGMA)\b(?! TO)/.test(sql),
      );
      tally.statements += statements.length;
      note(await writers.race(writer, statements));
      await delay(random.int(12));
    }
  });
  const watching = (async () => {
    while (!state.over) {
      tally.looks++;
      await observer.look(`at look ${tally.looks}`);
      await delay(3);
    }
  })();
  const sync = (...more: readonly string[]) =>
    startCli(
      // Random unique indexes need not have a translation, which is nothing to do with a kill.
      [
        ...["sync", "--source", path, "--target", target, "--migrations-dir", join(directory, "migrations")],
        ...["--accept", "UNIQUE_NOT_TRANSLATED", ...more],
      ],
      { cwd: directory },
    );
  let failure: string | null = null;
  for (let kills = 2 + random.int(6); kills > 0 && failure === null; kills--) {
    const cli = sync();
    const ended = await Promise.race([cli.ended, delay(400 + random.int(2_000))]);
    cli.child.kill("SIGKILL");
    await cli.ended;
    if (ended !== undefined) failure = ended.stderr;
    else tally.kills++;
  }
  state.over = true;
  await Promise.all([...writing, watching]);
  const last = failure ?? (await caughtUp(sync));
  const contents = await observer.contents();
  await observer.close();
  // What the writers left: read last, by a transaction that changes nothing.
  const { states: ends } = await writers.race(0, []);
  await writers.closeDatabase();
  if (last?.includes("is NULL") === true) return (tally["ended by a NULL key"]++, null);
  if (last !== null) return `the command failed: ${last}`;
  for (const [digest, { place }] of observer.seen) {
    if (!states.has(digest)) return `${place} the target showed a state that the source never had`;
  }
  return difference(sourceContents(ends[0] ?? [], schema), contents, schema);
}

async function caughtUp(sync: (...more: readonly string[]) => ReturnType<typeof startCli>): Promise<string | null> {
  const { code, stderr } = await sync("--until", "caught-up").ended;
  return code === 0 ? null : stderr;
}
