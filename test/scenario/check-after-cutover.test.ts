import { expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

it("tells what it does and how far it is, as it does before the cutover", async () => {
  const cwd = temporaryDirectory();
  const { path } = await sqliteFile(
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 " +
      "FROM n WHERE i < 500) INSERT INTO t SELECT i, 'v' || i FROM n",
  );
  const ends = ["--source", path, "--target", await emptyDatabase()];
  expect((await runCli(["full", ...ends], { cwd })).code).toBe(0);
  const { code, stderr, stdout } = await runCli(["check", ...ends], { cwd });
  expect(code).toBe(0);
  expect(stderr).toContain("comparing both sides\n");
  expect(stderr).toMatch(/^\S+Z verify +100 % +500 of 500 rows/m);
  expect(stdout).toContain("no difference");
});
