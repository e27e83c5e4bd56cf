import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

/** A project's directory with migrations that are right, but would hurt; `wrong` adds one that is not. */
function project(options: { readonly wrong?: boolean } = {}): string {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, "migrations"));
  writeFileSync(join(cwd, "migrations", "0001_orders.sql"), "-- Up Migration\ncreate table orders (id integer primary key, code text);\n-- Down Migration\ndrop table orders;\n");
  writeFileSync(join(cwd, "migrations", "0002_code.sql"), "-- Up Migration\ncreate index orders_code on orders (code);\n-- Down Migration\ndrop index orders_code;\n");
  if (options.wrong === true) writeFileSync(join(cwd, "migrations", "0003_wrong.sql"), "-- Up Migration\ncreate table lines (id integer);\ncreate type mood as enum ('sad');\n-- Down Migration\ndrop table lines;\n");
  return cwd;
}

describe("changeover prove", () => {
  it("proves in the embedded PostgreSQL where no target is given, shows differences like a diff, and says by its exit code", async () => {
    const cwd = project({ wrong: true });
    const proof = await runCli(["prove"], { cwd });
    expect(proof.code).toBe(1);
    expect(proof.stdout).toMatch(/0001_orders {2}up, down, up again: the same[^]*0003_wrong {2}FAILED[^]*error {4}DOWN_DIFFERS[^]*\+ enum type public\.mood owned by changeover: 'sad'/);
    const json = await runCli(["prove", "--json", "--quiet"], { cwd });
    expect(json).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, together: null, problems: [{ code: "DOWN_DIFFERS", migration: "0003_wrong", missing: [] }] });
  });

  it("warns without failing, but for --strict; --lint-only runs nothing", async () => {
    const cwd = project();
    const looked = await runCli(["prove", "--lint-only", "--since", "0001_orders", "--other-runner", "--json"], { cwd });
    expect(looked.code).toBe(0);
    expect(JSON.parse(looked.stdout)).toMatchObject({ ok: true, server: null, migrations: [{ outcome: "not-tried" }, { outcome: "not-tried" }], warnings: [{ code: "INDEX_BLOCKS_WRITES", file: "0002_code.sql", line: 2, object: "orders" }, { code: "NO_LOCK_TIMEOUT" }] });
    const strict = await runCli(["prove", "--lint-only", "--strict", "--since", "0001_orders.sql"], { cwd });
    expect(strict.code).toBe(1);
    expect(strict.stdout).toContain("warning  INDEX_BLOCKS_WRITES  0002_code.sql:2");
    expect((await runCli(["prove", "--lint-only", "--strict"], { cwd })).stdout).toContain("note: all migrations count as pending");
  });

  it("refuses what it cannot do, with the way on", async () => {
    const cwd = project();
    const target = await emptyDatabase();
    const refused = await runCli(["prove", "--target", target, "--json"], { cwd });
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "SCRATCH_DENIED", hint: expect.stringContaining("--embedded") as string } });
    expect(refused.code).toBe(1);
    for (const args of [["--lint-only", "--embedded"], ["--target", target, "--since", "0001_orders"], ["--lint-only", "--since", "0009"], ["--large", "many", "--lint-only"]]) expect((await runCli(["prove", ...args], { cwd })).code).toBe(2);
    expect((await runCli(["prove", "--lint-only", "--migrations-dir", "nowhere"], { cwd })).stderr).toContain("[MIGRATIONS_MISSING]");
  });
});
