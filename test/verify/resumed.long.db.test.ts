import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Migration, openMigration } from "../../src/migration.ts";
import { lastLogged, pruneLog } from "../../src/rows/log-entries.ts";
import { OWN_MIGRATIONS } from "../../src/schema/migrate/own-schema.ts";
import { openSource } from "../../src/source/source.ts";
import { loadRun } from "../../src/target/store/run-store.ts";
import { setVerified } from "../../src/target/store/verified-store.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const ROWS = 12_000;
/**
 * Of these, some thousands are compared before the process is told to stop: early, since pages double and the next is
 * under way.
 */
const A_SECOND = 4_000;
const EARLY = 10;
const LATE = ROWS - 10;

interface OpenOptions {
  readonly signal?: AbortSignal;
  readonly maxRate?: number;
  readonly onRows?: (done: number) => void;
}

interface Interrupted {
  readonly application: Awaited<ReturnType<typeof sqliteFile>>["application"];
  readonly session: TargetSession;
  /** Another process, as it were. */
  readonly next: Migration;
  open(options: OpenOptions): Migration;
  readonly said: string[];
  pruneEverything(): Promise<void>;
}

/** A target in sync whose comparison was begun, and stopped some way into the second of two tables. */
async function interrupted(): Promise<Interrupted> {
  const { path, application } = await sqliteFile(`
    CREATE TABLE first(id INTEGER PRIMARY KEY, body TEXT); INSERT INTO first VALUES(1, 'a'), (2, 'b');
    CREATE TABLE note(id TEXT PRIMARY KEY NOT NULL, body TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO note
      SELECT printf('%06d', i), 'body ' || i FROM n`);
  const { url, target, session } = await emptyTarget(
    "create table first(id bigint primary key, body text); create table note(id text primary key, body text)",
  );
  const source = openSource({ url: path });
  const said: string[] = [];
  const open = (options: OpenOptions = {}) => {
    const migration = openMigration({
      source: path,
      target: url,
      migrationsDirectory: temporaryDirectory(),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.maxRate === undefined ? {} : { maxRate: options.maxRate }),
      onEvent(event) {
        if (event.type === "step") said.push(event.message);
        if (event.type === "progress" && event.phase === "verify") options.onRows?.(event.done);
      },
    });
    onTestFinished(() => migration.close());
    return migration;
  };
  onTestFinished(async () => {
    await target.close();
    source.close();
  });
  await open().sync({ until: "caught-up" });
  const stop = new AbortController();
  const first = open({
    signal: stop.signal,
    maxRate: A_SECOND,
    onRows: (done) => void (done > A_SECOND / 2 && stop.abort()),
  });
  await expect(first.check()).rejects.toMatchObject({ code: "INTERRUPTED" });
  said.length = 0;
  const pruneEverything = async () => void (await pruneLog(source, await source.read(lastLogged)));
  return { application, session, next: open(), open, said, pruneEverything };
}

const spoil = (session: TargetSession, id: number) =>
  session.run(`update note set body = 'spoilt' where id = '${String(id).padStart(6, "0")}'`);

it("goes on behind what was compared, and knows how much that was", async () => {
  const { next, said, session } = await interrupted();
  expect(await next.status()).toMatchObject({ verification: { pass: 1, endedAt: null } });
  // Nobody writes to the target but us; so it tells what is read again and what is not.
  await spoil(session, EARLY);
  await spoil(session, LATE);
  const result = await next.check();
  expect(said.join("\n")).toMatch(
    /going on with the comparison that was interrupted: [1-9][\d,]+ rows are compared already/,
  );
  expect(result.rows).toBe(ROWS + 2);
  expect(result.tables.find(({ table }) => table === "note")).toMatchObject({
    differences: 1,
    examples: [{ what: "different" }],
  });
  expect(await next.status()).toMatchObject({ verification: { pass: 1, differences: 1 } });
});

it("compares a key again that changed since, wherever it stands", async () => {
  const { application, next, session } = await interrupted();
  await application.execute(`UPDATE note SET body = 'changed' WHERE id = '${String(EARLY).padStart(6, "0")}'`);
  await next.sync({ until: "caught-up" });
  await spoil(session, EARLY);
  expect(await next.check()).toMatchObject({ ok: false, differences: 1 });
});

it("is a pass of its own when it is asked for again, and after one that ended", async () => {
  const { next, session } = await interrupted();
  await spoil(session, EARLY);
  expect(await next.check({ restart: true })).toMatchObject({ differences: 1 });
  expect(await next.check({ repair: true })).toMatchObject({ differences: 0, repaired: 1 });
  expect(await next.status()).toMatchObject({ verification: { pass: 4, differences: 0, rows: ROWS + 2 } });
});

it("begins again where the log no longer says what changed", async () => {
  const { application, next, pruneEverything, session } = await interrupted();
  await application.execute("UPDATE first SET body = 'changed'");
  await next.sync({ until: "caught-up" });
  await pruneEverything();
  await spoil(session, EARLY);
  expect(await next.check()).toMatchObject({ differences: 1 });
  expect(await next.status()).toMatchObject({ verification: { pass: 2 } });
});

it("keeps passes in a run that an older version began", async () => {
  const { next, session } = await interrupted();
  // What came with 0006 and later is not there yet.
  const files = readdirSync(OWN_MIGRATIONS).filter((name) => name.endsWith(".sql"));
  for (const file of files.sort().reverse()) {
    if (file < "0006") break;
    const [, down = ""] = readFileSync(join(OWN_MIGRATIONS, file), "utf8").split("-- Down Migration");
    await session.run(down);
    await session.run(`delete from changeover.migrations where name = '${file.replace(/\.sql$/, "")}'`);
  }
  expect(await next.check()).toMatchObject({ ok: true });
  expect(await next.status()).toMatchObject({ verification: { pass: 1, differences: 0 } });
});

it("begins again where tables were copied again meanwhile", async () => {
  const { next, said, session } = await interrupted();
  await next.sync({ until: "caught-up", resync: ["first"] });
  await spoil(session, EARLY);
  expect(await next.check()).toMatchObject({ differences: 1 });
  expect(said.join("\n")).not.toContain("going on with the comparison");
});

it.each(["check", "cutover"] as const)(
  "compares everything again in a %s if a migration puts rows in doubt while they are compared",
  async (verb) => {
    const { open, session } = await interrupted();
    let doubt: Promise<void> | null = null;
    const inDoubt = async () => {
      await spoil(session, EARLY);
      await setVerified(session, (await loadRun(session))?.id ?? "", null);
    };
    const next = open({ maxRate: 2 * A_SECOND, onRows: () => void (doubt ??= inDoubt()) });
    if (verb === "check") expect(await next.check()).toMatchObject({ ok: false, differences: 1 });
    else await expect(next.cutover()).rejects.toMatchObject({ code: "DIFFERENCES" });
    await doubt;
    expect(await loadRun(session)).toMatchObject({ phase: "syncing", verifiedThrough: null });
  },
);
