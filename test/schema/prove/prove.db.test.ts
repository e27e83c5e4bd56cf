import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type EmbeddedPostgres, openEmbedded } from "../../../src/embedded/embedded.ts";
import { migrateUp } from "../../../src/schema/migrate/migrate-target.ts";
import { type Proof, type ProveOptions, proveMigrations } from "../../../src/schema/prove/prove-migrations.ts";
import { scratchName } from "../../../src/schema/prove/scratch-name.ts";
import { onTargetServer } from "../../../src/schema/prove/scratch-server.ts";
import { runUrl } from "../../../src/target/connection/render-connection.ts";
import { project, sqlMigration } from "../../support/migrations.ts";
import { embeddedDirectory, superuser } from "../../support/superuser.ts";
import { emptyDatabase, query } from "../../support/target.ts";

let embedded: EmbeddedPostgres;
beforeAll(async () => {
  embedded = await openEmbedded({ directory: embeddedDirectory() });
});
afterAll(() => embedded.release());

async function prove(
  files: Readonly<Record<string, string>>,
  options: Omit<ProveOptions, "migrationsDirectory" | "server"> = {},
): Promise<Proof> {
  return proveMigrations({ migrationsDirectory: project(files).directory, server: embedded, ...options });
}

async function scratchDatabases(): Promise<string[]> {
  const rows = await query<{ datname: string }>(
    await superuser(),
    // Other files of tests run at the same time.
    `select datname from pg_database where datname like 'changeover_prove_%_${process.pid.toString(36)}_%'`,
  );
  return rows.map(({ datname }) => datname);
}

const TABLE = "-- Up Migration\ncreate table a (id integer primary key, t text);\n-- Down Migration\ndrop table a;\n";

