import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FleetAction, goalOf, type TenantGoal, type TenantState } from "../../src/fleet/fleet-tenant.ts";
import { commonDigest, describeOdd, digestOf } from "../../src/fleet/schema-groups.ts";
import { globSources, listedSource, parseCsv, readSourceList } from "../../src/fleet/source-list.ts";
import { refuseSameNames, schemasOf, tenantNameOf } from "../../src/fleet/tenant-names.ts";
import { assignWaves } from "../../src/fleet/waves.ts";
import { temporaryDirectory } from "../support/source.ts";

describe("the sources of a fleet", () => {
  it("are found by a pattern: * within a name, ** over directories", () => {
    const directory = temporaryDirectory();
    for (const path of ["a/app.db", "b/app.db", "b/old/app.db", "b/app.db-wal", "c.db", "a+b.db"]) {
      mkdirSync(join(directory, path, ".."), { recursive: true });
      writeFileSync(join(directory, path), "");
    }
    const found = (pattern: string) =>
      globSources(join(directory, pattern)).map(({ source }) => source.slice(directory.length + 1));
    expect(found("*.db")).toEqual(["a+b.db", "c.db"]);
    expect(found("*/app.db")).toEqual(["a/app.db", "b/app.db"]);
    expect(found("**/app.db")).toEqual(["a/app.db", "b/app.db", "b/old/app.db"]);
    expect(found("a+?.db")).toEqual(["a+b.db"]);
    expect(() => found("none/*.db")).toThrow(expect.objectContaining({ code: "FLEET_SOURCES" }));
  });

  it("are read from a list, or a CSV with more of each", () => {
    const directory = temporaryDirectory();
    const list = join(directory, "list.txt");
    writeFileSync(list, "# tenants\n/srv/a.db\n\nb.db\r\nlibsql://host\n");
    expect(readSourceList(list).map(({ source }) => source)).toEqual([
      "/srv/a.db",
      join(directory, "b.db"),
      "libsql://host",
    ]);
    writeFileSync(list, 'name,source,wave,host\n"A, Inc.",/srv/a.db,0,one\nB,/srv/b.db,,\n');
    expect(readSourceList(list)).toEqual([
      { source: "/srv/a.db", name: "A, Inc.", host: "one", wave: 0 },
      { source: "/srv/b.db", name: "B" },
    ]);
  });

  it("are refused where the list is not right", () => {
    expect(parseCsv('a,"b ""c""",\n,,\nd')).toEqual([["a", 'b "c"', ""], ["d"]]);
    for (const wrong of [
      () => parseCsv('a,"b'),
      () => listedSource({ name: "x" }),
      () => listedSource({ source: "x", wave: "y" }),
    ])
      expect(wrong).toThrow(expect.objectContaining({ code: "FLEET_SOURCES" }));
  });
});

describe("a tenant", () => {
  it("is named by its file, or by a pattern", () => {
    expect(tenantNameOf("/srv/acme.corp.db", null)).toBe("acme.corp");
    expect(tenantNameOf("/srv/.hidden", null)).toBe(".hidden");
    expect(tenantNameOf("/srv/acme/app.db", /\/(?<name>[^/]+)\/app\.db$/)).toBe("acme");
    expect(() => tenantNameOf("/srv/acme.db", /x(y)/)).toThrow(expect.objectContaining({ code: "FLEET_NAMES" }));
  });

  it("has schemas whose names PostgreSQL takes, and no other tenant's", () => {
    expect(schemasOf("Acme Corp.", "app_{tenant}")).toEqual({
      schema: "app_acme_corp_",
      stateSchema: "changeover_t_acme_corp_",
    });
    expect(schemasOf("public", "{tenant}").schema).toBe("t_public");
    expect(schemasOf("changeover_x", "{tenant}").schema).toBe("t_changeover_x");
    const long = ["x".repeat(80), `${"x".repeat(79)}y`].map((name) => schemasOf(name, "{tenant}"));
    for (const { schema, stateSchema } of long) expect(Math.max(schema.length, stateSchema.length)).toBe(63);
    expect(new Set(long.map(({ schema }) => schema)).size).toBe(2);
    const tenants = [
      { name: "a b", source: "1", schema: "a_b" },
      { name: "a-b", source: "2", schema: "a_b" },
    ];
    expect(() => refuseSameNames(tenants)).toThrow(/1 and 2 would both be the schema a_b/);
  });

  it("is asked for what its state allows", () => {
    const goals = (action: FleetAction) =>
      (["planned", "in-sync", "cut-over", "returned", "rolled-back", "complete"] as const satisfies TenantState[]).map(
        (state): TenantGoal | null => goalOf(action, { state, wanted: null }),
      );
    expect(goals("run")).toEqual(["in-sync", null, null, "in-sync", "in-sync", null]);
    expect(goals("cutover")).toEqual([null, "cut-over", null, null, null, null]);
    expect(goals("rollback")).toEqual([null, "rolled-back", "returned", "rolled-back", null, null]);
    expect(goals("complete")).toEqual([null, null, "complete", null, null, null]);
    // It was begun, and never got there.
    expect(goalOf("rollback", { state: "planned", wanted: "in-sync" })).toBe("rolled-back");
  });
});

describe("the plan of a fleet", () => {
  const common = new Map([
    ["table a", "CREATE TABLE a(x, y)"],
    ["index i", "CREATE INDEX i ON a(x)"],
  ]);

  it("is made for the schema that most have; the others are told with their difference", () => {
    expect(commonDigest(["p", "q", "q"])).toBe("q");
    expect(commonDigest(["p", "q"])).toBe("p");
    expect(commonDigest([])).toBe(null);
    expect(digestOf(new Map([...common].reverse()))).toBe(digestOf(common));
    const own = new Map([
      ["table a", "CREATE TABLE a(x, z)"],
      ["table b", "CREATE TABLE b(x)"],
    ]);
    expect(describeOdd(common, own)).toEqual([
      "index i is missing",
      "table a differs: … z) … instead of … y) …",
      "table b is extra",
    ]);
    expect(describeOdd(common, new Map(common))).toEqual([]);
    expect(describeOdd(new Map([["t", "a b"]]), new Map([["t", "a b c"]]))[0]).toMatch(/^t differs/);
  });

  it("puts the smallest first, and leaves odd ones out of the waves", () => {
    const tenants = [9, 3, 5, 7, 1].map((bytes) => ({ name: `t${bytes}`, bytes, odd: bytes === 1 ? ["odd"] : null }));
    const waves = Object.fromEntries(
      assignWaves([...tenants, { name: "own", bytes: 2, odd: null, wave: 7 }], { canary: 1, size: 2 }).map(
        ({ name, wave }) => [name, wave],
      ),
    );
    expect(waves).toEqual({ t1: 0, t3: 0, t5: 1, t7: 1, t9: 2, own: 7 });
    expect(assignWaves([{ name: "a", bytes: null, odd: null }], { canary: 0, size: 1 })[0]?.wave).toBe(1);
  });
});
