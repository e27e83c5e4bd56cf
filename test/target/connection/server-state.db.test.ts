import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openMigration } from "../../../src/migration.ts";
import { migrateUp } from "../../../src/schema/migrate/migrate-target.ts";
import { refuseUnfitServer, type ServerState } from "../../../src/target/connection/server-state.ts";
import { openTarget } from "../../../src/target/target.ts";
import { project, sqlMigration } from "../../support/migrations.ts";
import { sqliteFile } from "../../support/source.ts";
import { emptyDatabase, query } from "../../support/target.ts";

const FIT: ServerState = {
  version: 180_000,
  encoding: "UTF8",
  isStandby: false,
  isReadOnly: false,
  waitsForStandby: false,
  pooling: "none",
};

describe("a server that cannot hold a migrated database", () => {
  it.each([
    [{ version: 130_022 }, "TARGET_VERSION"],
    [{ isStandby: true, isReadOnly: true }, "TARGET_READ_ONLY"],
    [{ isReadOnly: true }, "TARGET_READ_ONLY"],
    [{ encoding: "LATIN1" }, "TARGET_ENCODING"],
    [{ waitsForStandby: true }, "TARGET_STANDBY"],
  ])("is refused: %j", (wrong, code) => {
    expect(() => refuseUnfitServer(FIT, "x")).not.toThrow();
    expect(() => refuseUnfitServer({ ...FIT, ...wrong }, "x")).toThrow(expect.objectContaining({ code }));
  });

  it("is refused by every command alike before the first write, and can still be asked for its status", async () => {
    const url = await emptyDatabase();
    const name = new URL(url).pathname.slice(1);
    await query(url, `alter database ${name} set default_transaction_read_only = on`);
    const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1);");
    const { directory } = project({
      "0001_t.sql": sqlMigration("create table t(id bigint primary key)", "drop table t"),
    });
    const migration = openMigration({ source: path, target: url, migrationsDirectory: directory });
    expect((await migration.validate()).findings.map(({ code }) => code)).toContain("TARGET_READ_ONLY");
    for (const refused of [
      () => migration.data(),
      () => migration.sync({ until: "caught-up" }),
      () => migration.cutover(),
      () => migration.migrations.up(),
    ])
      await expect(refused()).rejects.toMatchObject({ code: "TARGET_READ_ONLY" });
    expect(await migration.status()).toMatchObject({ phase: "new" });
  });
});

it("timeouts of a role or a database end neither our sessions nor migrations", async () => {
  const url = await emptyDatabase();
  const name = new URL(url).pathname.slice(1);
  for (const setting of [
    "transaction_timeout",
    "idle_session_timeout",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
  ])
    await query(url, `alter database ${name} set ${setting} = '200ms'`);
  const target = openTarget({ url });
  const session = await target.session();
  await delay(400);
  await session.transaction(async (tx) => {
    await tx.rows("select pg_sleep(0.3)");
    await delay(300);
    await tx.rows("select 1");
  });
  await target.close();
  const { directory } = project({ "0001_slow.sql": sqlMigration("select pg_sleep(0.4)", "select 1") });
  expect(await migrateUp({ url, directory })).toEqual(["0001_slow"]);
});
