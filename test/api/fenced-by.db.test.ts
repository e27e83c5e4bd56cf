import { createClient } from "@libsql/client";
import Database from "libsql";
import pg from "pg";
import postgres from "postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Fence, fencedBy, openMigration } from "../../src/index.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

/** What each driver throws for a write to either side. */
async function refusals(path: string, url: string): Promise<Record<string, unknown>> {
  const client = createClient({ url: `file:${path}` });
  const database = new Database(path);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const pool = new pg.Pool({ connectionString: url });
  onTestFinished(async () => {
    client.close();
    database.close();
    await sql.end();
    await pool.end();
  });
  return {
    "@libsql/client": await thrown(async () => client.execute("INSERT INTO t(v) VALUES('b')")),
    "@libsql/client, a batch": await thrown(async () => client.batch(["INSERT INTO t(v) VALUES('c')"], "write")),
    "libsql, with better-sqlite3's API": await thrown(async () =>
      database.prepare("INSERT INTO t(v) VALUES('d')").run(),
    ),
    "postgres.js": await thrown(async () => sql`update t set v = 'b'`),
    pg: await thrown(async () => pool.query("insert into t(v) values ($1)", ["c"])),
  };
}

async function thrown(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return null;
}

describe("the fence that an application meets", () => {
  it("is recognised in the errors of its drivers, on either side and in each phase", async () => {
    const { path } = await sqliteFile(
      "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT); INSERT INTO t(v) VALUES ('a')",
    );
    const url = await emptyDatabase();
    const { host, pathname } = new URL(url);
    const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
    onTestFinished(() => migration.close());
    await migration.schema({ write: true });
    await migration.migrations.up();
    await migration.sync({ until: "caught-up" });
    const notOpen: Fence = { side: "target", state: "not-open", location: path };
    for (const driver of ["postgres.js", "pg"]) expect(fencedBy((await refusals(path, url))[driver])).toEqual(notOpen);

    const during: Record<string, unknown>[] = [];
    await migration.cutover({
      maxDowntimeMs: 30_000,
      hooks: { "after-fence": async () => void during.push(await refusals(path, url)) },
    });
    const location = `${host}${pathname}`;
    const moving: Fence = { side: "source", state: "cutting-over", location };
    const moved: Fence = { side: "source", state: "cut-over", location };
    expect(fences(during[0])).toEqual({ ...ofSource(moving), "postgres.js": notOpen, pg: notOpen });
    expect(fences(await refusals(path, url))).toEqual({ ...ofSource(moved), "postgres.js": null, pg: null });

    expect(await migration.rollback()).toMatchObject({ kind: "failback" });
    const returned: Fence = { side: "target", state: "returned", location: path };
    expect(fences(await refusals(path, url))).toEqual({
      ...ofSource(null),
      "postgres.js": returned,
      pg: returned,
    });
  });

  it("is not seen in other errors, nor in those that only talk of it", async () => {
    const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT NOT NULL)");
    const client = createClient({ url: `file:${path}` });
    onTestFinished(() => client.close());
    expect(fencedBy(await thrown(async () => client.execute("INSERT INTO t(v) VALUES(NULL)")))).toBeNull();
    for (const other of [null, undefined, 7, "", {}, new Error("CHANGEOVER_FENCED"), { message: null }])
      expect(fencedBy(other)).toBeNull();
    const looped = new Error("one");
    looped.cause = looped;
    expect(fencedBy(looped)).toBeNull();
  });

  it("is recognised through the errors of an ORM, and with any location", () => {
    const text = "CHANGEOVER_FENCED state=returning target=/srv/a: b/ö app.db: this database is returning to SQLite";
    const fence: Fence = { side: "target", state: "returning", location: "/srv/a: b/ö app.db" };
    expect(fencedBy(new Error("Failed query: update t", { cause: new Error(`ERROR:  ${text}`) }))).toEqual(fence);
    expect(fencedBy(new AggregateError([new Error("no"), new Error(text)], "all failed"))).toEqual(fence);
    expect(fencedBy(`SQLITE_CONSTRAINT_TRIGGER: ${text}`)).toEqual(fence);
    expect(fencedBy(new Error(text.replace("returning", "elsewhere")))).toBeNull();
  });
});

function fences(errors: Record<string, unknown> | undefined): Record<string, Fence | null> {
  return Object.fromEntries(Object.entries(errors ?? {}).map(([driver, error]) => [driver, fencedBy(error)]));
}

function ofSource(fence: Fence | null): Record<string, Fence | null> {
  return { "@libsql/client": fence, "@libsql/client, a batch": fence, "libsql, with better-sqlite3's API": fence };
}
