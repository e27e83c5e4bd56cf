import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Migration, openMigration } from "../../../src/migration.ts";
import type { Manifest } from "../../../src/schema/backup/manifest.ts";
import type { RowBackup } from "../../../src/schema/backup/row-guard.ts";
import { openTarget } from "../../../src/target/target.ts";
import { type Project, project, sqlMigration, wholeDatabase } from "../../support/migrations.ts";
import { emptyDatabase, query } from "../../support/target.ts";

/** Digests of migrations' records have times in them, and come and go with `down` and `up`. */
const dataOf = async (url: string) =>
  (await wholeDatabase(url)).filter((line) => !/^rows (pgmigrations|changeover\.)|pg\.dropped/.test(line));

interface Undoing {
  readonly url: string;
  readonly files: Project;
  readonly migration: Migration;
  readonly backups: string;
  down(options?: { readonly count?: number; readonly force?: boolean }): Promise<RowBackup | null>;
}

async function applied(migrations: Readonly<Record<string, string>>, rows: string): Promise<Undoing> {
  const url = await emptyDatabase();
  const files = project(migrations);
  const migration = openMigration({ target: url, migrationsDirectory: files.directory });
  onTestFinished(() => migration.close());
  await migration.migrations.up();
  for (const statement of rows.split(";\n")) await query(url, statement);
  const backups = join(files.cwd, "backups");
  return {
    url,
    files,
    migration,
    backups,
    async down(options = {}) {
      let made: RowBackup | null = null;
      await migration.migrations.down({
        ...options,
        backupDirectory: backups,
        onBackup: (backup) => void (made = backup),
      });
      return made;
    },
  };
}

function manifestOf(backup: RowBackup | null): Manifest {
  return JSON.parse(readFileSync(join(backup?.directory ?? "", "manifest.json"), "utf8")) as Manifest;
}

const ODD = "create type mood as enum ('a b', '\"', '\\');\ncreate domain cents as integer check (value >= 0);\n";
const EVERYTHING = `${ODD}create table "Odd ""names"" \\ here" (
  id bigint generated always as identity primary key, n numeric, f double precision, r real, t text, b bytea,
    w timestamptz, ts timestamp, d date, ti time, tz timetz, i interval, j json, jb jsonb,
  arr text[], nested integer[][], m mood, ms mood[], c cents, u uuid, ip inet, range int8range, bits bit varying,
    x xml, p point, money money, flag boolean, ch "char", name name,
  twice numeric generated always as (n * 2) stored, "from" text default 'x')`;
const ODD_TABLE = '"Odd ""names"" \\ here"';
const VALUES = String.raw`insert into ${ODD_TABLE} (n, f, r, t, b, w, ts, d, ti, tz, i, j, jb, arr, nested, m, ms, c,
  u, ip, range, bits, x, p, money, flag, ch, name, "from") values
  (0.1000, 0.1::float8 + 0.2, 1e-38, E'back\\slash\ttab\nline\r\\.\n\\N', '\x00ff0a5c'::bytea,
    '2026-11-23 10:00:00.123456+02', 'infinity', '-infinity', '24:00', '10:00:00.5-03:30',
      '1 mon -3 days 00:00:00.000001', '{"b":1,  "a":1, "a":2}', '{"b":1,"a":"\u00e9"}',
   array['a,b', NULL, '', 'NULL', E'"\\'], '{{1,2},{3,NULL}}', '\', array['a b','"']::mood[], 7,
     '0b3c4d5e-1111-4222-8333-444444444444', '::1/64', '[1,)', b'0101', '<a> b </a>', '(1e300,-0)', 12.34, true, 'x',
       'N', E'\\.'),
  (NULL, 'NaN', '-0', '', '', NULL, NULL, NULL, NULL, NULL, NULL, 'null', 'null', '{}', NULL, NULL, NULL, 0, NULL,
    NULL, 'empty', '', NULL, NULL, NULL, NULL, '', '', NULL),
  ('NaN', '-Infinity', 'Infinity', repeat('äöü', 10000), decode(repeat('ff', 70000), 'hex'),
    '0001-01-01 00:00:00+00 BC', '1999-12-31 23:59:59.999999', '0044-03-15 BC', '00:00:00.000001', '23:59:59+15:59',
      '-178000000 years', '[]', '[1.10]', array['x'], '{}', 'a b', '{}', 1, NULL, '10.0.0.1', NULL, NULL, NULL, NULL,
        -0.01, false, 'y', 'z', E'\\N')`;

