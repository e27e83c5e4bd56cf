import { describe, expect, it, vi } from "vitest";
import { openContext } from "../../src/api/open-context.ts";
import { openMigration } from "../../src/index.ts";
import { migrationOver } from "../../src/migration.ts";

describe("a migration", () => {
  it("opens nothing before a method is called, and is closed by `await using`", async () => {
    const context = openContext({ source: "/nowhere/app.db", target: "postgres://nobody@127.0.0.1:1/none" });
    const close = vi.spyOn(context.target, "close");
    {
      await using migration = migrationOver(context);
      expect(migration.close).toBeTypeOf("function");
      expect(close).not.toHaveBeenCalled();
    }
    expect(close).toHaveBeenCalledOnce();
  });

  it("can be disposed by hand, and twice", async () => {
    const migration = openMigration({ target: "postgres://nobody@127.0.0.1:1/none" });
    await migration[Symbol.asyncDispose]();
    await migration.close();
  });

  it("groups its methods as the commands are grouped", () => {
    const migration = openMigration({ target: "postgres://nobody@127.0.0.1:1/none" });
    expect(Object.keys(migration.migrations).toSorted()).toEqual(
      "applied down forecast list plan prove redo restore rollbackFile up".split(" "),
    );
    expect(Object.keys(migration.quarantine).toSorted()).toEqual(["counts", "export", "list", "retry"]);
  });
});
