import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SHOP = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE,
    vip BOOLEAN NOT NULL DEFAULT 0, joined DATETIME DEFAULT CURRENT_TIMESTAMP);
  CREATE TABLE orders(id TEXT PRIMARY KEY NOT NULL, customer INTEGER NOT NULL REFERENCES customers(id) ON
    DELETE CASCADE, total DECIMAL(10,2), note TEXT);
  CREATE INDEX orders_customer ON orders(customer);
  CREATE TABLE visits(page TEXT, seconds REAL);
  INSERT INTO customers(email, vip, joined) VALUES('a@x', 1, '2024-01-01 00:00:00'), ('b@x', 0, '2024-01-02 03:04:05');
  INSERT INTO orders VALUES('o1', 1, 9.99, NULL), ('o2', 2, 10, 'tab	here');
  INSERT INTO visits VALUES('/', 0.1), ('/', 0.1), (NULL, NULL);
  DELETE FROM customers WHERE id = 99;
  UPDATE sqlite_sequence SET seq = 41 WHERE name = 'customers';
`;

async function schemaText(application: Awaited<ReturnType<typeof sqliteFile>>["application"]): Promise<string> {
  const { rows } = await application.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid");
  return JSON.stringify(rows);
}

async function tablesOf(url: string): Promise<string[]> {
  return (
    await query<{ name: string }>(
      url,
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
    )
  ).map(({ name }) => name);
}

describe("the journey, command by command", () => {
  it("writes migrations, applies them, syncs, checks, and switches over", async () => {
    const cwd = temporaryDirectory();
    const { path, application } = await sqliteFile(SHOP);
    const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: await emptyDatabase() };
    const run = async (...args: string[]) => {
      const result = await runCli([...args, "--json"], { cwd, env });
      expect(result.stderr).not.toContain("error:");
      return {
        code: result.code,
        ...(JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>),
      };
    };
    expect(await run("validate")).toMatchObject({ code: 0, ok: true });
    expect(await run("schema", "--write")).toMatchObject({ code: 0, ok: true });
    const files = readdirSync(join(cwd, "migrations"));
    expect(files[0]).toMatch(/^0001_.*\.sql$/);
    expect(readFileSync(join(cwd, "migrations", files[0] ?? ""), "utf8")).toMatch(
      /^-- Up Migration[^]*^-- Down Migration/m,
    );
    expect(await run("up")).toMatchObject({ code: 0, applied: files.map((file) => file.replace(".sql", "")) });
    expect(await run("migrations")).toMatchObject({
      migrations: expect.arrayContaining([expect.objectContaining({ state: "applied" })]) as unknown,
    });
    expect(await run("redo")).toMatchObject({ code: 0 });
    expect(await run("sync", "--until", "caught-up")).toMatchObject({ code: 0, ended: "caught-up", phase: "syncing" });

    await application.execute("INSERT OR REPLACE INTO customers(id, email) VALUES(7, 'a@x')");
    expect(await run("status")).toMatchObject({
      phase: "syncing",
      running: false,
      lag: { changes: expect.any(Number) as number },
      rejected: 0,
    });
    expect(await run("sync", "--until", "caught-up")).toMatchObject({ code: 0 });
    expect(await run("check")).toMatchObject({ code: 0, ok: true, differences: 0 });
    // Each --json is held to snake_case by runCli: these are here for it.
    expect(await run("rehearse")).toMatchObject({ code: 0, ok: true });
    expect(await run("quarantine")).toMatchObject({ code: 0 });
    expect(await run("history")).toMatchObject({ code: 0 });
    expect(await run("prove", "--lint-only")).toMatchObject({ code: 0 });
    expect(await run("postgres", "status")).toMatchObject({ code: 0, state: "absent" });
    expect(await run("cutover")).toMatchObject({ code: 0, ok: true, phase: "cut-over", verified: { differences: 0 } });
    expect(await run("check")).toMatchObject({ code: 0, ok: true, differences: 0 });

    expect(await query(env.CHANGEOVER_TARGET, "select id::text as id from customers as c order by c.id")).toEqual([
      { id: "2" },
      { id: "7" },
    ]);
    expect(
      await query(env.CHANGEOVER_TARGET, "insert into customers(email) values ('new@x') returning id::text as id"),
    ).toEqual([{ id: "42" }]);
    expect(
      await query(
        env.CHANGEOVER_TARGET,
        "select column_name from information_schema.columns where column_name like '\\_changeover%'",
      ),
    ).toEqual([{ column_name: "_changeover_rowid" }]);
    await expect(application.execute("INSERT INTO visits VALUES('late', 1)")).rejects.toThrow(/moved to PostgreSQL/);
    await expect(application.execute("DELETE FROM orders")).rejects.toThrow(/moved to PostgreSQL/);
    expect(await run("complete", "--yes")).toMatchObject({ code: 0, ok: true });
    expect(
      await query(
        env.CHANGEOVER_TARGET,
        "select column_name from information_schema.columns where column_name like '\\_changeover%'",
      ),
    ).toEqual([]);
    const rollback = await runCli(["rollback", "--yes"], { cwd, env });
    expect(rollback.stderr).toContain("[COMPLETED]");
  });

  it("rolls back before the cutover: the source's schema text for text, the target as down leaves it", async () => {
    const cwd = temporaryDirectory();
    const { path, application } = await sqliteFile(SHOP);
    const before = await schemaText(application);
    const target = await emptyDatabase();
    const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: target };
    await runCli(["schema", "--write"], { cwd, env });
    await runCli(["up"], { cwd, env });
    expect((await runCli(["sync", "--until", "caught-up"], { cwd, env })).code).toBe(0);
    expect(await schemaText(application)).not.toBe(before);
    const unasked = await runCli(["rollback"], { cwd, env });
    expect(unasked.stderr).toContain("[CONFIRMATION_REQUIRED]");
    expect(unasked.code).toBe(2);
    expect((await runCli(["rollback", "--yes"], { cwd, env })).code).toBe(0);
    expect(await schemaText(application)).toBe(before);
    await application.execute("INSERT INTO visits VALUES('goes on', 1)");
    expect(await tablesOf(target)).toEqual(["pgmigrations"]);
    expect(await query(target, "select count(*)::int as n from changeover.run")).toEqual([{ n: 0 }]);
    expect((await runCli(["full", "--quiet"], { cwd, env })).code).toBe(0);
  });

  it(
    "takes tables that something else made, under a role that only owns them, " +
      "and restores what was on them exactly",
    async () => {
      const cwd = temporaryDirectory();
      const { path } = await sqliteFile(SHOP);
      const target = await emptyDatabase();
      await query(
        target,
        `create table "Customers"(id bigserial primary key, email varchar(200) not null constraint email_once unique,
        vip boolean not null, joined timestamptz, added_by_us text default 'x');
       create table orders(id text, customer bigint references "Customers" on
         delete cascade deferrable initially deferred, total numeric(10,2), note text, constraint orders_key
           primary key (id));
       create index by_total on orders (total desc nulls last) where total > 1; comment on index by_total is 'big ones';
       create table visits(page text, seconds double precision);
       create function touch() returns trigger language plpgsql as $$ begin new.note := coalesce(new.note,
         'touched'); return new; end $$;
       create trigger touch before insert on orders for each row execute function touch();
         alter table orders disable trigger touch`,
      );
      const describeAll = () =>
        query(
          target,
          `select 'i' as kind, indexname || indexdef || coalesce(obj_description((quote_ident(schemaname) || '.' ||
          quote_ident(indexname))::regclass), '') as text from pg_indexes where schemaname = 'public'
         union all select 'c', conname || pg_get_constraintdef(oid) || convalidated::text from pg_constraint
           where connamespace = 'public'::regnamespace and contype <> 'n'
         union all select 't', tgname || pg_get_triggerdef(oid) || tgenabled::text from pg_trigger
           where not tgisinternal order by 1, 2`,
        );
      const before = await describeAll();
      const full = await runCli(["full", "--source", path, "--target", target, "--yes"], { cwd });
      expect(full.stderr).not.toContain("error:");
      expect(full.code).toBe(0);
      expect((await runCli(["complete", "--source", path, "--target", target, "--yes"], { cwd })).code).toBe(0);
      expect(await describeAll()).toEqual(before);
      expect(
        await query(target, `select id::text as id, note, total::text as total from orders as o order by o.id`),
      ).toEqual([
        { id: "o1", note: null, total: "9.99" },
        { id: "o2", note: "tab\there", total: "10.00" },
      ]);
      expect(await query(target, `select joined::text as joined, added_by_us from "Customers" where id = 2`)).toEqual([
        { joined: "2024-01-02 03:04:05+00", added_by_us: "x" },
      ]);
    },
  );

  it("answers status at once while a sync runs, and hands the run over to a cutover in another process", async () => {
    const cwd = temporaryDirectory();
    const { path, application } = await sqliteFile(SHOP);
    const target = await emptyDatabase();
    const ends = ["--source", path, "--target", target];
    await runCli(["schema", "--write", ...ends], { cwd });
    await runCli(["up", ...ends], { cwd });
    const sync = startCli(["sync", ...ends, "--json"], { cwd });
    await sync.saw(/capture is installed/);
    await application.execute("INSERT INTO visits VALUES('during', 2)");
    const status = JSON.parse((await runCli(["status", ...ends, "--json"], { cwd })).stdout) as {
      running: boolean;
      phase: string;
    };
    expect(status.running).toBe(true);
    expect(["copying", "syncing"]).toContain(status.phase);
    while ((await query<{ phase: string }>(target, "select phase from changeover.run"))[0]?.phase !== "syncing")
      await new Promise((resolve) => setTimeout(resolve, 50));
    await application.execute("INSERT INTO visits VALUES('after', 2)");
    await sync.saw(/"event":"batch"/);
    const clean = await runCli(["clean", "--yes", ...ends], { cwd });
    expect(clean).toMatchObject({ code: 1, stderr: expect.stringMatching(/needs what clean removes \[RUN_LOCKED\]/) });
    const cutover = await runCli(["cutover", ...ends, "--json"], { cwd });
    expect(JSON.parse(cutover.stdout)).toMatchObject({ ok: true, phase: "cut-over" });
    const ended = await sync.ended;
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('"ended":"cut-over"');
  });

  it("undoes a cutover that has no time, and the application goes on", async () => {
    const cwd = temporaryDirectory();
    const { path, application } = await sqliteFile(SHOP);
    const target = await emptyDatabase();
    const ends = ["--source", path, "--target", target];
    await runCli(["schema", "--write", ...ends], { cwd });
    await runCli(["up", ...ends], { cwd });
    await runCli(["sync", "--until", "caught-up", ...ends], { cwd });
    const cutover = await runCli(["cutover", "--max-downtime", "0.5", ...ends, "--json"], { cwd });
    expect(cutover.code).toBe(1);
    expect(JSON.parse(cutover.stdout)).toMatchObject({
      ok: false,
      phase: "syncing",
      reason: { code: "CUTOVER_TIMEOUT" },
    });
    await application.execute("INSERT INTO visits VALUES('still here', 1)");
    expect((await runCli(["cutover", ...ends], { cwd })).code).toBe(0);
    expect(await query(target, "select seconds from visits where page = 'still here'")).toEqual([{ seconds: 1 }]);
  });

  it("copies a source at rest without adding anything to it", async () => {
    const cwd = temporaryDirectory();
    const { path, application } = await sqliteFile(SHOP);
    const before = await schemaText(application);
    const ends = ["--source", path, "--target", await emptyDatabase()];
    await runCli(["schema", "--write", ...ends], { cwd });
    await runCli(["up", ...ends], { cwd });
    const data = await runCli(["data", ...ends, "--json"], { cwd });
    expect(JSON.parse(data.stdout)).toMatchObject({ ok: true, rows: 7, differences: 0 });
    expect(await schemaText(application)).toBe(before);
  });

  it("runs with no configuration at all, on the embedded PostgreSQL, which then stays up until it is stopped", {
    timeout: 180_000,
  }, async () => {
    const cwd = temporaryDirectory();
    const { path } = await sqliteFile(SHOP);
    // Prisma's name for its own file: a source is given, so it is not what is asked for.
    const env = { DATABASE_URL: "file:./dev.db" };
    const full = await runCli(["full", "--source", path], { cwd, env });
    expect(full.stderr).not.toContain("error:");
    expect(full.stderr).toContain("DATABASE_URL is a file: URL, not one of PostgreSQL: ignored");
    expect(full.stdout).toMatch(/Cut over: [^]*7 rows were compared[^]*Connect to it: postgres:\/\//);
    const url = /postgres:\/\/\S+/.exec(full.stdout)?.[0] ?? "";
    expect(await query(url, "select count(*)::int as n from visits")).toEqual([{ n: 3 }]);
    expect((await runCli(["status", "--source", path], { cwd })).stdout).toContain("cut-over");
    // Without a source it is not another database, in which nothing has begun.
    expect((await runCli(["status"], { cwd, env })).stdout).toContain("cut-over");
    expect((await runCli(["postgres", "stop"], { cwd })).stdout).toContain("stopped");
    expect((await runCli(["postgres", "status"], { cwd })).stdout).toContain("stopped");
    expect(existsSync(join(cwd, ".changeover", "postgres"))).toBe(true);
  });

  it("is a library with the same steps", async () => {
    const { path } = await sqliteFile(SHOP);
    const migration = openMigration({
      source: path,
      target: await emptyDatabase(),
      migrationsDirectory: join(temporaryDirectory(), "pg"),
    });
    await migration.schema({ write: true });
    await migration.migrations.up();
    expect(await migration.sync({ until: "caught-up" })).toMatchObject({ ended: "caught-up" });
    expect(await migration.check()).toMatchObject({ ok: true, rows: 7, differences: 0 });
    const told: (number | undefined)[] = [];
    const done = await migration.cutover({
      hooks: { "after-open": async (facts) => void told.push(facts.downtimeMs) },
    });
    expect(done).toMatchObject({ phase: "cut-over", isRepeated: false });
    const history = await migration.history();
    const status = await migration.status();
    expect(status.phase).toBe("cut-over");
    // One downtime, whoever is asked: it ends with the commit that opens the target.
    expect([...told, status.downtimeMs, history[0]?.details["downtimeMs"]]).toEqual(Array(3).fill(done.downtimeMs));
    const steps = done.timeline.reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(Math.abs(steps - done.downtimeMs)).toBeLessThan(2);
    // Again, it is the same cutover: nothing is done, and nothing is noted.
    expect(await migration.cutover()).toEqual({ ...done, isRepeated: true, timeline: [] });
    expect(await migration.full()).toMatchObject({ kind: "cutover", cutover: { isRepeated: true } });
    expect(await migration.history()).toEqual(history);
    expect((await migration.clean()).length).toBeGreaterThan(0);
    await migration.close();
  });
});
