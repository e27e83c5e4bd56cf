import { describe, expect, it } from "vitest";
import type { MigrationRunOptions } from "../../../src/schema/migrate/migrate-settings.ts";
import { migrateDown, migrateRedo, migrateUp } from "../../../src/schema/migrate/migrate-target.ts";
import { type Project, project, sqlMigration, wholeDatabase } from "../../support/migrations.ts";
import { emptyDatabase, query } from "../../support/target.ts";

const ITEMS = sqlMigration("create table items(id bigint primary key, name text)", "drop table items");
const PRICE = sqlMigration(
  "alter table items add column price numeric;\ncreate index items_price on items(price)",
  "alter table items drop column price",
);

async function applied(
  files: Readonly<Record<string, string>> = { "0001_items.sql": ITEMS, "0002_price.sql": PRICE },
): Promise<{ readonly url: string; readonly files: Project; readonly options: MigrationRunOptions }> {
  const url = await emptyDatabase();
  const made = project(files);
  const options = { url, directory: made.directory };
  await migrateUp(options);
  await query(url, "insert into items(id, name) values (1, 'a')");
  return { url, files: made, options };
}

/** What refuses must leave the database as it was, down to its rows. */
async function expectRefusal(
  url: string,
  work: () => Promise<unknown>,
  expected: { readonly code: string; readonly message?: RegExp; readonly hint?: RegExp },
): Promise<void> {
  const before = await wholeDatabase(url);
  const error = await work().then(
    () => null,
    (thrown: unknown) => thrown as { code: string; message: string; hint: string },
  );
  expect(error).toMatchObject({
    code: expected.code,
    message: expect.stringMatching(expected.message ?? /./) as string,
    hint: expect.stringMatching(expected.hint ?? /./) as string,
  });
  expect(await wholeDatabase(url)).toEqual(before);
}

const VERBS = { up: migrateUp, down: migrateDown, redo: migrateRedo };

describe("an applied file that changed", () => {
  it("is refused by up, down and redo, with a diff, until the change is accepted", async () => {
    const { url, files, options } = await applied();
    files.write({
      "0002_price.sql": PRICE.replace("items(price)", "items(price desc)"),
      "0003_more.sql": sqlMigration("create table more(id int)", "drop table more"),
    });
    for (const verb of Object.values(VERBS))
      await expectRefusal(url, () => verb(options), {
        code: "MIGRATION_CHANGED",
        message: new RegExp(
          String.raw`0002_price \(20.*by .*@.*\)\n[^]*^-create index items_price on items\(price\);$\n` +
            String.raw`^\+create index items_price on items\(price desc\);$`,
          "m",
        ),
        hint: /--show 0002_price.*--accept-changed/,
      });
    expect(await migrateUp({ ...options, acceptChanged: true })).toEqual(["0003_more"]);
    expect(await migrateUp(options)).toEqual([]);
  });

  it("is the same file with other line endings", async () => {
    const { files, options } = await applied();
    files.write({ "0001_items.sql": `\uFEFF${ITEMS.replaceAll("\n", "\r\n")}` });
    expect(await migrateUp(options)).toEqual([]);
  });

  it("is accepted even if there is nothing to apply", async () => {
    const { url, files, options } = await applied();
    files.write({ "0001_items.sql": `${ITEMS}-- a comment\n` });
    await expectRefusal(url, () => migrateUp(options), { code: "MIGRATION_CHANGED", message: /\+-- a comment/ });
    expect(await migrateUp({ ...options, acceptChanged: true })).toEqual([]);
    expect(await migrateUp(options)).toEqual([]);
    expect(
      await query(
        url,
        "select applied_by is not null as known, text like '%-- a comment%' as text " +
          "from changeover.migration_record where name = '0001_items'",
      ),
    ).toEqual([{ known: true, text: true }]);
  });
});

it("a missing applied file is refused by up, down and redo, and can be printed", async () => {
  const { url, files, options } = await applied();
  files.write({ "0001_items.sql": null });
  for (const verb of Object.values(VERBS))
    await expectRefusal(url, () => verb(options), {
      code: "MIGRATION_MISSING",
      message: /0001_items/,
      hint: /--show 0001_items/,
    });
  expect(await query(url, "select text from changeover.migration_record where name = '0001_items'")).toEqual([
    { text: ITEMS },
  ]);
});

it("a file that comes before an applied one is refused by up, and does not stop a down", async () => {
  const { url, files, options } = await applied({ "0001_items.sql": ITEMS, "0003_price.sql": PRICE });
  files.write({ "0002_late.sql": sqlMigration("create table late(id int)", "drop table late") });
  await expectRefusal(url, () => migrateUp(options), {
    code: "MIGRATION_OUT_OF_ORDER",
    message: /although a later one \(0003_price\) is: 0002_late/,
    hint: /rename/,
  });
  expect(await migrateDown(options)).toEqual(["0003_price"]);
  expect(await migrateUp(options)).toEqual(["0002_late", "0003_price"]);
});

