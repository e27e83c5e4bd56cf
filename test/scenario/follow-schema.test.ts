import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FollowedRun, followedRun } from "../support/followed-run.ts";
import { query } from "../support/target.ts";

const SCHEMA = `
  CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT, n INT);
  CREATE TABLE b(id INTEGER PRIMARY KEY, y TEXT);
  INSERT INTO a(x, n) VALUES('one', 1), ('two', 2), ('three', 3);
  INSERT INTO b(y) VALUES('first');`;

const followed = ({ directory }: FollowedRun) => readdirSync(directory).filter((file) => file.includes("follow-"));
const heldOf = async ({ target }: FollowedRun) =>
  (await query<{ held: string }>(target, "select held::text as held from changeover.run"))[0]?.held ?? "";
const waits = (run: FollowedRun) => run.until("a table waits", async () => (await heldOf(run)).includes('"since"'));
const flows = (run: FollowedRun) => run.until("all tables flow", async () => (await heldOf(run)) === "[]");

/** Each: what the application does, and how the table is called then. */
const CHANGES: readonly (readonly [name: string, sql: string, table: string])[] = [
  [
    "adds a column with a default",
    "ALTER TABLE a ADD COLUMN d INT NOT NULL DEFAULT 7; UPDATE a SET d = 8 WHERE id = 1",
    "a",
  ],
  ["drops a column", "ALTER TABLE a DROP COLUMN n", "a"],
  ["renames a column", "ALTER TABLE a RENAME COLUMN x TO xx", "a"],
  ["renames the table", "ALTER TABLE a RENAME TO aa; INSERT INTO aa(x) VALUES('renamed')", "aa"],
  [
    "adds a column and changes its mind",
    "ALTER TABLE a ADD COLUMN d TEXT; ALTER TABLE a RENAME COLUMN d TO e; UPDATE a SET e = 'e'",
    "a",
  ],
  ["makes a table", "CREATE TABLE c(id INTEGER PRIMARY KEY, z TEXT); INSERT INTO c(z) VALUES('new')", "c"],
];

const ADDITIVE = [
  "ALTER TABLE a ADD COLUMN d INT NOT NULL DEFAULT 7; UPDATE a SET d = 8 WHERE id = 1; DELETE FROM a WHERE id = 2",
  "ALTER TABLE a ADD COLUMN e TEXT DEFAULT 'it''s'; INSERT INTO a(x) VALUES('new')",
  "ALTER TABLE a ADD COLUMN f REAL; UPDATE a SET f = id + 0.5",
  "CREATE TABLE c(id INTEGER PRIMARY KEY, a_id INT REFERENCES a(id), z TEXT); INSERT INTO c(a_id, z) VALUES(1, 'c')",
  "CREATE INDEX a_d ON a(d)",
  "CREATE VIEW v AS SELECT id, d FROM a",
];

