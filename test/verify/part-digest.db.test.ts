import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { openSource } from "../../src/source/source.ts";
import { loadRun } from "../../src/target/store/run-store.ts";
import { type PartDigest, partDigest, rowsOfEqualParts, tableParts } from "../../src/verify/part-digest.ts";
import type { VerifyOptions } from "../../src/verify/verify-options.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const ROWS = 4_000;

async function synced(key: string) {
  const { path, application } = await sqliteFile(
    `CREATE TABLE note(k ${key}, r REAL, body TEXT);
    WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < ${ROWS})
      INSERT INTO note SELECT 'k' || i, i / 7.0, 'note ' || i FROM i`.replaceAll(
      "'k' || i",
      key.startsWith("TEXT") ? "'k' || i" : "i * 3 - 5000",
    ),
  );
  const { url, target, session } = await emptyTarget(
    `create table note(k ${key.startsWith("TEXT") ? "text" : "bigint"} primary key, r double precision, body text)`,
  );
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
  await migration.sync({ until: "caught-up" });
  await migration.close();
  const source = openSource({ url: path });
  onTestFinished(async () => {
    source.close();
    await target.close();
  });
  const run = await loadRun(session);
  const mapping = run?.mappings[0];
  if (run === null || mapping === undefined) throw new Error("no run");
  const options: VerifyOptions = { run: run.id, source, session, captured: true, tooFarBehind: 20_000n };
  const digests = async (count: number, between: () => Promise<unknown> = async () => {}) => {
    const parts = (await tableParts(options, mapping, count)) ?? expect.fail("no parts");
    const found: (PartDigest | null)[] = [];
    for (const part of parts) {
      found.push(await partDigest(options, mapping, part));
      await between();
    }
    return found;
  };
  return { application, session, options, mapping, digests };
}

it.each(["INTEGER PRIMARY KEY", "TEXT PRIMARY KEY NOT NULL"])(
  "the parts of a table are together equal on both sides, or not (%s)",
  async (key) => {
    const { digests, session } = await synced(key);
    for (const count of [1, 2, 3, 7]) expect(rowsOfEqualParts(await digests(count))).toBe(ROWS);
    const all = await digests(3);
    expect(all.every((part) => part !== null && part.source.rows > 0)).toBe(true);
    expect(rowsOfEqualParts(all.slice(1))).toBeNull();
    expect(rowsOfEqualParts([...all, null])).toBeNull();
    await session.run("update note set r = r + 1e-9 where body = 'note 2500'");
    expect(rowsOfEqualParts(await digests(3))).toBeNull();
  },
);

it("says nothing where the application writes meanwhile, or the target moves on", async () => {
  const { application, digests, options, session } = await synced("INTEGER PRIMARY KEY");
  const [first, ...others] = await digests(2, () => application.execute("UPDATE note SET body = body WHERE k = 1"));
  expect([first === null, others]).toEqual([false, [null]]);
  await session.run(`update changeover.run set watermark = watermark + 100 where id = '${options.run}'`);
  const [later] = await digests(1);
  expect(later?.watermark).not.toBe(first?.watermark);
  expect(rowsOfEqualParts([first ?? null, later ?? null])).toBeNull();
});

it("has no parts of a table whose rows lie in no order of numbers", async () => {
  const { mapping, options } = await synced("TEXT PRIMARY KEY NOT NULL");
  const { rowidName: _, ...withoutRowid } = mapping;
  expect(await tableParts(options, withoutRowid, 2)).toBeNull();
});
