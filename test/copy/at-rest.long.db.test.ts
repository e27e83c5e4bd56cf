import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const ROWS = 6_000;

/**
 * A table whose rows do not lie in the order of their keys, and have gaps between their rowids; its copy was stopped
 * half-way.
 */
async function halfCopied() {
  const { path, application } = await sqliteFile(`
    CREATE TABLE note(id TEXT PRIMARY KEY NOT NULL, body BLOB);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${2 * ROWS}) INSERT INTO note
      SELECT hex(randomblob(8)) || i, printf('%03000d', i) FROM n;
    DELETE FROM note WHERE rowid % 2 = 0`);
  const { url, target, session } = await emptyTarget("create table note(id text primary key, body text)");
  onTestFinished(() => target.close());
  const open = (signal?: AbortSignal, onRows: (done: number) => void = () => {}) => {
    const migration = openMigration({
      source: path,
      target: url,
      migrationsDirectory: temporaryDirectory(),
      ...(signal === undefined ? {} : { signal }),
      onEvent: (event) => void (event.type === "progress" && event.phase === "copy" && onRows(event.done)),
    });
    onTestFinished(() => migration.close());
    return migration;
  };
  const stop = new AbortController();
  await expect(open(stop.signal, () => stop.abort()).data()).rejects.toMatchObject({ code: "INTERRUPTED" });
  const [copied] = await session.rows<{ rows: number; places: number }>(
    "select (select count(*) from note)::integer as rows, (select jsonb_array_length(position) " +
      "from changeover.table_state) as places",
  );
  expect(copied?.rows).toBeGreaterThan(0);
  expect(copied?.rows).toBeLessThan(ROWS);
  const reached: number[] = [];
  return {
    application,
    again: open(undefined, (done) => void reached.push(done)),
    before: copied?.rows ?? 0,
    reached,
    session,
  };
}

it("goes on from the row that it had reached", async () => {
  const { again, before, reached } = await halfCopied();
  expect(await again.data()).toMatchObject({ rows: ROWS });
  expect(reached[0]).toBeGreaterThan(before);
});

it("copies a table again where VACUUM has numbered its rows again", async () => {
  const { again, application, reached } = await halfCopied();
  await application.execute("VACUUM");
  expect(await again.data()).toMatchObject({ rows: ROWS, check: { differences: 0 } });
  expect(reached.at(-1)).toBe(ROWS);
});

it("sends what only text can spell, and what is odd value by value, between rows in the binary format", async () => {
  const { path } = await sqliteFile(`
    CREATE TABLE price(id INTEGER PRIMARY KEY, amount DECIMAL, host TEXT, day DATE);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
      INSERT INTO price SELECT i, CASE WHEN i BETWEEN 1200 AND 1210 THEN 1.25e-7 ELSE i / 8.0 END, CASE
        WHEN i BETWEEN 3000 AND 3005 THEN i ELSE 'host ' || i END, date(i * 86400, 'unixepoch') FROM n;
    CREATE TABLE visit(id INTEGER PRIMARY KEY, host TEXT);
    INSERT INTO visit SELECT id, '10.0.' || (id / 250) || '.' || (id % 250) FROM price`);
  const { url, target, session } = await emptyTarget(
    "create table price(id bigint primary key, amount numeric, host text, day date); " +
      "create table visit(id bigint primary key, host inet)",
  );
  onTestFinished(() => target.close());
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
  onTestFinished(() => migration.close());
  expect(await migration.data()).toMatchObject({ rows: 12_000, check: { differences: 0 } });
  const [found] = await session.rows(
    "select amount::text as amount, (select host from price where id = 3001) as host, (select host::text " +
      "from visit where id = 251) as address, day::text as day from price where id = 1201",
  );
  expect(found).toEqual({ amount: "0.000000125", host: "3001", address: "10.0.1.1/32", day: "1973-04-16" });
});

it("quarantines rows  under their keys, though they are read by their rowids", async () => {
  const { path } = await sqliteFile(
    "CREATE TABLE note(id TEXT PRIMARY KEY NOT NULL, n INTEGER); INSERT INTO note VALUES('b', 1), " +
      "('a', 'zwei'), ('c', 3)",
  );
  const { url, target, session } = await emptyTarget("create table note(id text primary key, n bigint)");
  onTestFinished(() => target.close());
  const migration = openMigration({
    source: path,
    target: url,
    migrationsDirectory: temporaryDirectory(),
    rules: { tables: { note: { columns: { n: { onBadValue: "quarantine" } } } } },
  });
  onTestFinished(() => migration.close());
  expect(await migration.data()).toMatchObject({ check: { differences: 0 } });
  expect(await session.rows("select what, key->0->>'hex' as key from changeover.quarantine")).toEqual([
    { what: "row", key: Buffer.from("a").toString("hex") },
  ]);
});

it("brings blobs of all sizes as they are, between small rows, and texts among them", async () => {
  const { path } = await sqliteFile(`
    CREATE TABLE file(id INTEGER PRIMARY KEY, name TEXT, head BLOB, content BLOB);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
      INSERT INTO file SELECT i, 'file "' || i || '"', CASE WHEN i % 3 THEN randomblob(i % 40) END,
        CASE WHEN i % 7 = 0 THEN NULL WHEN i BETWEEN 400 AND 460 THEN randomblob(i * 300) WHEN i BETWEEN 500 AND 502
          THEN randomblob(3000000) WHEN i BETWEEN 600 AND 800 THEN randomblob(9000 + i) WHEN i = 900
            THEN randomblob(9000000) ELSE x'' END FROM n;
    UPDATE file SET content = 'a text of ' || printf('%050000d', 1) WHERE id IN (430, 700)`);
  const { url, target } = await emptyTarget(
    "create table file(id bigint primary key, name text, head bytea, content bytea)",
  );
  onTestFinished(() => target.close());
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
  onTestFinished(() => migration.close());
  expect(await migration.data()).toMatchObject({ rows: 1_200, check: { differences: 0 } });
});
