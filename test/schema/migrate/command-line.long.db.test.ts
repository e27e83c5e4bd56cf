import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../../support/cli.ts";
import { project } from "../../support/migrations.ts";
import { emptyDatabase } from "../../support/target.ts";

it("a project is created, changed, inspected and corrected by the command line alone", async () => {
  const target = await emptyDatabase();
  const { cwd, write } = project({});
  const run = (...args: string[]) => runCli([...args, "--target", target], { cwd });
  expect(await run("new", "items")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("migrations/0001_items.sql is yours") as string,
  });
  write({
    "0001_items.sql": readFileSync(join(cwd, "migrations", "0001_items.sql"), "utf8")
      .replace("\n\n\n", "\ncreate table items(id bigint);\n")
      .replace(/\n\n$/, "\ndrop table items;\n"),
  });
  expect((await run("migrations", "--exit-code")).code).toBe(3);
  expect((await run("up")).stdout).toBe("1 migration applied: 0001_items\n");
  const listed = await run("migrations", "--exit-code");
  expect(listed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^applied +0001_items {2}20\d\d-.* by .+@.+ as \w+, in \d+ ms$/m) as string,
  });
  const text = readFileSync(join(cwd, "migrations", "0001_items.sql"), "utf8");
  expect((await run("migrations", "--show", "0001_items")).stdout).toBe(text);
  write({ "0001_items.sql": text.replace("bigint", "int") });
  expect(await run("up", "--json")).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("MIGRATION_CHANGED") as string,
  });
  expect(await run("migrations", "--diff", "--exit-code")).toMatchObject({
    code: 4,
    stdout: expect.stringMatching(
      new RegExp(
        String.raw`^changed .*[^]*^--- 0001_items.sql \(as applied\)[^]*` +
          String.raw`^-create table items\(id bigint\);$\n^\+create table items\(id int\);$`,
        "m",
      ),
    ) as string,
  });
  const all = JSON.parse((await run("migrations", "--diff", "--json")).stdout) as {
    migrations: object[];
    diffs: object[];
  };
  expect(all).toMatchObject({
    ok: true,
    migrations: [
      { name: "0001_items", state: "changed", recorded: true, applied_by: expect.stringContaining("@") as string },
    ],
    diffs: [{ name: "0001_items" }],
  });
  expect(
    (await run("up", "--accept-changed", "--no-wait", "--lock-timeout", "500ms", "--lock-attempts", "3")).stdout,
  ).toMatch(/^nothing to apply/);
  expect((await run("down", "all")).stdout).toBe("1 migration undone: 0001_items\n");
  expect(await run("migrations", "--show", "0001_items", "--json")).toMatchObject({
    code: 2,
    stdout: expect.stringContaining("MIGRATION_NOT_RECORDED") as string,
  });
});
