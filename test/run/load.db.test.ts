import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const SOURCE = `
  CREATE TABLE seat(id INTEGER PRIMARY KEY, number TEXT, guest TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO seat SELECT i, 'n' || i,
    'Guest ' || i FROM n`;
const TARGET =
  "create table seat(id bigint primary key, number text unique, guest text); " +
  "create index seat_guest on seat(guest); create index seat_lower on seat(lower(guest))";

/**
 * What a sync that loads says it builds, and where among it that it catches up; `meanwhile`: SQL at the source when the
 * capture is there.
 */
async function loaded(meanwhile?: string) {
  const { path, application } = await sqliteFile(SOURCE);
  const { url, target, session } = await emptyTarget(TARGET);
  const said: string[] = [];
  const migration = openMigration({
    source: path,
    target: url,
    migrationsDirectory: temporaryDirectory(),
    onEvent(event) {
      if (event.type !== "step") return;
      const what = /^building (\S+)|^(catching up)/.exec(event.message);
      if (what !== null) said.push(what[1] ?? what[2] ?? "");
      // It is written before this returns.
      if (meanwhile !== undefined && event.message.startsWith("capture is installed"))
        void application.executeMultiple(meanwhile);
    },
  });
  onTestFinished(async () => {
    await migration.close();
    await target.close();
  });
  await migration.sync({ until: "caught-up" });
  expect(await migration.check()).toMatchObject({ ok: true, rows: 500, differences: 0 });
  return { said, session };
}

const counted = "select distinct tablename::text as name from pg_stats where schemaname = 'public' order by 1";

it("builds all indexes at once where nothing was written during the copy, and has the server count", async () => {
  const { said, session } = await loaded();
  expect(said.at(-1)).toBe("catching up");
  expect(said.slice(0, -1).sort()).toEqual(["seat_guest", "seat_lower", "seat_number_key", "seat_pkey"]);
  expect(await session.rows(counted)).toEqual([{ name: "seat" }, { name: "seat_lower" }]);
});

it(
  "builds keys alone before it replays what was written during the copy, since other unique values may be there " +
    "twice until then",
  async () => {
    const { said, session } = await loaded(
      "UPDATE seat SET number = 'free' WHERE id = 1; UPDATE seat SET number = 'n1' WHERE id = 2",
    );
    expect(said.slice(0, 2)).toEqual(["seat_pkey", "catching up"]);
    expect(said.slice(2).sort()).toEqual(["seat_guest", "seat_lower", "seat_number_key"]);
    expect(await session.rows(counted)).toEqual([{ name: "seat" }, { name: "seat_lower" }]);
  },
);

it("stops between two indexes when it is interrupted, and the next one builds the others", async () => {
  const { path } = await sqliteFile(SOURCE);
  const { url, target, session } = await emptyTarget(TARGET);
  onTestFinished(() => target.close());
  const stop = new AbortController();
  const options = { source: path, target: url, migrationsDirectory: temporaryDirectory() };
  const first = openMigration({
    ...options,
    signal: stop.signal,
    onEvent: (event) => void (event.type === "step" && event.message.startsWith("building ") && stop.abort()),
  });
  await expect(first.sync({ until: "caught-up" })).rejects.toMatchObject({ code: "INTERRUPTED" });
  await first.close();
  const indexes = "select indexname::text as name from pg_indexes where schemaname = 'public' order by 1";
  expect((await session.rows(indexes)).length).toBe(1);
  const second = openMigration(options);
  await second.sync({ until: "caught-up" });
  await second.close();
  expect(await session.rows(indexes)).toEqual([
    { name: "seat_guest" },
    { name: "seat_lower" },
    { name: "seat_number_key" },
    { name: "seat_pkey" },
  ]);
});
