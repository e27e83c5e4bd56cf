import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { FENCE_TABLE, LOG_TABLE } from "../../src/model/change-log.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import { lowerFence, raiseFence, sealFence } from "../../src/source/fence/fence.ts";
import { dismantleFence, prepareFence } from "../../src/source/fence/prepare-fence.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

it(
  "waits for the disk when it is sealed, and not when it goes up: that would be part of the downtime, " +
    "and a fence needs no more life than who raised it",
  async () => {
    const { path } = await sqliteFile(`CREATE TABLE "${LOG_TABLE}"(seq INTEGER PRIMARY KEY, tbl INTEGER)`);
    let waited = 0;
    const source = openSource({ url: path, syncWal: async () => void waited++ });
    onTestFinished(() => source.close());
    const prepared = await prepareFence(source, { mappings: [], location: "elsewhere", onSchemaChange: () => {} });
    const { last: drained } = await raiseFence(source, { prepared, budgetMs: 60_000, lockWaitMs: 1_000 });
    expect(waited).toBe(0);
    await sealFence(source, drained, 1_000);
    expect(waited).toBe(1);
  },
);

const LOG = `CREATE TABLE "${LOG_TABLE}"(seq INTEGER PRIMARY KEY, tbl INTEGER)`;

function mapping(id: number): TableMapping {
  const name = `t${id}`;
  return {
    id,
    source: name,
    target: { schema: "public", name },
    identity: { kind: "columns", columns: ["id"] },
    columns: [],
  };
}

async function withTables(count: number) {
  const ids = Array.from({ length: count }, (_, id) => id);
  const { path, application } = await sqliteFile(
    `${LOG}; ${ids.map((id) => `CREATE TABLE t${id}(id INTEGER PRIMARY KEY, a)`).join("; ")}`,
  );
  const held: number[] = [];
  const source = openSource({ url: path, observe: (seen) => seen.kind === "write" && held.push(seen.durationMs) });
  onTestFinished(() => source.close());
  return { application, held, mappings: ids.map(mapping), source };
}

const schemaOf = async (application: { execute(sql: string): Promise<{ rows: unknown }> }) =>
  JSON.stringify((await application.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")).rows);

describe("a fence of many tables", () => {
  it("is prepared while the application writes, raised by one row, and leaves the schema as it was", async () => {
    const { application, held, mappings, source } = await withTables(200);
    const before = await schemaOf(application);
    let [moved, between] = [0, 0];
    const count = { onSchemaChange: (by: number) => void (moved += by) };
    const version = async () => Number((await application.execute("PRAGMA schema_version")).rows[0]?.[0]);
    const began = await version();
    const prepared = await prepareFence(source, {
      mappings,
      location: "elsewhere",
      ...count,
      async between() {
        between++;
        await application.execute(`INSERT INTO t${between % 200}(a) VALUES(1)`);
      },
    });
    expect(prepared.triggers).toBe(600);
    expect(between).toBeGreaterThan(0);
    expect(await version()).toBe(began + moved);
    await application.execute("INSERT INTO t5(a) VALUES('asleep')");
    held.length = 0;
    await raiseFence(source, { prepared, budgetMs: 60_000, lockWaitMs: 1_000 });
    expect(held).toHaveLength(1);
    for (const statement of ["INSERT INTO t0(a) VALUES(1)", "UPDATE t5 SET a = 2", "DELETE FROM t5"])
      await expect(application.execute(statement)).rejects.toThrow(/CHANGEOVER_FENCED state=cutting-over/);
    await lowerFence(source);
    await application.execute("INSERT INTO t0(a) VALUES('lowered')");
    await dismantleFence(source, count);
    expect(await version()).toBe(began + moved);
    expect(await schemaOf(application)).toBe(before);
  });

  it("is not raised where one of its triggers is gone", async () => {
    const { application, mappings, source } = await withTables(2);
    const prepared = await prepareFence(source, { mappings, location: "elsewhere", onSchemaChange: () => {} });
    await application.execute("DROP TABLE t1");
    await expect(raiseFence(source, { prepared, budgetMs: 60_000, lockWaitMs: 1_000 })).rejects.toMatchObject({
      code: "FENCE_INCOMPLETE",
    });
    await application.execute("INSERT INTO t0(a) VALUES(1)");
  });

  it("falls by itself at its budget, to the tenth of a second", async () => {
    const { application, mappings, source } = await withTables(1);
    const prepared = await prepareFence(source, { mappings, location: "elsewhere", onSchemaChange: () => {} });
    for (const budgetMs of [330, 1_050]) {
      const { raisedAt } = await raiseFence(source, { prepared, budgetMs, lockWaitMs: 1_000 });
      let fell = Number.NaN;
      while (Number.isNaN(fell)) {
        const written = await application.execute("INSERT INTO t0(a) VALUES(1)").then(
          () => true,
          () => false,
        );
        if (written) fell = performance.now() - raisedAt;
        else await delay(2);
      }
      expect(fell).toBeGreaterThan(budgetMs - 5);
      expect(fell).toBeLessThan(budgetMs + 100);
    }
    expect((await application.execute(`SELECT count(*) FROM ${FENCE_TABLE}`)).rows[0]?.[0]).toBe(1n);
  });
});