describe("migrations", () => {
  it("are proved when each down undoes its up, in SQL and in scripts", async () => {
    const proof = await prove({
      "0001_a.sql": TABLE,
      "0002_b.ts": `import type { MigrationBuilder } from "node-pg-migrate";
export const shorthands = { money: { type: "numeric(12,2)" } };
export function up(pgm: MigrationBuilder): void { pgm.createTable("b", { id: "id", price: "money" });
  pgm.createType("mood", ["sad"]); }`,
      "0003_c.js":
        `export const up = (pgm) => { pgm.noTransaction(); pgm.createIndex("b", "price", { concurrently: ` +
        "true }); };",
    });
    expect(proof).toMatchObject({
      ok: true,
      problems: [],
      warnings: [],
      together: 3,
      migrations: [{ outcome: "proved" }, { name: "0002_b", outcome: "proved" }, { outcome: "proved" }],
    });
  });

  it("are not when a down leaves something behind or takes too much: each is named", async () => {
    const proof = await prove({
      "0001_a.sql": TABLE,
      "0002_type.sql":
        "-- Up Migration\ncreate type mood as enum ('sad');\nalter table a add m mood;\n-- Down " +
        "Migration\nalter table a drop m;\n",
      "0003_index.sql":
        "-- Up Migration\ncreate index a_t on a (t);\n-- Down Migration\ndrop index a_t;\nalter table a drop t;\n",
      "0004_fine.sql": "-- Up Migration\ncreate view v as select t from a;\n-- Down Migration\ndrop view v;\n",
    });
    expect(proof.ok).toBe(false);
    expect(proof.migrations.map(({ outcome }) => outcome)).toEqual(["proved", "failed", "failed", "proved"]);
    expect(proof.problems).toMatchObject([
      {
        code: "DOWN_DIFFERS",
        migration: "0002_type",
        missing: [],
        extra: [expect.stringMatching(/^enum type public\.mood owned by \w+: 'sad'$/) as string],
      },
      { code: "DOWN_DIFFERS", migration: "0003_index", missing: ["column public.a.t: text"], extra: [] },
    ]);
  });

  it("are judged by their second result, too", async () => {
    const up =
      "do $$ begin execute format('create table %I (x int)', (select 'called_' || is_called " +
      "from pgmigrations_id_seq)); end $$";
    const proof = await prove({
      "0001_a.sql": `-- Up Migration\n${up};\n-- Down Migration\ndrop table if exists called_false, called_true;\n`,
    });
    expect(proof.problems).toMatchObject([
      {
        code: "UP_AGAIN_DIFFERS",
        missing: [
          "column public.called_false.x: integer",
          expect.stringContaining("table public.called_false") as string,
        ],
      },
    ]);
  });

  it("stop at one that cannot be applied, with PostgreSQL's reason", async () => {
    const proof = await prove({
      "0001_a.sql": TABLE,
      "0002_b.sql": "alter table missing add x integer;",
      "0003_c.sql": "create table c (x integer);",
    });
    expect(proof.migrations.map(({ outcome }) => outcome)).toEqual(["proved", "failed", "not-tried"]);
    expect(proof.problems).toMatchObject([
      {
        code: "UP_FAILED",
        migration: "0002_b",
        message: expect.stringContaining('relation "missing" does not exist') as string,
      },
    ]);
  });

  it("may fail to go down, or up again, and later ones are still tried", async () => {
    const proof = await prove({
      "0001_down.sql": "-- Up Migration\ncreate table a (x integer);\n-- Down Migration\ndrop table b;\n",
      "0002_again.sql":
        "-- Up Migration\ncreate table c (x integer);\ninsert into a values (1);\nselect 1 / (2 - count(*)) " +
        "from a;\n-- Down Migration\ndrop table c;\n",
      "0003_fine.sql": TABLE.replaceAll("table a", "table d"),
    });
    expect(proof.problems).toMatchObject([
      {
        code: "DOWN_FAILED",
        migration: "0001_down",
        message: expect.stringContaining('table "b" does not exist') as string,
      },
      {
        code: "UP_AGAIN_FAILED",
        migration: "0002_again",
        message: expect.stringContaining("division by zero") as string,
      },
    ]);
    expect(proof.migrations.map(({ outcome }) => outcome)).toEqual(["failed", "failed", "proved"]);
  });

  it("may work one by one, but not in one transaction, as `up` applies them", async () => {
    const proof = await prove({
      "0001_enum.sql": "-- Up Migration\ncreate type mood as enum ('sad');\n-- Down Migration\ndrop type mood;\n",
      "0002_table.sql": "-- Up Migration\ncreate table t (m mood);\n-- Down Migration\ndrop table t;\n",
      "0003_value.sql":
        "-- Up Migration\nalter type mood add value 'ok';\n-- changeover: allow DOWN_DIFFERS enum type " +
        "public.mood\n-- changeover: allow DOWN_MISSING\n",
      "0004_default.sql":
        "-- Up Migration\nalter table t alter m set default 'ok';\n-- Down Migration\nalter table t alter m " +
        "drop default;\n",
    });
    expect(proof.migrations.map(({ outcome }) => outcome)).toEqual(["proved", "proved", "one-way", "proved"]);
    expect(proof).toMatchObject({ ok: true, together: 1 });
  });

  it("may lack a down section if a comment allows it; later ones are then proved together", async () => {
    const files = {
      "0001_a.sql": TABLE,
      "0002_rows.sql": "insert into a values (1);\n",
      "0003_b.sql": TABLE.replaceAll("table a", "table b"),
    };
    expect(await prove(files)).toMatchObject({
      ok: false,
      problems: [{ code: "DOWN_MISSING", migration: "0002_rows" }],
    });
    expect(
      await prove({ ...files, "0002_rows.sql": "-- changeover: allow DOWN_MISSING\ninsert into a values (1);\n" }),
    ).toMatchObject({
      ok: true,
      together: 1,
      migrations: [{ outcome: "proved" }, { outcome: "one-way" }, { outcome: "proved" }],
    });
  });

  it("may allow certain differences, and no others", async () => {
    const left = (allow: string) => ({
      "0001_a.sql":
        "-- Up Migration\ncreate schema if not exists s;\ncreate table if not exists keep (x integer);\n-- Down " +
        `Migration\n-- changeover: allow DOWN_DIFFERS ${allow}\ndrop schema s;\n`,
    });
    expect(await prove(left("public.keep"))).toMatchObject({ ok: true });
    const proof = await prove(left("column public.keep"));
    expect(proof.problems).toMatchObject([
      {
        code: "DOWN_DIFFERS",
        extra: expect.arrayContaining([expect.stringContaining("table public.keep")]) as string[],
      },
    ]);
  });

  it("get a warning, but no error, if columns return in another order", async () => {
    const proof = await prove({
      "0001_a.sql": "-- Up Migration\ncreate table a (x integer, y integer);\n-- Down Migration\ndrop table a;\n",
      "0002_b.sql": "-- Up Migration\nalter table a drop x;\n-- Down Migration\nalter table a add x integer;\n",
    });
    expect(proof).toMatchObject({
      ok: true,
      warnings: [{ code: "COLUMN_ORDER", migration: "0002_b", object: "public.a" }],
    });
  });
});

