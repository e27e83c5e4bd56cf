import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { finished } from "../support/runtimes.ts";
import { temporaryDirectory } from "../support/source.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

it("the package's types are whole for those who check their libraries, too", { timeout: 300_000 }, async () => {
  const cwd = temporaryDirectory();
  const run = async (command: string, ...args: readonly string[]) => {
    const { code, output } = await finished(command, args, { cwd });
    expect(code, output.slice(-3_000)).toBe(0);
    return output;
  };
  await run("npm", "pack", ROOT, "--ignore-scripts", "--pack-destination", cwd);
  writeFileSync(join(cwd, "package.json"), '{"name": "theirs", "private": true, "type": "module"}');
  await run(
    "npm",
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "./changeover-0.1.0.tgz",
  );
  writeFileSync(
    join(cwd, "theirs.ts"),
    `import { defineConfig, openMigration } from "changeover";
     import { fencedBy } from "changeover/fenced-by";
     export const status = openMigration({ source: "app.db", target: "postgres://h/d" }).status();
     export const fence = fencedBy(new Error());
     export default defineConfig({ tables: { a: { columns: { b: { type: "text" } } } } });\n`,
  );
  const options = {
    strict: true,
    target: "es2023",
    noEmit: true,
    skipLibCheck: false,
    types: ["node"],
  };
  for (const way of [
    { module: "node16", moduleResolution: "node16" },
    { module: "nodenext", moduleResolution: "nodenext" },
    { module: "esnext", moduleResolution: "bundler" },
  ]) {
    const compilerOptions = { ...options, ...way, lib: ["es2023", "esnext.disposable"] };
    writeFileSync(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["theirs.ts"] }));
    await run(process.execPath, join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-p", ".");
  }
  // What is installed without scripts can be run: embedded PostgreSQL makes up for its links when it starts.
  expect(await run(process.execPath, "node_modules/changeover/bin/changeover.js", "--version")).toContain("0.1.0");
});
