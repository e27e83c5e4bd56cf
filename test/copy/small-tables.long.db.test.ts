import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const tableOf = (name: string) => `CREATE TABLE ${name}(id INTEGER PRIMARY KEY, v TEXT, b BLOB); `;
const rowsOf = (name: string) =>
  `INSERT INTO ${name} VALUES(1, 'of ${name}', NULL), (2, NULL, x'00ff'), (3, 'tab\t"quote"', x'');`;
const TABLES = Array.from({ length: 40 }, (_, index) => `t${index}`);

/** Forty small tables and a large one. `more` comes after what makes them. */
async function manyTables({
  more = "",
  target: moreOfTarget = "",
}: {
  readonly more?: string;
  readonly target?: string;
} = {}) {
  const { path, application } = await sqliteFile(`
    ${TABLES.map((name, index) => tableOf(name) + (index % 5 === 0 ? "" : rowsOf(name))).join("\n")}
    CREATE TABLE large(k TEXT PRIMARY KEY NOT NULL); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
      WHERE i < 3000) INSERT INTO large SELECT 'k' || i FROM n; ${more}`);
  const { url, target, session } = await emptyTarget(
    `${TABLES.map((name) => `create table ${name}(id bigint primary key, v text, b bytea);`).join("\n")} ` +
      `create table large(k text primary key); ${moreOfTarget}`,
  );
  onTestFinished(() => target.close());
  const details: string[] = [];
  const migration = openMigration({
    source: path,
    target: url,
    migrationsDirectory: temporaryDirectory(),
    onEvent: (event) => void (event.type === "progress" && event.phase === "copy" && details.push(event.detail ?? "")),
  });
  onTestFinished(() => migration.close());
  const copied = () =>
    session.rows<{ source: string; copied: number; done: boolean }>(
      "select source, copied::int as copied, done from changeover.table_state order by id",
    );
  return { application, copied, details, migration, session };
}

const ROWS = 3_000 + 32 * 3;

it("go over together, in a run at rest and alongside an application", async () => {
  const rest = await manyTables();
  expect(await rest.migration.data()).toMatchObject({ rows: ROWS, check: { differences: 0 } });
  expect(rest.details).toEqual(expect.arrayContaining(["large", "32 small tables", "8 small tables"]));
  expect(
    (await rest.copied()).filter(({ done, source }) => done && source !== "large").map(({ copied }) => copied),
  ).toEqual(TABLES.map((_, index) => (index % 5 === 0 ? 0 : 3)));
  const live = await manyTables();
  await live.migration.sync({ until: "caught-up" });
  await live.application.execute("UPDATE t7 SET v = 'changed'");
  await live.migration.sync({ until: "caught-up" });
  expect(await live.migration.check()).toMatchObject({ ok: true, rows: ROWS, differences: 0 });
});

it("go one by one where one of them has a row that the target refuses, and that table is named", async () => {
  const { application, copied, migration } = await manyTables({
    target: "alter table t13 add inverse bigint generated always as (1 / (length(v) - 6)) stored",
  });
  await expect(migration.data()).rejects.toMatchObject({
    code: "VALUE_NOT_CONVERTIBLE",
    message: expect.stringContaining("t13") as string,
  });
  await application.execute("UPDATE t13 SET v = NULL");
  await migration.data();
  expect((await copied()).every(({ done }) => done)).toBe(true);
});

it("are not held up by rules, nor by columns whose values are always generated", async () => {
  const { migration } = await manyTables({
    target:
      "create rule away as on insert to t11 do instead nothing; alter table t12 alter id add generated always " +
      "as identity",
  });
  expect(await migration.data()).toMatchObject({ rows: ROWS, check: { differences: 0 } });
});

it("are read to their end if they have grown since they were looked at", async () => {
  const { application, copied, migration, session } = await manyTables();
  await migration.sync({ until: "caught-up" });
  // As if it had been looked at before.
  await session.run(
    "update changeover.table_state set done = false, copied = 0, position = null, rows = 3; " +
      "update changeover.run set phase = 'copying', watermark = 0",
  );
  for (const name of [...TABLES, "large"]) await session.run(`truncate ${name}`);
  await application.execute("INSERT INTO t3 SELECT 10 + rowid, k, NULL FROM large");
  await migration.sync({ until: "caught-up" });
  expect(await migration.check()).toMatchObject({ ok: true, rows: ROWS + 3_000, differences: 0 });
  expect((await copied()).find(({ source }) => source === "t3")).toMatchObject({ done: true });
});