describe("a sync that follows the source's schema", () => {
  it.each(CHANGES)("writes a file and goes on by itself after `up`: the application %s", async (_, sql, table) => {
    const run = await followedRun(SCHEMA);
    run.start();
    await run.synced();
    run.application.exec("INSERT INTO a(x) VALUES('before')");
    run.application.exec(sql);
    run.application.exec("INSERT INTO b(y) VALUES('flows')");
    await waits(run);
    // Tables that it is not about go on.
    await run.equal("b");
    expect(followed(run)).toHaveLength(1);
    await run.migration.migrations.up();
    await flows(run);
    await run.equal(table);
    run.application.exec(`DELETE FROM "${table}" WHERE id = 1`);
    await run.equal(table);
    const check = await run.migration.check();
    expect(check).toMatchObject({ ok: true, differences: 0 });
  });

  it("compares a table that was rebuilt, and brings what was changed meanwhile", async () => {
    const run = await followedRun(SCHEMA);
    run.start();
    await run.synced();
    run.application.exec(`BEGIN; CREATE TABLE n(id INTEGER PRIMARY KEY, x TEXT, n INT); INSERT INTO n SELECT * FROM a;
      DROP TABLE a; ALTER TABLE n RENAME TO a; UPDATE a SET x = 'unlogged' WHERE id = 2; DELETE FROM a WHERE id = 3;
      INSERT INTO a VALUES(9, 'unlogged', 9); COMMIT`);
    await run.equal("a");
    await flows(run);
    expect(run.messages.join("\n")).toContain("comparing a");
    expect(run.messages.join("\n")).not.toContain("copied again");
    run.application.exec("INSERT OR REPLACE INTO a VALUES(9, 'logged', 10)");
    await run.equal("a");
  });

  it("brings rows that a new unique index let others replace unlogged", async () => {
    const run = await followedRun(SCHEMA);
    run.start();
    await run.synced();
    run.application.exec(
      "CREATE UNIQUE INDEX a_x ON a(x); INSERT OR REPLACE INTO a(id, x) VALUES(20, 'two');" +
        "INSERT INTO b(y) VALUES('c')",
    );
    await waits(run);
    await run.equal("b");
    await run.migration.migrations.up();
    await flows(run);
    await run.equal("a");
  });

  it("goes on after it was stopped while a table waited", async () => {
    const run = await followedRun(SCHEMA);
    const first = run.start();
    await run.synced();
    run.application.exec("ALTER TABLE a ADD COLUMN d TEXT; INSERT INTO a(x, d) VALUES('with', 'd')");
    await waits(run);
    await first.stop();
    run.application.exec("DELETE FROM a WHERE id = 2; INSERT INTO b(y) VALUES('meanwhile')");
    await run.migration.migrations.up();
    run.start();
    await run.equal("a");
    await run.equal("b");
    expect(followed(run)).toHaveLength(1);
    const text = readFileSync(join(run.directory, followed(run)[0] ?? ""), "utf8");
    expect(text).toContain("alter table a add column d text");
    expect(text).toContain("alter table a drop column d;");
  });

  it("lets nothing that needs all tables go on while one waits", async () => {
    const run = await followedRun(SCHEMA);
    const first = run.start();
    await run.synced();
    run.application.exec("ALTER TABLE a DROP COLUMN n");
    await waits(run);
    await expect(run.migration.check()).rejects.toMatchObject({ code: "SCHEMA_WAITING" });
    await expect(run.migration.cutover()).rejects.toMatchObject({
      code: expect.stringMatching(/^(SCHEMA_WAITING|MIGRATIONS_PENDING)$/),
    });
    await first.stop();
    await expect(run.migration.sync({ until: "caught-up" })).rejects.toMatchObject({ code: "SCHEMA_WAITING" });
  });

  it("applies what only adds in the batch that brings it", async () => {
    const run = await followedRun(SCHEMA);
    run.start("apply");
    await run.synced();
    for (const [index, sql] of ADDITIVE.entries()) {
      run.application.exec(`${sql}; INSERT INTO b(y) VALUES('${index}')`);
      await run.equal("b");
    }
    await run.equal("a");
    await run.equal("c");
    await flows(run);
    // The view is noticed behind the batch that brings the last row.
    const applied = () => run.messages.filter((message) => message.includes("is applied")).length;
    await run.until("all are applied", () => applied() >= ADDITIVE.length);
    expect(applied()).toBe(ADDITIVE.length);
    expect(run.messages.join("\n")).not.toContain("comparing");
    const views = await query<{ n: number }>(run.target, "select count(*)::int as n from v");
    expect(views[0]?.n).toBe(3);
    await expect(run.migration.migrations.up()).resolves.toEqual([]);
    expect(await run.migration.check()).toMatchObject({ ok: true, differences: 0 });
  });

  it("applies nothing that takes something away", async () => {
    const run = await followedRun(SCHEMA);
    run.start("apply");
    await run.synced();
    run.application.exec(
      "ALTER TABLE a DROP COLUMN n; ALTER TABLE b ADD COLUMN more TEXT; INSERT INTO b(y) VALUES('z')",
    );
    await waits(run);
    // What only adds keeps nobody waiting.
    await run.equal("b");
    expect(followed(run)).toHaveLength(2);
    const columns = "select 1 from information_schema.columns where table_name = 'a' and column_name = 'n'";
    expect(await query(run.target, columns)).toHaveLength(1);
    await run.migration.migrations.up();
    await flows(run);
    await run.equal("a");
    await run.equal("b");
  });

  it("stops where it is told to", async () => {
    const run = await followedRun(SCHEMA);
    const sync = run.start("stop");
    await run.synced();
    run.application.exec("ALTER TABLE a ADD COLUMN d INT");
    await expect(sync.ended).rejects.toMatchObject({ code: "SCHEMA_DRIFT" });
    expect(followed(run)).toEqual([]);
  });
});