it("a failing migration is rolled back with those before it, and its line is named", async () => {
  const { url, files, options } = await applied();
  files.write({
    "0003_fine.sql": sqlMigration("create table fine(id int)", "drop table fine"),
    "0004_wrong.sql": "-- Up Migration\ncreate table t(id int);\nselect\n  nonsense;\n-- Down Migration\n",
  });
  await expectRefusal(url, () => migrateUp(options), {
    code: "MIGRATION_FAILED",
    message: /0004_wrong failed at line 4, and it was rolled back: column "nonsense"/,
  });
  files.write({ "0004_wrong.sql": sqlMigration("insert into items values (1, 'secret')", "select 1") });
  await expectRefusal(url, () => migrateUp(options), { code: "MIGRATION_FAILED", message: /^(?!.*secret)/ });
});

it("a failing statement among several is named by its line, though PostgreSQL gives no position", async () => {
  const { url, files, options } = await applied();
  const body = "create table t(id int); -- a; b\n/* one;\n two */\n\n-- 😀\ninsert into t values ('1');\n";
  const fails = async (statement: string, line: number) => {
    files.write({ "0004_wrong.sql": `-- Up Migration\n${body}${statement};\nselect 1;\n-- Down Migration\n` });
    await expectRefusal(url, () => migrateUp(options), {
      code: "MIGRATION_FAILED",
      message: new RegExp(`0004_wrong failed at line ${line}, and it was rolled back`),
    });
  };
  await fails("-- again\ncreate table t(id int)", 9);
  await fails("select '1;2', 1 /\n 0", 8);
  await fails("do $$ begin\n perform 1;\n raise 'no';\nend $$", 8);
  await fails("select 1,\n nonsense", 9);
});

it("a redo whose up fails undoes nothing", async () => {
  const { url, files, options } = await applied();
  files.write({ "0002_price.sql": PRICE.replace("add column price numeric", "add column price numeric; select 1/0") });
  await expectRefusal(url, () => migrateRedo({ ...options, acceptChanged: true }), {
    code: "MIGRATION_FAILED",
    message: /division by zero/,
  });
});

describe("a file that cannot be run as it is", () => {
  const FILES: Readonly<
    Record<
      string,
      {
        readonly files: Readonly<Record<string, string>>;
        readonly code: string;
        readonly verb?: keyof typeof VERBS;
        readonly to?: string;
      }
    >
  > = {
    "that commits by itself": {
      files: { "0003_x.sql": sqlMigration("create table t(id int); COMMIT; create table u(id int)", "select 1") },
      code: "MIGRATION_OWN_TRANSACTION",
    },
    "without a number": { files: { "x.sql": "select 1" }, code: "MIGRATION_NAME" },
    "called like another": {
      files: { "0003_x.sql": "select 1", "0003_x.mjs": "export const up = () => {}" },
      code: "MIGRATION_NAME",
    },
    "that is no program": { files: { "0003_x.mjs": "export const up = (" }, code: "MIGRATION_UNREADABLE" },
    "that hides its lack of a transaction": {
      files: {
        "0003_x.mjs": "export const up = (pgm) => { pgm['no' + 'Transaction'](); pgm.sql('create table t(id int)'); }",
      },
      code: "MIGRATION_NO_TRANSACTION",
    },
    "that nobody knows": { files: {}, to: "0009", code: "MIGRATION_UNKNOWN" },
    "that may be one of two": { files: {}, to: "00", code: "MIGRATION_UNKNOWN" },
  };

  let url: string | undefined;
  for (const [what, { code, files, to, verb = "up" }] of Object.entries(FILES)) {
    it(`${what} is refused`, async () => {
      // A refusal leaves the database as it was, so one serves all.
      url ??= (await applied()).url;
      const target = url;
      const { directory } = project({ "0001_items.sql": ITEMS, "0002_price.sql": PRICE, ...files });
      await expectRefusal(target, () => VERBS[verb]({ url: target, directory, ...(to === undefined ? {} : { to }) }), {
        code,
      });
    });
  }

  it("without a down section is not undone", async () => {
    const { url, options } = await applied({ "0001_items.sql": "create table items(id bigint, name text)" });
    await expectRefusal(url, () => migrateDown(options), { code: "MIGRATION_NO_DOWN", message: /0001_items/ });
  });
});

it("a missing directory is reported before a missing database", async () => {
  await expect(migrateUp({ url: "postgres://nobody@127.0.0.1:1/none", directory: "/nowhere" })).rejects.toMatchObject({
    code: "MIGRATIONS_MISSING",
  });
});

it("a refusal creates nothing in a database without migrations, not even our own schema", async () => {
  const url = await emptyDatabase();
  const { directory } = project({ "0001_x.mjs": "export const up = (" });
  await expectRefusal(url, () => migrateUp({ url, directory }), { code: "MIGRATION_UNREADABLE" });
  expect(await wholeDatabase(url)).not.toContain("schema changeover");
});

it("up and down go as far as requested", async () => {
  const { url, files, options } = await applied();
  files.write({
    "0003_a.sql": sqlMigration("create table a(id int)", "drop table a"),
    "0004_b.sql": sqlMigration("create table b(id int)", "drop table b"),
  });
  expect(await migrateUp({ ...options, to: "0003" })).toEqual(["0003_a"]);
  expect(await migrateUp({ ...options, count: 1 })).toEqual(["0004_b"]);
  expect(await migrateRedo({ ...options, count: 2 })).toEqual(["0003_a", "0004_b"]);
  expect(await migrateDown({ ...options, to: "0002_price.sql" })).toEqual(["0004_b", "0003_a"]);
  expect(await query(url, "select name from changeover.migration_record order by 1")).toEqual([
    { name: "0001_items" },
    { name: "0002_price" },
  ]);
});
