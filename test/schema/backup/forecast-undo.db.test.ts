import { describe, expect, it, onTestFinished } from "vitest";
import { type Migration, openMigration } from "../../../src/migration.ts";
import { migrateUp } from "../../../src/schema/migrate/migrate-target.ts";
import { project, sqlMigration } from "../../support/migrations.ts";
import { emptyDatabase, query } from "../../support/target.ts";

async function opened(files: Readonly<Record<string, string>>): Promise<{ url: string; migration: Migration }> {
  const url = await emptyDatabase();
  const { directory } = project(files);
  await migrateUp({ url, directory });
  const migration = openMigration({ target: url, migrationsDirectory: directory });
  onTestFinished(() => migration.close());
  return { url, migration };
}

const ITEMS = sqlMigration(
  "create table items(id bigint primary key, name text); insert into items select n, 'x' from generate_series(1, 3) n",
  "drop table items",
);

describe("a forecast of down", () => {
  it("lists the files in the order in which they go, with tables, columns and rows", async () => {
    const { migration } = await opened({
      "0001_items.sql": ITEMS,
      "0002_price.sql": sqlMigration(
        "alter table items add price int, add note text; update items set price = 1",
        "alter table items drop column price, drop column note",
      ),
      "0003_view.sql": sqlMigration("create view cheap as select * from items", "drop view cheap"),
    });
    const files = await migration.migrations.forecast("down", { count: 3 });
    expect(files.map(({ name }) => name)).toEqual(["0003_view", "0002_price", "0001_items"]);
    expect(files.map(({ takes }) => takes.map(({ column, how, rows, table }) => [how, table, column, rows]))).toEqual([
      [],
      [
        ["column-dropped", "items", "price", 3],
        ["column-dropped", "items", "note", 3],
      ],
      [["dropped", "items", null, 3]],
    ]);
    expect(files[2]?.takes[0]?.bytes).toBeGreaterThan(0);
  });

  it("follows names that later files have changed, and finds tables by search_path and schema", async () => {
    const { migration, url } = await opened({
      "0001_items.sql": ITEMS,
      "0002_rename.sql": sqlMigration(
        "alter table items rename to goods; alter table goods rename column name to title",
        "alter table goods rename column title to name; alter table goods rename to items",
      ),
      "0003_drop.sql": sqlMigration(
        "create schema old; create table old.a(x int); create table old.b(x int)",
        "drop schema old cascade",
      ),
    });
    await query(url, "create schema other; create table other.items(id int)");
    const files = await migration.migrations.forecast("down", { count: 3 });
    expect(files.flatMap(({ takes }) => takes.map(({ how, schema, table }) => [how, schema, table]))).toEqual([
      ["dropped", "old", "a"],
      ["dropped", "old", "b"],
      ["dropped", "public", "goods"],
    ]);
  });

  it("says which parts tell only when they run", async () => {
    const { migration } = await opened({
      "0001_a.sql": sqlMigration("create type mood as enum ('a')", "drop type mood cascade"),
      "0002_b.sql": sqlMigration("select 1", "do $$ begin perform 1; end $$; select setval('s', 1), tidy()"),
      "0003_c.mjs":
        "export const up = () => {}; export const down = async (pgm) => { await pgm.db.query('select 1'); };",
    });
    const files = await migration.migrations.forecast("down", { count: 3 });
    expect(files.map(({ unknown }) => unknown)).toEqual([
      ["a script that queries the database"],
      ["a DO block", "the function tidy"],
      ["DROP TYPE … CASCADE"],
    ]);
  });

  it("counts a partitioned table by its partitions, and a locked one by estimate, without waiting", async () => {
    const { migration, url } = await opened({
      "0001_p.sql": sqlMigration(
        "create table p(id int) partition by range (id); create table p1 partition of p for values from (0) to (9);" +
          "insert into p values (1), (2)",
        "drop table p",
      ),
    });
    const [file] = await migration.migrations.forecast("down");
    expect(file?.takes).toMatchObject([{ table: "p", rows: 2, counted: true }]);
    const { default: pg } = await import("pg");
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query("begin; lock table p in access exclusive mode");
    expect((await migration.migrations.forecast("down"))[0]?.takes).toMatchObject([{ table: "p", counted: false }]);
  });
});

describe("what was agreed to", () => {
  const SLY = sqlMigration("select 1", "do $$ begin execute 'drop table ' || 'items'; end $$");

  it("binds down: a DO block that drops a table with rows is refused, until all is agreed to", async () => {
    const { migration, url } = await opened({ "0001_items.sql": ITEMS, "0002_sly.sql": SLY });
    const agreed = await migration.migrations.forecast("down");
    await expect(migration.migrations.down({ agreed })).rejects.toMatchObject({
      code: "DOWN_TAKES_MORE",
      message: expect.stringContaining("the rows of items") as string,
    });
    expect(await query(url, "select count(*)::int as n from items")).toEqual([{ n: 3 }]);
    const { directory } = project({});
    expect(await migration.migrations.down({ backupDirectory: directory })).toEqual(["0002_sly"]);
  });

  it("binds redo to the column that was listed", async () => {
    const { migration } = await opened({
      "0001_items.sql": ITEMS,
      "0002_price.sql": sqlMigration(
        "alter table items add price int, add note text; update items set price = 1, note = 'x'",
        "alter table items drop price; do $$ begin execute 'alter table items drop note'; end $$",
      ),
    });
    const agreed = await migration.migrations.forecast("redo");
    await expect(migration.migrations.redo({ agreed })).rejects.toMatchObject({
      code: "DOWN_TAKES_MORE",
      message: expect.stringMatching(/takes away note of items\. Nothing/) as string,
    });
  });

  it("is void once another process has undone something", async () => {
    const { migration } = await opened({
      "0001_a.sql": sqlMigration("create table a(x int)", "drop table a"),
      "0002_b.sql": sqlMigration("create table b(x int)", "drop table b"),
    });
    const agreed = await migration.migrations.forecast("down");
    await migration.migrations.down();
    await expect(migration.migrations.down({ agreed })).rejects.toMatchObject({ code: "MIGRATIONS_MOVED_ON" });
    expect((await migration.migrations.list()).map(({ state }) => state)).toEqual(["applied", "pending"]);
  });
});
