import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/index.ts";

describe("a migration", () => {
  it("opens nothing before a method is called, and is closed by `await using`", async () => {
    let closed = 0;
    {
      await using migration = openMigration({
        source: "/nowhere/app.db",
        target: "postgres://nobody@127.0.0.1:1/none",
      });
      const { close } = migration;
      migration[Symbol.asyncDispose] = async () => {
        closed++;
        await close();
      };
      expect(closed).toBe(0);
    }
    expect(closed).toBe(1);
  });

  it("can be disposed by hand, and twice", async () => {
    const migration = openMigration({ target: "postgres://nobody@127.0.0.1:1/none" });
    await migration[Symbol.asyncDispose]();
    await migration.close();
  });

  it("groups its methods as the commands are grouped", () => {
    const migration = openMigration({ target: "postgres://nobody@127.0.0.1:1/none" });
    expect(Object.keys(migration.migrations).toSorted()).toEqual(
      "applied down filledTables list plan prove redo restore rollbackFile up".split(" "),
    );
    expect(Object.keys(migration.quarantine).toSorted()).toEqual(["counts", "export", "list", "retry"]);
  });
});