describe("a scratch database", () => {
  let creator: string;
  beforeAll(async () => {
    const url = new URL(await superuser());
    await query(
      url.href,
      "do $$ begin create role may_create login createdb password 'x'; exception when duplicate_object then " +
        "null; end $$",
    ).catch(() => {});
    url.username = "may_create";
    url.password = "x";
    creator = url.href;
  });

  it("is dropped afterwards, whether the proof succeeded or not", async () => {
    const before = await scratchDatabases();
    await prove({ "0001_a.sql": TABLE });
    await prove({ "0001_a.sql": "nonsense;" });
    expect((await scratchDatabases()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it("is created on the target's server by a role with CREATEDB, and the target is not changed", async () => {
    const { directory } = project({ "0001_a.sql": TABLE });
    expect(await proveMigrations({ migrationsDirectory: directory, server: creator, target: creator })).toMatchObject({
      ok: true,
      server: expect.stringMatching(/^postgres:\/\/may_create@127/) as string,
    });
    expect(
      await query(creator, "select to_regclass('public.a')::text as a, to_regclass('public.pgmigrations')::text as m"),
    ).toEqual([{ a: null, m: null }]);
    expect(
      await query(
        creator,
        "select from pg_database where datname like 'changeover_prove_%' and pg_get_userbyid(datdba) = 'may_create'",
      ),
    ).toEqual([]);
  });

  it("has the schema of the tables, whether --schema or the target's URL names it", async () => {
    const files = {
      "0001_a.sql": sqlMigration(
        "create table a (id integer primary key); create table app.b (id integer primary key references app.a)",
        "drop table app.b; drop table a",
      ),
    };
    expect(await prove(files, { schema: "app" })).toMatchObject({ ok: true, problems: [] });
    expect(await prove(files)).toMatchObject({ ok: false });
    const target = await emptyDatabase();
    await query(target, "create schema app");
    expect(await prove(files, { target: runUrl(target, { schema: "app" }) })).toMatchObject({ ok: true, problems: [] });
  });

  it("is refused to a role without CREATEDB, with a hint", async () => {
    const url = await emptyDatabase();
    await expect(
      proveMigrations({ migrationsDirectory: project({ "0001_a.sql": TABLE }).directory, server: url }),
    ).rejects.toMatchObject({ code: "SCRATCH_DENIED", hint: expect.stringContaining("--embedded") as string });
  });

  const WITH_ROLES = {
    "0001_a.sql": TABLE,
    "0002_role.sql":
      "-- Up Migration\nselect 'ä';\ncreate role reader; grant select on a to reader;\n" +
      'do $$ begin if true then create role "Writer"; end if; end $$;\ngrant insert on a to "Writer";\n' +
      "create table b (x integer);\n-- Down Migration\ndrop table b;\nrevoke select on a from reader;\n" +
      'revoke insert on a from "Writer";\ndrop role reader, "Writer";\n',
    "0003_c.ts":
      "exports.up = (pgm) => { pgm.createRole('scripted'); pgm.createTable('c', { y: 'int' }); };\n" +
      "exports.down = (pgm) => { pgm.dropTable('c'); pgm.dropRole('scripted'); };\n",
    "0004_d.sql": "-- Up Migration\ncreate index on b (x);\n-- Down Migration\ndrop index b_x_idx;\n",
  };
  const roles = "select rolname from pg_roles where rolname in ('reader', 'Writer', 'scripted')";

  it("tries everything but server-wide changes on a shared server, and names those", async () => {
    const { directory } = project(WITH_ROLES);
    const proof = await proveMigrations({ migrationsDirectory: directory, server: creator });
    expect(proof).toMatchObject({ ok: true, problems: [], together: 4 });
    expect(proof.migrations.map(({ outcome }) => outcome)).toEqual(["proved", "proved", "proved", "proved"]);
    expect(proof.untried.map(({ file, line }) => `${file}:${line ?? "-"}`)).toEqual([
      ...[3, 3, 4, 5, 9, 10, 11].map((line) => `0002_role.sql:${line}`),
      "0003_c.ts:-",
      "0003_c.ts:-",
    ]);
    expect(proof.warnings.map(({ code }) => code)).toContain("CLUSTER_WIDE");
    expect(await query(creator, roles)).toEqual([]);
  });

  const TAKES_ON_A_ROLE =
    "export const up = async (pgm) => { pgm.createRole('scripted'); pgm.createTable('c', { y: 'int' });\n" +
    "  await pgm.db.query('set role scripted'); await pgm.db.query('reset role'); };\n" +
    "export const down = (pgm) => { pgm.dropTable('c'); pgm.dropRole('scripted'); };\n";

  it("does so in the embedded PostgreSQL, too, but has the named roles", async () => {
    const proof = await prove(WITH_ROLES);
    expect(proof).toMatchObject({ ok: true, together: 4 });
    expect(proof.untried.map(({ file, line }) => `${file}:${line ?? "-"}`)).toEqual([
      ...[3, 4, 11].map((line) => `0002_role.sql:${line}`),
      "0003_c.ts:-",
      "0003_c.ts:-",
    ]);
    expect(await query(await emptyDatabase(), roles)).toEqual([]);
    const script = { "0001_a.mjs": TAKES_ON_A_ROLE };
    expect(await prove(script)).toMatchObject({ ok: true, migrations: [{ outcome: "proved" }] });
    const left = WITH_ROLES["0002_role.sql"].replace("revoke select on a from reader;", "");
    expect((await prove({ ...WITH_ROLES, "0002_role.sql": left })).problems).toMatchObject([
      { code: "DOWN_DIFFERS", extra: [expect.stringContaining("select to reader") as string] },
    ]);
    const named =
      "-- Up Migration\ncreate table a (x integer);\ngrant select on a to some_reader, public;\ngrant create " +
      "on schema public to some_owner;\nalter table a owner to some_owner;\n-- Down Migration\nrevoke create " +
      "on schema public from some_owner;\ndrop table a;\n";
    expect(await prove({ "0001_a.sql": named })).toMatchObject({ ok: true });
    const wrong = named.replace(
      "drop table a;",
      "drop table a; alter default privileges grant select on tables to some_reader;",
    );
    expect((await prove({ "0001_a.sql": wrong })).problems).toMatchObject([
      { code: "DOWN_DIFFERS", extra: [expect.stringContaining("select to some_reader") as string] },
    ]);
  });

  it("leaves out a role's new name, and grants on databases, of which production's is one", async () => {
    const files = {
      "0001_role.sql": "-- Up Migration\ncreate role old;\n-- Down Migration\ndrop role old;\n",
      "0002_renamed.sql":
        "-- Up Migration\nalter role old rename to new_one;\ngrant connect on database app to new_one;\n" +
        "create table a (x int);\ngrant select on a to new_one;\n" +
        "-- Down Migration\nreassign owned by new_one to old;\ndrop table a;\nalter role new_one rename to old;\n",
    };
    const proof = await proveMigrations({ migrationsDirectory: project(files).directory, server: creator });
    expect(proof).toMatchObject({ ok: true, problems: [], together: 2 });
    expect(proof.untried.map(({ file, line }) => `${file}:${line ?? "-"}`)).toEqual([
      ...["0001_role.sql:2", "0001_role.sql:4"],
      ...[2, 3, 5, 7, 9].map((line) => `0002_renamed.sql:${line}`),
    ]);
  });

  it("has the objects of the --before file before the first migration", async () => {
    const { directory, write } = project({
      "0001_a.sql":
        "-- Up Migration\nalter table theirs add note text;\n-- Down Migration\nalter table theirs drop note;\n",
    });
    write({
      "../before.sql":
        "\\restrict x\nselect pg_catalog.set_config('search_path', '', false);\ncreate table public.theirs " +
        "(id integer);\ngrant select on public.theirs to their_reader;\n\\unrestrict x\n",
    });
    const before = join(directory, "../before.sql");
    expect(await proveMigrations({ migrationsDirectory: directory, server: embedded, before })).toMatchObject({
      ok: true,
      together: 1,
    });
    expect(await proveMigrations({ migrationsDirectory: directory, server: embedded })).toMatchObject({
      ok: false,
      problems: [{ code: "UP_FAILED" }],
    });
    write({ "../before.sql": "create tabel x;" });
    await expect(proveMigrations({ migrationsDirectory: directory, server: embedded, before })).rejects.toMatchObject({
      code: "BEFORE_FAILED",
    });
  });

  /** Each twelfth file leaves something behind; the first one takes its time. */
  function failing(count: number, seconds: number): Record<string, string> {
    const files: Record<string, string> = {};
    for (let n = 1; n <= count; n++) {
      const up = [`create table t${n} (id integer primary key)`];
      if (n === 1) up.push(`select pg_sleep(${seconds})`);
      if (n % 12 === 0) up.push(`create type e${n} as enum ('a')`);
      files[`${String(n).padStart(4, "0")}_t.sql`] = sqlMigration(up.join("; "), `drop table t${n}`);
    }
    return files;
  }

  it("is cloned where applying all again takes longer: 5 failing files of 60 are not 5 times 60 more", async () => {
    const ups = async (server: string, seconds: number) => {
      const { directory } = project(failing(60, seconds));
      const sent = vi.spyOn(pg.Client.prototype, "query");
      const proof = await proveMigrations({ migrationsDirectory: directory, server });
      const tables = sent.mock.calls.filter(([text]) => /^[^]*create table t/.test(String(text))).length;
      sent.mockRestore();
      expect(proof.problems.map(({ code, migration }) => [code, migration])).toEqual(
        [12, 24, 36, 48, 60].map((n) => ["DOWN_DIFFERS", `00${n}_t`]),
      );
      expect(proof.problems[4]).toMatchObject({ missing: [], extra: [expect.stringContaining("e60") as string] });
      return tables;
    };
    // Up, and but for the failing ones up again; before the restart after the 48th each once.
    expect(await ups(creator, 0.6)).toBe(60 + 55 + 48);
    const left = "select datname::text from pg_database where pg_get_userbyid(datdba) = 'may_create'";
    expect(await query(creator, left)).toEqual([]);
  });

  it("is not cloned where a migration said something of the database itself, which a clone lacks", async () => {
    const proof = await proveMigrations({
      migrationsDirectory: project({
        "0001_slow.sql": sqlMigration("select pg_sleep(0.6)", "select 1"),
        "0002_set.sql": `-- changeover: allow CLUSTER_WIDE\n-- changeover: allow DOWN_DIFFERS\n${sqlMigration(
          "do $$ begin execute format('alter database %I set work_mem = %L', current_database(), '5MB'); end $$",
          "select 1",
        )}`,
        "0003_left.sql": sqlMigration("create table a (); create table b ()", "drop table a"),
        "0004_needs.sql": sqlMigration(
          "do $$ begin if not exists (select from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase " +
            "where datname = current_database()) then raise 'lost'; end if; end $$",
          "select 1",
        ),
      }).directory,
      server: creator,
    });
    expect(proof.problems).toMatchObject([{ code: "DOWN_DIFFERS", migration: "0003_left" }]);
  });

  it("in use by another process is not dropped, however old and though nobody is connected to it", async () => {
    const files = project({ "0001_a.sql": TABLE });
    const name = `changeover_rehearse_${(Math.floor(Date.now() / 1000) - 4_000).toString(36)}_1_0000`;
    const is = () => query(creator, `select datname::text from pg_database where datname = '${name}'`);
    const other = await onTargetServer(creator);
    await other.make(name);
    await proveMigrations({ migrationsDirectory: files.directory, server: creator });
    await prove({ "0001_a.sql": TABLE });
    expect(await is()).toEqual([{ datname: name }]);
    // Its process ends without dropping it.
    await other.close();
    await proveMigrations({ migrationsDirectory: files.directory, server: creator });
    expect(await is()).toEqual([]);
  });

  it("has a name that says its purpose and its process", () => {
    expect(scratchName("prove")).toMatch(new RegExp(`^changeover_prove_[^_]+_${process.pid.toString(36)}_`));
    expect(scratchName("rehearse")).toMatch(new RegExp(`^changeover_rehearse_[^_]+_${process.pid.toString(36)}_`));
    expect(scratchName("prove")).not.toBe(scratchName("prove"));
  });

  it("of a killed proof is dropped by a later one after an hour", async () => {
    const old = `changeover_prove_${(Math.floor(Date.now() / 1000) - 4_000).toString(36)}_0000`;
    const young = `changeover_prove_${(Math.floor(Date.now() / 1000) - 60).toString(36)}_0000`;
    await query(creator, `create database ${old}`);
    await query(creator, `create database ${young}`);
    await proveMigrations({ migrationsDirectory: project({ "0001_a.sql": TABLE }).directory, server: creator });
    await prove({ "0001_a.sql": TABLE });
    expect(
      await query(creator, `select datname::text from pg_database where datname in ('${old}', '${young}')`),
    ).toEqual([{ datname: young }]);
    await query(creator, `drop database ${young}`);
  });
});

describe("with a target", () => {
  it("warnings concern only pending migrations and large tables", async () => {
    const target = await emptyDatabase();
    const files = {
      "0001_a.sql": TABLE,
      "0002_b.sql":
        "-- Up Migration\ncreate table b (id integer primary key, t text);\ncreate index b_early on b " +
        "(t);\n-- Down Migration\ndrop table b;\n",
    };
    const { directory } = project(files);
    await migrateUp({ url: target, directory });
    await query(target, "insert into a select n, 'x' from generate_series(1, 2000) n");
    const pending =
      "-- Up Migration\nset local lock_timeout = '1s';\ncreate index a_t on a (t);\ncreate index b_t on b " +
      "(t);\n-- Down Migration\ndrop index a_t, b_t;\n";
    const proof = await prove({ ...files, "0003_c.sql": pending }, { target, large: 500 });
    expect(proof.warnings).toMatchObject([{ code: "INDEX_BLOCKS_WRITES", file: "0003_c.sql", line: 3, object: "a" }]);
    expect(proof.warnings[0]?.rows).toBeGreaterThan(499);
    expect(proof.migrations.map((one) => one.pending)).toEqual([false, false, true]);
    expect((await prove({ ...files, "0003_c.sql": pending }, { target })).warnings).toEqual([]);
  });

  it("a rewrite is reported if PostgreSQL made one, not if a varchar only grew", async () => {
    const files = {
      "0001_a.sql": "-- Up Migration\ncreate table a (v varchar(10), n integer);\n-- Down Migration\ndrop table a;\n",
      "0002_b.sql":
        "-- Up Migration\nset lock_timeout = '1s';\nalter table a alter v type varchar(20);\nalter table a " +
        "alter n type bigint;\n-- Down Migration\nalter table a alter v type varchar(10), " +
        "alter n type integer;\n",
    };
    expect((await prove(files, { since: "0001_a" })).warnings).toMatchObject([
      { code: "TABLE_REWRITE", line: 3 },
      { code: "TABLE_REWRITE", line: 4 },
    ]);
    const grown = {
      ...files,
      "0002_b.sql": files["0002_b.sql"]
        .replace("alter table a alter n type bigint;\n", "")
        .replace(", alter n type integer", ""),
    };
    expect((await prove(grown, { since: "0001_a" })).warnings).toEqual([]);
  });
});

it("the sample application's migrations are proved", async () => {
  const directory = fileURLToPath(new URL("../../../examples/two-truths/migrations", import.meta.url));
  expect(await proveMigrations({ migrationsDirectory: directory, server: embedded })).toMatchObject({
    ok: true,
    problems: [],
    warnings: [],
    together: 4,
  });
});

it("with --changed only what is new since a revision of git is proved, and the rest applied", async () => {
  const { directory, write } = project({
    "0001_wrong.sql": sqlMigration("create table a(x int)", "select 1"),
    "0002_b.sql": sqlMigration("create table b(x int)", "drop table b"),
  });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: directory });
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "one");
  write({
    "0002_b.sql": sqlMigration("create table b(x int, y int)", "drop table b"),
    "0003_c.sql": sqlMigration("create table c(x int)", "select 2"),
  });
  const options = { migrationsDirectory: directory, server: embedded };
  const proof = await proveMigrations({ ...options, changed: "HEAD" });
  expect(proof.migrations.map(({ outcome }) => outcome)).toEqual(["unchanged", "proved", "failed"]);
  expect(proof.problems.map(({ code, migration }) => [code, migration])).toEqual([["DOWN_DIFFERS", "0003_c"]]);
  await expect(proveMigrations({ ...options, changed: "nowhere" })).rejects.toMatchObject({ code: "USAGE" });
});
