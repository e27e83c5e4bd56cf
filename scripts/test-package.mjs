// Installs the tarball in empty folders as strangers do, and runs it: npm run test:package [-- npm pnpm …]
// Package managers come from npm into a temporary folder. Nothing of it is a dependency of the project.
// @ts-check
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The only user whom every Unix has: it runs what an ordinary user would. */
const NOBODY = 65_534;
const MINUTES_MS = 60_000;

/** @typedef {{ needs: string[], target?: boolean, install: (tarball: string) => string[][], run: string[] }} Manager */

/** @type {Record<string, Manager>} */
const MANAGERS = {
  npm: {
    needs: [],
    install: (tarball) => [["npm", "install", "--no-audit", "--no-fund", tarball]],
    run: ["node", "node_modules/changeover/bin/changeover.js"],
  },
  "npm without scripts": {
    needs: [],
    install: (tarball) => [["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", tarball]],
    run: ["node", "node_modules/changeover/bin/changeover.js"],
  },
  pnpm: {
    needs: ["pnpm@10"],
    install: (tarball) => [["pnpm", "add", tarball]],
    run: ["node", "node_modules/changeover/bin/changeover.js"],
  },
  // It needs a newer Node than ours, which npm has as a package.
  "pnpm 11": {
    needs: ["pnpm@11", "node@22"],
    install: (tarball) => [["pnpm", "add", "--config.strictDepBuilds=false", tarball]],
    run: ["node", "node_modules/changeover/bin/changeover.js"],
  },
  yarn: {
    needs: ["yarn@1"],
    install: (tarball) => [["yarn", "add", `file:${tarball}`]],
    run: ["node", "node_modules/changeover/bin/changeover.js"],
  },
  bun: {
    needs: ["bun@1"],
    install: (tarball) => [["bun", "add", tarball]],
    run: ["bun", "node_modules/changeover/bin/changeover.js"],
  },
  deno: {
    needs: ["deno@2"],
    // Deno's own `add` takes no tarball: npm lays the files, Deno runs them.
    install: (tarball) => [["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", tarball]],
    run: ["deno", "run", "-A", "--quiet", "--node-modules-dir=manual", "node_modules/changeover/bin/changeover.js"],
  },
  "deno with its permissions named": {
    needs: ["deno@2"],
    install: (tarball) => [["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", tarball]],
    // Those of docs/guides/install.md. The embedded server is a program of its own, with files of its own: not with these.
    target: true,
    run: [
      ...["deno", "run", "--no-prompt", "--quiet", "--node-modules-dir=manual", "--allow-env", "--allow-sys"],
      ...["--allow-read=.", "--allow-write=.", "--allow-ffi=node_modules", "--allow-net=127.0.0.1"],
      "node_modules/changeover/bin/changeover.js",
    ],
  },
};

