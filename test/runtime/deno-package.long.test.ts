import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { finished, runtime } from "../support/runtimes.ts";
import { temporaryDirectory } from "../support/source.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = [
  "bin",
  "src",
  "sql",
  "migrations",
  "deno.json",
  "deno.lock",
  "package.json",
  "tsconfig.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
];

it("Deno finds no fault in the types, and could publish the package", { timeout: 300_000 }, async () => {
  // A copy: Deno would put a node_modules of its own in the place of npm's.
  const cwd = temporaryDirectory();
  for (const part of PARTS) cpSync(join(ROOT, part), join(cwd, part), { recursive: true });
  const deno = await runtime("deno", "2");
  const env = { ...process.env, NO_COLOR: "1" };
  const check = await finished(deno, ["task", "check"], { cwd, env });
  expect(check.code, check.output.slice(-2_000)).toBe(0);
  const publish = await finished(deno, ["publish", "--dry-run", "--allow-dirty"], { cwd, env });
  expect(publish.code, publish.output.slice(-2_000)).toBe(0);
  for (const file of ["src/index.ts", "sql/target/load-run.sql", "migrations/0001_run.sql", "package.json"])
    expect(publish.output).toContain(`/${file} (`);
});
