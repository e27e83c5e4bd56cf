import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { messageOf } from "../../../src/errors.ts";
import { openMigration } from "../../../src/migration.ts";
import { renderRollback } from "../../../src/schema/migrate/rollback-file.ts";
import { parsePgStatements } from "../../../src/schema/prove/lint/pg-statements.ts";
import { openTarget } from "../../../src/target/target.ts";
import { catalogueOf } from "../../support/catalogue.ts";
import { runCli } from "../../support/cli.ts";
import { project } from "../../support/migrations.ts";
import { temporaryDirectory } from "../../support/source.ts";
import { emptyDatabase, query } from "../../support/target.ts";

const FILES: Readonly<Record<string, string>> = {
  "0001_people.sql":
    "-- Up Migration\ncreate table people (id integer primary key, name text);\n-- Down Migration\ndrop table " +
    "people -- and all of them\n",
  "0002_pets.ts": `import type { MigrationBuilder } from "node-pg-migrate";
export const shorthands = { label: { type: "varchar(40)", notNull: true } };
export async function up(pgm: MigrationBuilder): Promise<void> {
  pgm.createTable("pets", { id: "id", name: "label", owner: { type: "integer", references: "people" } });
}`,
  "0003_search.ts": `import type { MigrationBuilder } from "node-pg-migrate";
export function up(pgm: MigrationBuilder): void { pgm.noTransaction(); pgm.createIndex("pets", "name",
  { name: "pets_search", method: "btree", concurrently: true }); }
export function down(pgm: MigrationBuilder): void { pgm.noTransaction(); pgm.dropIndex("pets", "name",
  { name: "pets_search", concurrently: true }); }`,
  "0004_asks.js": `export const up = (pgm) => pgm.sql("create view named as select name from people");
export const down = async (pgm) => { const [row] = await pgm.db.select({ text: "select $1::text as view",
  values: ["named"] }); pgm.sql("drop view " + row.view); };`,
};

async function applied(files: Readonly<Record<string, string>> = FILES) {
  const { cwd, directory } = project(files);
  const target = await emptyDatabase();
  const empty = await catalogueOf(target);
  const migration = openMigration({ target, migrationsDirectory: directory });
  onTestFinished(() => migration.close());
  await migration.migrations.up();
  return {
    cwd,
    target,
    empty,
    migration,
    print: async (count: number) => (await migration.migrations.rollbackFile({ count })).sql,
  };
}

const LAST = 'array(select name::text from "public"."pgmigrations" order by run_on desc, id desc limit 1)';
const PSQL = ["/usr/lib/postgresql/15/bin/psql", "/usr/bin/psql"].find(existsSync);

/**
 * Runs the file with psql, or where there is none, as psql would send it: statement by statement. Returns the error.
 */
async function runFile(target: string, sql: string): Promise<string> {
  if (PSQL !== undefined) {
    const path = join(temporaryDirectory(), "rollback.sql");
    writeFileSync(path, sql);
    return promisify(execFile)(PSQL, ["--no-psqlrc", `--file=${path}`, target]).then(
      () => "",
      (error: { stderr: string }) => error.stderr,
    );
  }
  const parsed = await parsePgStatements({
    steps: [{ sql: sql.replace(/^\\.*$/gm, ""), line: 1 }],
    transaction: true,
    queries: false,
  });
  const opened = openTarget({ url: target });
  try {
    const session = await opened.session();
    for (const statement of "statements" in parsed ? parsed.statements : []) await session.run(statement.sql);
    return "";
  } catch (error) {
    return messageOf(error);
  } finally {
    await opened.close();
  }
}

describe("a rollback file", () => {
  it("undoes all migrations with psql alone, including scripts and files outside transactions", async () => {
    const { cwd, empty, target } = await applied();
    const printed = await runCli(["down", "4", "--print", "--target", target, "--migrations-dir", "migrations"], {
      cwd,
    });
    expect(printed.stdout).toContain("The script queried the database");
    expect(await query(target, "select count(*)::int as n from pgmigrations")).toEqual([{ n: 4 }]);
    expect(await runFile(target, printed.stdout)).toBe("");
    expect(await catalogueOf(target)).toEqual(empty);
    expect(
      await query(target, "select name from pgmigrations union all select name from changeover.migration_record"),
    ).toEqual([]);
  });

  it("undoes only the last ones, and changeover continues from there", async () => {
    const { migration, print, target } = await applied();
    expect(await runFile(target, await print(2))).toBe("");
    expect(await query(target, "select name from pgmigrations order by id")).toEqual([
      { name: "0001_people" },
      { name: "0002_pets" },
    ]);
    expect(await migration.migrations.up()).toEqual(["0003_search", "0004_asks"]);
  });

  it("does nothing if other migrations are applied than when it was printed", async () => {
    const { print, target } = await applied();
    const sql = await print(1);
    await query(target, "insert into pgmigrations (name, run_on) values ('0005_later', now() + interval '1 second')");
    const before = await catalogueOf(target);
    expect(await runFile(target, sql)).toContain("the last applied migrations are not the ones that this file undoes");
    expect(await catalogueOf(target)).toEqual(before);
  });

  it("rolls back if a statement fails", async () => {
    const { print, target } = await applied({
      "0001_a.sql": "-- Up Migration\ncreate table a (x int);\n-- Down Migration\ndrop table a;\n",
      "0002_b.sql": "-- Up Migration\ncreate table b (x int);\n-- Down Migration\ndrop table b;\ndrop table missing;\n",
    });
    const before = await catalogueOf(target);
    expect(await runFile(target, await print(2))).toContain('table "missing" does not exist');
    expect(await catalogueOf(target)).toEqual(before);
    expect(await query(target, "select count(*)::int as n from pgmigrations")).toEqual([{ n: 2 }]);
  });

  it("is refused if there is no down section, nothing to undo, or no file", async () => {
    const { print, target } = await applied({ "0001_a.sql": "create table a (x int);" });
    await expect(print(1)).rejects.toMatchObject({ code: "MIGRATION_NO_DOWN" });
    await query(target, "update pgmigrations set name = '0001_b'");
    await expect(print(1)).rejects.toMatchObject({ code: "MIGRATION_MISSING" });
    await query(target, "delete from pgmigrations");
    await expect(print(1)).rejects.toMatchObject({ code: "NOTHING_APPLIED" });
  });

  it("is this text", () => {
    const down = {
      steps: [{ sql: '\n-- Down Migration\ndrop table "it\'s";\n', line: 1 }],
      transaction: true,
      queries: false,
    };
    expect(
      renderRollback(
        [{ name: "0001_it's", down }],
        { location: "postgres://me@localhost/app", stateSchema: "changeover" },
        {
          schema: "public",
          name: "pgmigrations",
        },
      ),
    ).toBe(`-- Undoes the migrations 0001_it's, in this order, in postgres://me@localhost/app.
-- Dropping a table deletes its rows: make a backup first. Run it with
--   psql --no-psqlrc --file=THIS_FILE DATABASE
\\set ON_ERROR_STOP on
begin;

-- Stop if other migrations are applied than when this file was created.
do $changeover$
begin
  if ${LAST} is distinct from array['0001_it''s']::text[] then
    raise exception 'the last applied migrations are not the ones that this file undoes';
  end if;
end
$changeover$;

-- 0001_it's
-- Down Migration
drop table "it's";
delete from "public"."pgmigrations" where name = '0001_it''s';
do $changeover$
begin
  if to_regclass('changeover.migration_record') is not null then
    delete from changeover.migration_record where name = '0001_it''s';
  end if;
end
$changeover$;

commit;
`);
  });
});
