import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { proveMigrations } from "../../src/schema/prove/prove-migrations.ts";
import { runCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

/** A project's directory with migrations that are right, but would hurt; `wrong` adds one that is not. */
function project(options: { readonly wrong?: boolean } = {}): string {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, "migrations"));
  writeFileSync(
    join(cwd, "migrations", "0001_orders.sql"),
    "-- Up Migration\ncreate table orders (id integer primary key, code text);\n-- Down Migration\ndrop table " +
      "orders;\n",
  );
  writeFileSync(
    join(cwd, "migrations", "0002_code.sql"),
    "-- Up Migration\ncreate index orders_code on orders (code);\n-- Down Migration\ndrop index orders_code;\n",
  );
  if (options.wrong === true)
    writeFileSync(
      join(cwd, "migrations", "0003_wrong.sql"),
      "-- Up Migration\ncreate table lines (id integer);\ncreate type mood as enum ('sad');\n-- Down " +
        "Migration\ndrop table lines;\n",
    );
  return cwd;
}

describe("changeover prove", () => {
  it("proves in the embedded PostgreSQL where no target is given, and says by its exit code", async () => {
    const proof = await runCli(["prove", "--embedded", "--json"], { cwd: project({ wrong: true }) });
    expect(proof).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("starting an embedded PostgreSQL") as string,
    });
    expect(JSON.parse(proof.stdout)).toMatchObject({
      ok: false,
      together: null,
      migrations: [{ outcome: "proved" }, { outcome: "proved" }, { outcome: "failed" }],
      problems: [
        {
          code: "DOWN_DIFFERS",
          migration: "0003_wrong",
          missing: [],
          extra: ["enum type public.mood owned by changeover: 'sad'"],
        },
      ],
    });
  });

  it("warns without failing, but for --strict; --lint-only runs nothing", async () => {
    const cwd = project();
    const looked = await runCli(["prove", "--lint-only", "--since", "0001_orders", "--other-runner", "--json"], {
      cwd,
    });
    expect(looked.code).toBe(0);
    expect(JSON.parse(looked.stdout)).toMatchObject({
      ok: true,
      server: null,
      migrations: [{ outcome: "not-tried" }, { outcome: "not-tried" }],
      warnings: [
        { code: "INDEX_BLOCKS_WRITES", file: "0002_code.sql", line: 2, object: "orders" },
        { code: "NO_LOCK_TIMEOUT" },
      ],
    });
    const strict = await runCli(["prove", "--lint-only", "--strict", "--since", "0001_orders.sql"], { cwd });
    expect(strict.code).toBe(1);
    expect(strict.stdout).toContain("warning  INDEX_BLOCKS_WRITES  0002_code.sql:2");
  });

  it("refuses what it cannot do, with the way on", async () => {
    const cwd = project();
    const target = await emptyDatabase();
    const refused = await runCli(["prove", "--target", target, "--json"], { cwd });
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: "SCRATCH_DENIED", hint: expect.stringContaining("--embedded") as string },
    });
    expect(refused.code).toBe(1);
    expect((await runCli(["prove", "--target", target, "--since", "0001_orders"], { cwd })).code).toBe(2);
    await expect(
      proveMigrations({ migrationsDirectory: join(cwd, "migrations"), since: "0009" }),
    ).rejects.toBeInstanceOf(UsageError);
    await expect(proveMigrations({ migrationsDirectory: join(cwd, "nowhere") })).rejects.toMatchObject({
      code: "MIGRATIONS_MISSING",
    });
  });
});
