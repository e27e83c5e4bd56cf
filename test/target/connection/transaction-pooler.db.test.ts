import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../../src/migration.ts";
import { directAddressHint } from "../../../src/target/connection/transaction-pooler.ts";
import { poolerTo } from "../../support/pooler.ts";
import { sqliteFile, temporaryDirectory } from "../../support/source.ts";
import { emptyDatabase, query } from "../../support/target.ts";

const LEFT =
  "select (select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database " +
  "where datname = current_database()))::int as locks, to_regclass('changeover.run') is not null as run";

it("through a pooler in transaction mode, up and status work, and what needs a session is refused first", async () => {
  const direct = await emptyDatabase();
  const { url } = await poolerTo(direct);
  const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1);");
  const migration = openMigration({
    source: path,
    target: url,
    migrationsDirectory: `${temporaryDirectory()}/migrations`,
  });
  await migration.schema({ write: true, target: false });
  await expect(migration.sync({ until: "caught-up" })).rejects.toMatchObject({ code: "TARGET_POOLER" });
  expect(await query(direct, LEFT)).toEqual([{ locks: 0, run: false }]);
  expect(await migration.migrations.up()).toHaveLength(1);
  expect(await migration.status()).toMatchObject({ phase: "new" });
  for (const refused of [
    () => migration.data(),
    () => migration.check(),
    () => migration.validate(),
    () => migration.cutover(),
  ])
    await expect(refused()).rejects.toMatchObject({
      code: "TARGET_POOLER",
      hint: expect.stringContaining("own host") as unknown,
    });
  // A setting of ours on a shared connection would let other clients past the fence.
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  onTestFinished(() => other.end());
  for (let connection = 0; connection < 6; connection++)
    expect((await other.query("select nullif(current_setting('changeover.session', true), '') as own")).rows).toEqual([
      { own: null },
    ]);
  expect(await query(direct, LEFT)).toEqual([{ locks: 0, run: true }]);
  expect(await query(direct, "select (select count(*) from changeover.run) + (select count(*) from t) as n")).toEqual([
    { n: "0" },
  ]);
});

it.each([
  ["ep-cool-1-pooler.eu-central-1.aws.neon.tech", 5432, "ep-cool-1.eu-central-1.aws.neon.tech"],
  ["aws-0-eu-central-1.pooler.supabase.com", 6543, "aws-0-eu-central-1.pooler.supabase.com:5432"],
  ["shop.proxy-abc.eu-central-1.rds.amazonaws.com", 5432, "endpoint of the database instance"],
  ["db-do-user-1.b.db.ondigitalocean.com", 25_061, ":25060"],
  ["pgbouncer.internal", 6432, "pool_mode = session"],
])("the hint names the direct address of %s:%i", (host, port, text) => {
  const hint = directAddressHint({ endpoints: [{ host, port, address: null, password: null }] });
  expect(hint).toContain(text);
});