const home = mkdtempSync(join(tmpdir(), "changeover-package-"));
chmodSync(home, 0o755);
const asked = process.argv.slice(2);
const names = asked.length === 0 ? Object.keys(MANAGERS) : asked;
let passed = 0;
let failed = 0;
try {
  const tarball = pack();
  check("publint", () => tool("publint@0", ["publint", "run", tarball, "--strict"]));
  // The package has modules of ECMAScript only, which CommonJS imports by import() or by require() of Node 22.
  check("attw", () => tool("@arethetypeswrong/cli@0.18", ["attw", tarball, "--profile", "esm-only"]));
  for (const name of names)
    for (const user of process.getuid?.() === 0 ? ["root", "an ordinary user"] : ["an ordinary user"])
      check(`${name} as ${user}`, () => journey(name, user === "root" ? null : NOBODY, tarball));
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function pack() {
  execFileSync("npm", ["pack", ROOT, "--ignore-scripts", "--pack-destination", home], { stdio: "pipe" });
  const file = readdirSync(home).find((name) => name.endsWith(".tgz")) ?? "";
  return join(home, file);
}

/**
 * @param {string} name
 * @param {() => string | undefined} work
 */
function check(name, work) {
  const began = performance.now();
  try {
    const said = work() ?? "";
    passed++;
    console.log(`ok   ${name} ${said}(${((performance.now() - began) / 1_000).toFixed(0)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n${error instanceof Error ? error.message : error}`);
  }
}

/**
 * @param {string} name
 * @param {number | null} user
 * @param {string} tarball
 */
function journey(name, user, tarball) {
  const manager = MANAGERS[name];
  if (manager === undefined) throw new Error(`no package manager ${name}: ${Object.keys(MANAGERS).join(", ")}`);
  const path = toolsPath(manager.needs);
  const cwd = mkdtempSync(join(home, "empty-"));
  mkdirSync(join(cwd, "home"));
  if (user !== null) for (const directory of [cwd, join(cwd, "home")]) chownSync(directory, user, user);
  const as = {
    cwd,
    path,
    // The registry that this machine is set up for, and a cache of its own.
    env: { HOME: join(cwd, "home"), npm_config_cache: join(cwd, "home", ".npm"), ...registryOf() },
    ...(user === null ? {} : { uid: user, gid: user }),
  };
  writeFileSync(join(cwd, "package.json"), '{"name": "theirs", "private": true, "type": "module"}', { mode: 0o644 });
  if (user !== null) chownSync(join(cwd, "package.json"), user, user);
  for (const command of manager.install(tarball)) run(command, as);
  const sample =
    'const { createClient } = await import("@libsql/client/sqlite3"); const c = createClient({ url: "file:app.db" });' +
    'await c.executeMultiple("CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t(x) VALUES(1),(2),(3)")';
  writeFileSync(join(cwd, "node_modules", "changeover", "sample.mjs"), sample);
  run(["node", "node_modules/changeover/sample.mjs"], as);
  const node = ["node", "node_modules/changeover/bin/changeover.js"];
  const target = manager.target
    ? ["--target", JSON.parse(run([...node, "postgres", "start", "--json"], as)).url]
    : ["--embedded"];
  const full = JSON.parse(run([...manager.run, "full", ...target, "--source", "app.db", "--yes", "--json"], as));
  run([...(manager.target ? node : manager.run), "postgres", "stop"], as);
  if (full.phase !== "cut-over" || full.verified?.rows !== 3) throw new Error(JSON.stringify(full));
  return undefined;
}

/** @returns {Record<string, string>} */
function registryOf() {
  const ask = (/** @type {string} */ key) =>
    spawnSync("npm", ["config", "get", key], { encoding: "utf8" }).stdout.trim();
  const registry = ask("registry");
  const variables = ["registry", "npm_config_registry", "YARN_REGISTRY", "BUN_CONFIG_REGISTRY"];
  return Object.fromEntries(variables.slice(1).map((name) => [name, registry]));
}

/**
 * The folder of a package's programs, installed once for all.
 * @param {string[]} packages
 */
function toolsPath(packages) {
  if (packages.length === 0) return "";
  const prefix = join(home, `tools-${packages.join("-").replace(/[^a-z0-9]+/g, "-")}`);
  if (!existsSync(prefix))
    execFileSync("npm", ["install", "--prefix", prefix, "--no-audit", "--no-fund", ...packages], { stdio: "pipe" });
  return join(prefix, "node_modules", ".bin");
}

/**
 * @param {string} name
 * @param {string[]} command
 */
function tool(name, command) {
  run(command, { cwd: home, path: toolsPath([name]), env: {} });
  return undefined;
}

/**
 * @param {string[]} command
 * @param {{ cwd: string, path: string, env: Record<string, string>, uid?: number, gid?: number }} options
 */
function run([file = "", ...args], { path, env, ...options }) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    ...options,
    env: { ...process.env, ...env, PATH: `${path}:${process.env["PATH"]}` },
    encoding: "utf8",
    timeout: 4 * MINUTES_MS,
  });
  if (status === 0) return stdout;
  throw new Error(`${file} ${args.join(" ")}: ${error?.message ?? `${stdout}\n${stderr}`.slice(-3_000)}`);
}
