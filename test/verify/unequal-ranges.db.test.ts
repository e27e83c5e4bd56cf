import type { Client } from "@libsql/client";
import { expect, it, onTestFinished, vi } from "vitest";
import { openMigration } from "../../src/migration.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import { openSource } from "../../src/source/source.ts";
import { loadRun } from "../../src/target/store/run-store.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { RawPages } from "../../src/verify/raw-pages.ts";
import type { VerifyOptions } from "../../src/verify/verify-options.ts";
import { verifyTable } from "../../src/verify/verify-run.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const ROWS = 12_000;
const KEYS = { number: (id: number) => id, text: (id: number) => `'k${String(id).padStart(6, "0")}'` } as const;

interface Synced {
  readonly application: Client;
  readonly session: TargetSession;
  readonly mapping: TableMapping;
  readonly options: VerifyOptions;
}

async function synced(key: keyof typeof KEYS): Promise<Synced> {
  const made = key === "number" ? "i" : "printf('k%06d', i)";
  const { path, application } = await sqliteFile(`
    CREATE TABLE note(k ${key === "number" ? "INTEGER" : "TEXT NOT NULL"} PRIMARY KEY, body TEXT, r REAL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO note
      SELECT ${made}, 'note ' || i, i / 8.0 FROM n`);
  const { url, target, session } = await emptyTarget(
    `create table note(k ${key === "number" ? "bigint" : 'text collate "C"'} primary key, body text, ` +
      "r double precision)",
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
  const options = { run: run.id, source, session, captured: true, tooFarBehind: 20_000n, byPages: true };
  return { application, session, mapping, options };
}

/** Verifies, and counts the rows that were read to be compared by their values. */
async function verified({ mapping, options }: Synced) {
  let byValues = 0;
  const read = RawPages.prototype.read;
  const spy = vi.spyOn(RawPages.prototype, "read").mockImplementation(async function (this: RawPages, ...args) {
    const page = await read.apply(this, args);
    byValues += page?.rows ?? 0;
    return page;
  });
  try {
    return { ...(await verifyTable(options, mapping)), byValues };
  } finally {
    spy.mockRestore();
  }
}

it.each(["number", "text"] as const)("finds one row among thousands by halves of its page (%s key)", async (key) => {
  const table = await synced(key);
  await table.session.run(`update note set body = 'x' where k = ${KEYS[key](6_000)}`);
  const { byValues, differences, more, rows } = await verified(table);
  expect(differences.map(({ what, columns }) => [what, columns])).toEqual([["different", ["body"]]]);
  expect(more).toBe(0);
  expect(rows).toBe(ROWS);
  expect(byValues).toBeLessThan(1_000);
});

it.each(["number", "text"] as const)("finds every kind of difference wherever it is (%s key)", async (key) => {
  const table = await synced(key);
  const at = KEYS[key];
  // Many in one place, then one each in pages of their own, the table's ends among them.
  await table.session.run(`
    update note set body = 'x' where k between ${at(3_000)} and ${at(3_050)};
    update note set r = r + 1 where k = ${at(1)};
    delete from note where k in (${at(5_000)}, ${at(ROWS)});
    update note set body = null where k = ${at(9_999)};
    insert into note values (${key === "number" ? ROWS + 7 : "'k00100x'"}, 'extra', 0)`);
  const { differences, more, rows } = await verified(table);
  const found = (what: string) => differences.filter((one) => one.what === what).length;
  expect([found("different"), found("missing"), found("extra"), more]).toEqual([53, 2, 1, 0]);
  expect(rows).toBe(ROWS);
});

it("compares by their values only the rows near a pending one", async () => {
  const table = await synced("number");
  await table.application.execute("UPDATE note SET body = 'changed' WHERE k = 6000");
  const { byValues, differences, more, pending, rows } = await verified(table);
  expect([differences, more, pending, rows]).toEqual([[], 0, 1, ROWS - 1]);
  expect(byValues).toBeLessThan(1_000);
});

it("misses no difference in a page of which rows vanish while it is halved", async () => {
  const table = await synced("number");
  await table.session.run("update note set body = 'x' where k = 6000; insert into note values (-5, 'extra', 0)");
  let pages = 0;
  const options = {
    ...table.options,
    rest: async () => {
      if (++pages % 2 === 0)
        await table.application.execute(
          `DELETE FROM note WHERE k IN (${5_900 + pages}, ${6_100 + pages}, ${7 * pages})`,
        );
    },
  };
  const { differences } = await verified({ ...table, options });
  expect(differences.map(({ key, what }) => [what, key[0]])).toEqual([
    ["different", { type: "integer", value: "6000" }],
    ["extra", { type: "integer", value: "-5" }],
  ]);
});