describe("a backup of rows that down deletes", () => {
  it("needs a trial, which is not reported as if it were done", async () => {
    const { files, migration, url } = await applied(
      { "0001_a.sql": sqlMigration("create table a (x integer)", "drop table a") },
      "insert into a values (1)",
    );
    const steps: string[] = [];
    const told = openMigration({
      target: url,
      migrationsDirectory: files.directory,
      onEvent: ({ type, ...event }) => void (type === "step" && "message" in event && steps.push(event.message)),
    });
    onTestFinished(() => told.close());
    const backupDirectory = join(files.cwd, "backups");
    const doings = () => steps.splice(0).filter((step) => /^(undoing|applying) /.test(step));
    await told.migrations.redo({ backupDirectory });
    expect(doings()).toEqual(["undoing 0001_a", "applying 0001_a"]);
    await query(url, "insert into a values (1)");
    await told.migrations.down({ backupDirectory });
    expect(doings()).toEqual(["undoing 0001_a"]);
    expect(await migration.migrations.list()).toMatchObject([{ state: "pending" }]);
  });

  it("is restored exactly: all types, generated and identity columns, sequences, unusual names", async () => {
    const { url, migration, down } = await applied(
      { "0001_odd.sql": sqlMigration(EVERYTHING, `drop table ${ODD_TABLE};\ndrop domain cents;\ndrop type mood`) },
      `${VALUES};\nselect setval(pg_get_serial_sequence('${ODD_TABLE}', 'id'), 4711)`,
    );
    const before = await dataOf(url);
    const backup = await down();
    expect(
      await query(url, "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"),
    ).toEqual([{ relname: "pgmigrations" }]);
    expect(backup).toMatchObject({ rows: 3, tables: [{ table: 'Odd "names" \\ here', rows: 3, columns: null }] });
    const manifest = manifestOf(backup);
    expect(manifest).toMatchObject({
      format: 1,
      migrations: [{ name: "0001_odd", direction: "down" }],
      by: { user: expect.any(String) as string },
      serverVersion: expect.stringMatching(/^18/) as string,
      tables: [{ how: "dropped", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
    });
    expect(manifest.tables[0]?.columns.map(({ name }) => name)).not.toContain("twice");
    const text = gunzipSync(readFileSync(join(backup?.directory ?? "", manifest.tables[0]?.file ?? "")));
    expect(text.toString().split("\n")).toHaveLength(4);
    expect([
      statSync(backup?.directory ?? "").mode & 0o777,
      statSync(join(backup?.directory ?? "", manifest.tables[0]?.file ?? "")).mode & 0o777,
    ]).toEqual([0o700, 0o600]);
    await migration.migrations.up();
    expect(await migration.migrations.restore(backup?.directory ?? "")).toMatchObject({
      rows: 3,
      tables: [{ rows: 3, gone: 0 }],
    });
    expect(await dataOf(url)).toEqual(before);
    expect(await query(url, `insert into ${ODD_TABLE} (t) values ('next') returning id::text as id`)).toEqual([
      { id: "4712" },
    ]);
  });

  it("restores columns of remaining rows, dropped or with a new type, and ignores columns without values", async () => {
    const { url, migration, down, backups } = await applied(
      {
        "0001_items.sql": sqlMigration(
          "create table items(a integer, b text, kept text, " +
            "primary key (a, b));\ncreate function forbid() returns trigger language plpgsql as $$ " +
            "begin raise 'no'; end $$",
          "drop table items;\ndrop function forbid",
        ),
        "0002_more.sql": sqlMigration(
          "alter table items add column price numeric not null default 0, add column empty text, " +
            "add column serial bigint generated always as identity, alter column kept type varchar(20);\ncreate " +
            "trigger forbid before update on items for each row execute function forbid();\nalter table items " +
            "enable always trigger forbid",
          "drop trigger forbid on items;\nalter table items drop column price, drop column empty, " +
            "drop column serial, alter column kept type varchar(6) using left(kept, 6)",
        ),
      },
      "insert into items(a, b, kept, price) select i, 'b' || i % 3, 'kept ' || i, i * 1.10 " +
        "from generate_series(1, 500) i",
    );
    const before = await dataOf(url);
    const backup = await down();
    expect(backup?.tables).toEqual([{ table: "items", rows: 500, columns: ["kept", "price", "serial"] }]);
    expect(manifestOf(backup)).toMatchObject({
      tables: [],
      columns: [
        {
          key: [
            { name: "a", type: "integer" },
            { name: "b", type: "text" },
          ],
        },
      ],
    });
    await migration.migrations.up();
    await query(url, "delete from items where a > 498");
    await expect(migration.migrations.restore(backup?.directory ?? "")).rejects.toMatchObject({
      code: "RESTORE_NOT_EMPTY",
      message: expect.stringMatching(/column kept of items holds different values; column serial of items/) as string,
    });
    await expect(migration.migrations.restore(backup?.directory ?? "", { intoFilled: true })).rejects.toMatchObject({
      code: "RESTORE_ROWS_GONE",
      message: expect.stringMatching(/^2 rows of table items/) as string,
    });
    expect(
      await migration.migrations.restore(backup?.directory ?? "", { intoFilled: true, partial: true }),
    ).toMatchObject({
      tables: [{ table: "items", rows: 498, columns: ["kept", "price", "serial"], gone: 2 }],
    });
    await query(
      url,
      "insert into items(a, b, kept, price, serial) overriding system value values (499, 'b1', " +
        "'kept 499', 548.90, 499), (500, 'b2', 'kept 500', 550.00, 500)",
    );
    expect(await dataOf(url)).toEqual(before);
    expect(await query(url, "select tgenabled from pg_trigger where tgname = 'forbid'")).toEqual([{ tgenabled: "A" }]);
    expect(readdirSync(backups)).toHaveLength(1);
  });

  it("is restored for any references: cycles, self-references, partitions, emptied tables", async () => {
    const { url, migration, down } = await applied(
      {
        "0001_people.sql": sqlMigration(
          "create table people(id integer primary key, boss integer references people)",
          "drop table people",
        ),
        "0002_ring.sql": sqlMigration(
          "create table a(id integer primary key, b integer not null, person integer references " +
            "people);\ncreate table b(id serial primary key, a integer not null references a " +
            "deferrable);\nalter table a add foreign key (b) references b;\ncreate table log(at date not null, " +
            "what text) partition by range (at);\ncreate table log_2025 partition of log for values " +
            "from ('2025-01-01') to ('2026-01-01');\ncreate table log_2026 partition of log for values " +
            "from ('2026-01-01') to ('2027-01-01');\ncreate table none(x integer);\ninsert into people " +
            "values (1, null)",
          "drop table b, a, log, none cascade;\ndelete from people",
        ),
      },
      "select 1",
    );
    await query(
      url,
      "do $$ begin insert into people values (2, 1), (3, 3); set constraints all deferred; alter table a " +
        "alter constraint a_b_fkey deferrable initially deferred; insert into a values (1, 1, 2), (2, 2, 3); " +
        "insert into b values (1, 2), (2, 1); set constraints all immediate; alter table a alter constraint " +
        "a_b_fkey not deferrable; insert into log values ('2025-05-05', 'x'), ('2026-06-06', 'y'); end $$",
    );
    const before = await dataOf(url);
    const backup = await down();
    expect(backup?.tables.map(({ table, rows }) => [table, rows])).toEqual([
      ["a", 2],
      ["b", 2],
      ["log", 2],
      ["people", 3],
    ]);
    expect(manifestOf(backup).tables.map(({ how }) => how)).toEqual(["dropped", "dropped", "dropped", "emptied"]);
    await migration.migrations.up();
    await query(url, "delete from people");
    await migration.migrations.restore(backup?.directory ?? "");
    expect(await dataOf(url)).toEqual(before);
  });

  it("is restored for a table with rows but no columns, or only generated ones", async () => {
    const { url, migration, down } = await applied(
      {
        "0001_bare.sql": sqlMigration(
          "create table bare();\ncreate table made(x integer generated always as (7) stored)",
          "drop table bare, made",
        ),
      },
      "insert into bare default values;\ninsert into bare default values;\ninsert into made default values",
    );
    const backup = await down();
    await expect(migration.migrations.restore(backup?.directory ?? "")).rejects.toMatchObject({
      code: "RESTORE_SCHEMA_MISMATCH",
      message: expect.stringContaining("table bare does not exist"),
    });
    await migration.migrations.up();
    expect((await migration.migrations.restore(backup?.directory ?? "")).rows).toBe(3);
    expect(
      await query(url, "select (select count(*)::int from bare) as bare, (select array_agg(x) from made) as made"),
    ).toEqual([{ bare: 2, made: [7] }]);
  });

  it("is not written if no rows are lost: empty tables, renames, a redo without rows", async () => {
    const { migration, backups, url } = await applied(
      {
        "0001_t.sql": sqlMigration("create table t(id integer primary key, x text, y text)", "drop table t"),
        "0002_u.sql": sqlMigration(
          "alter table t rename to u;\nalter table u rename column y to z",
          "alter table u rename column z to y;\nalter table u rename to t",
        ),
      },
      "insert into u values (1, 'x', 'z')",
    );
    await migration.migrations.redo({ backupDirectory: backups });
    expect(await query(url, "select * from u")).toEqual([{ id: 1, x: "x", z: "z" }]);
    expect(existsSync(backups)).toBe(false);
  });

  it("is restored after redo, which creates the tables again", async () => {
    const { migration, backups, url } = await applied(
      {
        "0001_t.sql": sqlMigration("create table t(id integer primary key, x text)", "drop table t"),
        "0002_x.sql": sqlMigration(
          "alter table t add column y text not null default ''",
          "alter table t drop column y",
        ),
      },
      "insert into t select i, 'x' || i, 'y' || i from generate_series(1, 100) i",
    );
    const before = await dataOf(url);
    let backup: RowBackup | undefined;
    await migration.migrations.redo({ count: 2, backupDirectory: backups, onBackup: (made) => void (backup = made) });
    expect(await query(url, "select * from t")).toEqual([]);
    await migration.migrations.restore(backup?.directory ?? "");
    expect(await dataOf(url)).toEqual(before);
  });
});

describe("a restore", () => {
  it("is refused without changes for damaged files, and for tables filled, changed, missing or rejecting", async () => {
    const { url, migration, down, files } = await applied(
      { "0001_t.sql": sqlMigration("create table t(id integer primary key, x text)", "drop table t") },
      "insert into t values (1, 'one'), (2, 'two')",
    );
    const backup = await down();
    const directory = backup?.directory ?? "";
    const refused = async (code: string, message: RegExp, options = {}) => {
      const before = await wholeDatabase(url);
      await expect(migration.migrations.restore(directory, options)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
      expect(await wholeDatabase(url)).toEqual(before);
    };
    await expect(migration.migrations.restore(files.cwd)).rejects.toMatchObject({ code: "RESTORE_NOT_A_BACKUP" });
    await refused("RESTORE_SCHEMA_MISMATCH", /table t does not exist\. Nothing/);
    await migration.migrations.up();
    await query(url, "alter table t alter column x type varchar(2)");
    await refused("RESTORE_SCHEMA_MISMATCH", /column x of t is character varying\(2\), and was text/);
    await query(url, "alter table t alter column x type text");
    await query(url, "insert into t values (2, 'mine')");
    await refused("RESTORE_NOT_EMPTY", /table t holds rows/);
    await refused("RESTORE_REFUSED_BY_TARGET", /duplicate key/, { intoFilled: true });
    const path = join(directory, manifestOf(backup).tables[0]?.file ?? "");
    const bytes = readFileSync(path);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await refused("RESTORE_DAMAGED", /its checksum differs/, { intoFilled: true });
  });
});

describe("down", () => {
  it("is refused without changes if no backup can be written; --force continues", async () => {
    const { url, migration, files } = await applied(
      {
        "0001_t.sql": sqlMigration("create table t(id integer)", "drop table t"),
        "0002_x.sql": sqlMigration("alter table t add column x text", "alter table t drop column x"),
      },
      "insert into t values (1, 'one'), (1, 'two')",
    );
    const before = await wholeDatabase(url);
    writeFileSync(join(files.cwd, "taken"), "");
    await expect(
      migration.migrations.down({ count: 2, backupDirectory: join(files.cwd, "taken") }),
    ).rejects.toMatchObject({
      code: "DOWN_NO_BACKUP",
      message: expect.stringMatching(
        /the rows of t, but a backup could not be written: .*Nothing was undone/,
      ) as string,
    });
    await expect(migration.migrations.down({ backupDirectory: join(files.cwd, "backups") })).rejects.toMatchObject({
      code: "DOWN_NO_BACKUP",
      message: expect.stringMatching(/x of t, .*no remaining primary key/) as string,
    });
    expect(await wholeDatabase(url)).toEqual(before);
    await query(url, "alter table t enable row level security");
    await query(url, "alter table t force row level security");
    await expect(
      migration.migrations.down({ count: 2, backupDirectory: join(files.cwd, "backups") }),
    ).rejects.toMatchObject({
      code: "DOWN_NO_BACKUP",
      message: expect.stringMatching(/row-level security/) as string,
    });
    expect(readdirSync(join(files.cwd, "backups"))).toEqual([]);
    expect(await migration.migrations.down({ force: true, backupDirectory: join(files.cwd, "backups") })).toEqual([
      "0002_x",
    ]);
  });

  it("is retried after a lock timeout, and writes one backup", async () => {
    const { url, migration, backups } = await applied(
      {
        "0001_t.sql": sqlMigration(
          "create table p(id integer primary key);\ncreate table t(p integer references p)",
          "drop table t",
        ),
      },
      "insert into p values (1);\ninsert into t values (1)",
    );
    const target = openTarget({ url });
    onTestFinished(() => target.close());
    const holder = await target.session();
    // The drop needs the referenced table for a moment, too.
    await holder.run("begin; lock table p in access share mode");
    const release = delay(600).then(() => holder.run("rollback"));
    expect(await migration.migrations.down({ backupDirectory: backups, lockTimeoutMs: 100 })).toEqual(["0001_t"]);
    await release;
    expect(readdirSync(backups)).toEqual([expect.stringMatching(/^\d{8}T\d{6}Z-0001_t$/)]);
  });

  it("backs up rows that a script drops, if it could have run outside a transaction but did not", async () => {
    const { migration, backups } = await applied(
      {
        "0001_t.cjs":
          "exports.up = (pgm) => pgm.sql('create table t(id integer)');\nexports.down = (pgm) => { if " +
          "(pgm.never) pgm.noTransaction(); pgm.sql('drop table t'); };",
      },
      "insert into t values (1), (2)",
    );
    let backup: RowBackup | undefined;
    expect(
      await migration.migrations.down({ backupDirectory: backups, onBackup: (made) => void (backup = made) }),
    ).toEqual(["0001_t"]);
    expect(backup).toMatchObject({ rows: 2, tables: [{ table: "t", rows: 2 }] });
  });

  it("is refused for a file that runs outside a transaction and deletes rows", async () => {
    const { url, migration, files } = await applied(
      {
        "0001_t.sql": sqlMigration(
          "create table t(id integer)",
          "drop index concurrently if exists none;\ndrop table t",
        ),
      },
      "insert into t values (1)",
    );
    const before = await wholeDatabase(url);
    await expect(migration.migrations.down({ backupDirectory: files.cwd })).rejects.toMatchObject({
      code: "DOWN_OUTSIDE_LOSES_ROWS",
      message: expect.stringMatching(/the rows of t/) as string,
    });
    expect(await wholeDatabase(url)).toEqual(before);
    await query(url, "delete from t");
    expect(await migration.migrations.down({ backupDirectory: files.cwd })).toEqual(["0001_t"]);
  });

  it("leaves no backup if its commit fails", async () => {
    const { url, migration, backups } = await applied(
      {
        "0001_t.sql": sqlMigration(
          "create table t(id integer);\ncreate table keep(id integer " +
            "primary key);\ncreate table refers(id integer references keep deferrable initially deferred)",
          "delete from keep;\ndrop table t",
        ),
      },
      "insert into t values (1);\ninsert into keep values (1), (2);\ninsert into refers values (1)",
    );
    const before = await dataOf(url);
    await expect(migration.migrations.down({ backupDirectory: backups })).rejects.toThrow();
    expect(await dataOf(url)).toEqual(before);
    expect(readdirSync(backups)).toEqual([]);
  });
});
