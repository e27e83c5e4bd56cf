import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const ROWS = 6_000;

/** A table whose rows do not lie in the order of their keys, and have gaps between their rowids; its copy was stopped half-way. */
async function halfCopied() {
  const { path, application } = await sqliteFile(`
    CREATE TABLE note(id TEXT PRIMARY KEY NOT NULL, body BLOB);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${2 * ROWS}) INSERT INTO note SELECT hex(randomblob(8)) || i, printf('%03000d', i) FROM n;
    DELETE FROM note WHERE rowid % 2 = 0`);
  const { url, target, session } = await emptyTarget("create table note(id text primary key, body text)");
  onTestFinished(() => target.close());
  const open = (signal?: AbortSignal, onRows: (done: number) => void = () => {}) => {
    const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory(), ...(signal === undefined ? {} : { signal }), report: (event) => void (event.kind === "progress" && event.phase === "copy" && onRows(event.done)) });
    onTestFinished(() => migration.close());
    return migration;
  };
  const stop = new AbortController();
  await expect(open(stop.signal, () => stop.abort()).data()).rejects.toMatchObject({ code: "INTERRUPTED" });
  const [copied] = await session.rows<{ rows: number; places: number }>("select (select count(*) from note)::integer as rows, (select jsonb_array_length(position) from changeover.table_state) as places");
  expect(copied?.rows).toBeGreaterThan(0);
  expect(copied?.rows).toBeLessThan(ROWS);
  const reached: number[] = [];
  return { application, again: open(undefined, (done) => void reached.push(done)), before: copied?.rows ?? 0, reached, session };
}

it("goes on from the row that it had reached", async () => {
  const { again, before, reached } = await halfCopied();
  expect(await again.data()).toMatchObject({ ok: true, rows: ROWS });
  expect(reached[0]).toBeGreaterThan(before);
});

it("copies a table anew where VACUUM has numbered its rows anew", async () => {
  const { again, application, reached } = await halfCopied();
  await application.execute("VACUUM");
  expect(await again.data()).toMatchObject({ ok: true, rows: ROWS, differences: 0 });
  expect(reached.at(-1)).toBe(ROWS);
});
