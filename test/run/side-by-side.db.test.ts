import { afterAll, describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runUrl } from "../../src/target/connection/render-connection.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query, releaseServer } from "../support/target.ts";

const SCHEMA = `
  CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
  CREATE TABLE visits(page TEXT);
`;
const ROWS = (name: string) => `
  INSERT INTO notes VALUES(1, 'same'), (2, 'of ${name}');
  INSERT INTO visits VALUES('/${name}');
`;

afterAll(releaseServer);

/** One run of a database, with its own schemas. */
async function runNamed(
  target: string,
  name: string,
  { isEmpty = false, schema = name }: { readonly schema?: string; readonly isEmpty?: boolean } = {},
) {
  const { application, path } = await sqliteFile(isEmpty ? SCHEMA : SCHEMA + ROWS(name));
  await query(target, `create schema if not exists "${schema}"`);
  const migration = openMigration({
    source: path,
    target,
    schema,
    stateSchema: `changeover_${name}`,
    migrationsDirectory: `${temporaryDirectory()}/migrations`,
  });
  return { application, migration, url: runUrl(target, { schema }) };
}

/** Everything of users in a database, outside of the given schemas. */
function elsewhere(url: string, ...schemas: readonly string[]) {
  const names = schemas.map((name) => `'${name}'`).join(", ");
  const ours = `n.nspname !~ '^pg_|^information_schema$' and n.nspname not in (${names})`;
  return query<{ name: string }>(
    url,
    `select n.nspname || '.' || c.relname as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours}
     union all select n.nspname || '.' || p.proname
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours}
     union all select n.nspname from pg_namespace n where ${ours} and n.nspname <> 'public'`,
  );
}

describe("two runs in one database", { timeout: 120_000 }, () => {
  it("go their whole way at once, and see nothing of each other", async () => {
    const target = await emptyDatabase();
    const [one, other] = await Promise.all([runNamed(target, "a"), runNamed(target, "b")]);
    const both = [one, other];
    for (const { migration } of both) await migration.schema({ write: true });
    await Promise.all(both.map(({ migration }) => migration.migrations.up()));
    await Promise.all(both.map(({ migration }) => migration.sync({ until: "caught-up" })));
    expect(await elsewhere(target, "a", "b", "changeover_a", "changeover_b")).toEqual([]);

    // The fence of each run stands, whoever else is open.
    await one.application.execute("INSERT INTO notes VALUES(3, 'later')");
    const { downtimeMs } = await one.migration.cutover({ maxDowntimeMs: 10_000 });
    expect(downtimeMs).toBeGreaterThanOrEqual(0);
    await query(one.url, "insert into notes values (4, 'in PostgreSQL')");
    await expect(query(other.url, "insert into notes values (4, 'too early')")).rejects.toThrow(/before the cutover/);
    await expect(
      query(runUrl(other.url, { stateSchema: "changeover_a" }), "insert into notes values (4, 'of the other run')"),
    ).rejects.toThrow(/before the cutover/);

    const [here, there] = await Promise.all(both.map(({ migration }) => migration.status()));
    expect([here?.phase, there?.phase]).toEqual(["cut-over", "syncing"]);
    for (const [index, { migration }] of both.entries()) {
      const history = await migration.history();
      expect(history.map(({ command }) => command).includes("cutover")).toBe(index === 0);
      expect(history.every(({ state }) => state === "done")).toBe(true);
    }

    // What the other run makes meanwhile is no loss of this one's failback.
    const returned = await one.migration.rollback();
    expect(JSON.stringify(returned)).not.toContain('losses":[{');
    const rows = await one.application.execute("SELECT id, body FROM notes ORDER BY id");
    expect(rows.rows.map(({ body }) => body)).toEqual(["same", "of a", "later", "in PostgreSQL"]);
    expect(await query(other.url, "select body from notes order by id")).toEqual([{ body: "same" }, { body: "of b" }]);

    await other.migration.cutover({ maxDowntimeMs: 10_000 });
    await other.migration.complete();
    await one.migration.rollback();
    expect([(await one.migration.status()).phase, (await other.migration.status()).phase]).toEqual(["new", "cut-over"]);
    await query(other.url, "insert into notes values (9, 'goes on')");
    for (const { migration } of both) await migration.close();
  });

  it("refuse the tables of each other, and write nothing to them", async () => {
    const target = await emptyDatabase();
    const one = await runNamed(target, "a", { isEmpty: true });
    await one.migration.schema({ write: true });
    await one.migration.migrations.up();
    await one.migration.sync({ until: "caught-up" });
    const second = await runNamed(target, "b", { schema: "a" });
    await expect(second.migration.sync({ until: "caught-up" })).rejects.toMatchObject({
      code: expect.stringMatching(/^TABLES_OF_OTHER_RUN$/),
    });
    expect(await query(one.url, "select count(*)::int as n from notes")).toEqual([{ n: 0 }]);
    await one.migration.cutover({ maxDowntimeMs: 10_000 });
    for (const { migration } of [one, second]) await migration.close();
  });
});
