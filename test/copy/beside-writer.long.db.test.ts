import type { Client } from "@libsql/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { copyTable } from "../../src/copy/copy-table.ts";
import { type Migration, openMigration } from "../../src/migration.ts";
import { openSource } from "../../src/source/source.ts";
import { loadRun } from "../../src/target/store/run-store.ts";
import { loadTables } from "../../src/target/store/table-store.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { remembering } from "../support/asked.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

// Rows lie in another order than their text keys, and are read as they lie, though an application writes.
const ROWS = 6_000;
const key = (id: number) => `k${String((id * 7919) % 1_000_003).padStart(7, "0")}`;
const MOVES = `
  UPDATE note SET body = 'changed' WHERE k IN ('${key(1)}', '${key(5_999)}');
  DELETE FROM note WHERE k IN ('${key(2)}', '${key(5_998)}');
  INSERT INTO note(k, body) VALUES('new', 'new');
  -- To the end: one that is copied already, and one that is not.
  REPLACE INTO note SELECT k, n, 'replaced' FROM note WHERE k IN ('${key(4)}', '${key(5_000)}');
  -- To where all rows are copied already, and back.
  UPDATE note SET rowid = -5 WHERE k = '${key(5_997)}';
  UPDATE note SET rowid = 1000000 WHERE k = '${key(3)}';
  UPDATE note SET k = 'renamed' WHERE k = '${key(5_996)}';
  UPDATE note SET k = '${key(2)}' WHERE k = '${key(6)}'`;

interface Begun {
  readonly application: Client;
  /** What the copy asked the source. */
  readonly asked: readonly string[];
  readonly session: TargetSession;
  /** Another process, as it were, that goes on. */
  readonly next: Migration;
  /** Copies on; `during` is done once two pages are read, and then another two. Stops there if it says so. */
  copy(during: () => Promise<unknown>): Promise<unknown>;
  position(): Promise<unknown[] | null>;
}

/** A run whose copy was stopped before its first row. */
async function begun(maxRows: number | null): Promise<Begun> {
  const { path, application } = await sqliteFile(`
    CREATE TABLE note(k TEXT PRIMARY KEY NOT NULL, n INTEGER, body TEXT);
    WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < ${ROWS}) INSERT INTO note
      SELECT printf('k%07d', (i * 7919) % 1000003), i, printf('body %d%300s', i, '') FROM i`);
  const { url, target, session } = await emptyTarget("create table note(k text primary key, n bigint, body text)");
  const { asked, source } = remembering(openSource({ url: path }));
  onTestFinished(async () => {
    source.close();
    await target.close();
  });
  const stop = new AbortController();
  const open = (signal?: AbortSignal) => {
    const migration = openMigration({
      source: path,
      target: url,
      migrationsDirectory: temporaryDirectory(),
      ...(signal === undefined ? {} : { signal }),
      onEvent: (event) => void (event.type === "step" && event.message.startsWith("copying") && stop.abort()),
    });
    onTestFinished(() => migration.close());
    return migration;
  };
  await expect(open(stop.signal).sync()).rejects.toMatchObject({ code: "INTERRUPTED" });
  const observer = await target.session();
  const run = await loadRun(session);
  const mapping = run?.mappings[0];
  if (run === null || mapping === undefined) throw new Error("no run");
  return {
    application,
    asked,
    session,
    next: open(),
    async copy(during) {
      const [state] = await loadTables(session, run.id);
      if (state === undefined) throw new Error("no table");
      let pages = 0;
      return copyTable(source, session, {
        run: run.id,
        mapping,
        state,
        loggedSince: run.watermark,
        maxRows,
        onRows: () => {},
        rest: async () => void (++pages % 2 === 0 && (await during())),
      });
    },
    position: async () => (await loadTables(observer, run.id))[0]?.position?.map((value) => value.type) ?? null,
  };
}

describe.each([
  ["in pages of rows", 1_000],
  ["in pages as the file has them", null],
])("a copy %s", (_pages, maxRows) => {
  it("brings each row once, wherever the application moves it meanwhile", async () => {
    const { application, asked, copy, next, position, session } = await begun(maxRows);
    let isMoved = false;
    const during = async () => {
      if (!isMoved) await application.executeMultiple(MOVES);
      isMoved = true;
    };
    expect(await copy(during)).toBe("done");
    expect(isMoved).toBe(true);
    expect(asked.some((sql) => sql.includes("sqlite_dbpage"))).toBe(maxRows === null);
    expect(asked.some((sql) => sql.includes("json_group_array"))).toBe(maxRows !== null);
    expect(await position()).toEqual(["integer", "integer", "null"]);
    await application.execute(`DELETE FROM note WHERE k = '${key(10)}'`);
    await next.sync({ until: "caught-up" });
    expect(await next.check()).toMatchObject({ ok: true, differences: 0, rows: ROWS - 2 });
    expect(await session.rows("select count(*)::int as n from note where body = 'replaced'")).toEqual([{ n: 2 }]);
  });

  it("begins again, in the order of the keys, once VACUUM has given the rows other places", async () => {
    const { application, copy, next, position } = await begun(maxRows);
    let times = 0;
    const during = async () => {
      if (++times === 1) await application.execute("DELETE FROM note WHERE rowid % 2");
      // Again and again, which the order of the keys outlives.
      if (times <= 2) await application.execute("VACUUM");
    };
    expect(await copy(during)).toBe("done");
    expect(times).toBeGreaterThan(maxRows === null ? 0 : 2);
    expect(await position()).toEqual(["text"]);
    await next.sync({ until: "caught-up" });
    expect(await next.check()).toMatchObject({ ok: true, differences: 0, rows: ROWS / 2 });
  });

  it.each([
    ["goes on by rowid after a kill", "SELECT 1", "integer"],
    ["begins again by key if VACUUM ran before it goes on", "VACUUM", "text"],
  ])("%s", async (_, meanwhile, order) => {
    const { application, copy, next, position, session } = await begun(maxRows);
    const killed = new Error("killed");
    // The first transaction commits what it has after two seconds: longer than anyone waits here. A wide row ends it
    // sooner.
    await application.execute({ sql: "UPDATE note SET body = printf('%09000000d', 1) WHERE k = ?", args: [key(300)] });
    await expect(
      copy(async () => {
        if ((await position()) !== null) throw killed;
      }),
    ).rejects.toBe(killed);
    expect(await position()).toEqual(["integer", "integer", "null"]);
    const [before] = await session.rows<{ n: number }>("select count(*)::int as n from note");
    expect(before?.n).toBeGreaterThan(0);
    await application.executeMultiple(`${meanwhile}; UPDATE note SET rowid = rowid + 100000 WHERE k = '${key(20)}'`);
    expect(await copy(() => Promise.resolve())).toBe("done");
    expect((await position())?.[0]).toBe(order);
    await next.sync({ until: "caught-up" });
    expect(await next.check()).toMatchObject({ ok: true, differences: 0, rows: ROWS });
  });
});
