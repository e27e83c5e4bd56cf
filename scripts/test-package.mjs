// Installs the tarball in empty folders as strangers do, and runs it: npm run test:package [-- npm pnpm …]
// Package managers come from npm into a temporary folder. Nothing of it is a dependency of the project.
// @ts-check
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client/sqlite3";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The only user whom every Unix has: it runs what an ordinary user would. */
const NOBODY = 65_534;
const MINUTES_MS = 60_000;

/** @typedef {{ needs: string[], target?: boolean, install: string[][], run: string[] }} Manager */
/** Stands for the path of the tarball. */
const TARBALL = "TARBALL";
/** What runs the command line of an installed package. */
const PROGRAM = "node_modules/changeover/bin/changeover.js";
/** Deno's own `add` takes no tarball: npm lays the files, Deno runs them. */
const BY_NPM = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", TARBALL];

/** @type {Record<string, Manager>} */
const MANAGERS = {
  npm: { needs: [], install: [["npm", "install", "--no-audit", "--no-fund", TARBALL]], run: ["node", PROGRAM] },
  "npm without scripts": { needs: [], install: [BY_NPM], run: ["node", PROGRAM] },
  npx: { needs: [], install: [], run: ["npx", "--yes", "--package", TARBALL, "changeover"] },
  pnpm: { needs: ["pnpm@10"], install: [["pnpm", "add", TARBALL]], run: ["node", PROGRAM] },
  // It needs a newer Node than ours, which npm has as a package.
  "pnpm 11": { needs: ["pnpm@11", "node@22"], install: [["pnpm", "add", TARBALL]], run: ["node", PROGRAM] },
  yarn: { needs: ["yarn@1"], install: [["yarn", "add", `file:${TARBALL}`]], run: ["node", PROGRAM] },
  bun: { needs: ["bun@1"], install: [["bun", "add", TARBALL]], run: ["bun", PROGRAM] },
  deno: {
    needs: ["deno@2"],
    install: [BY_NPM],
    run: ["deno", "run", "-A", "--quiet", "--node-modules-dir=manual", PROGRAM],
  },
  "deno with its permissions named": {
    needs: ["deno@2"],
    install: [BY_NPM],
    // Those of docs/guides/install.md. The embedded server is a program of its own, with files of its own.
    target: true,
    run: [
      ...["deno", "run", "--no-prompt", "--quiet", "--node-modules-dir=manual", "--allow-env", "--allow-sys"],
      ...["--allow-read=.", "--allow-write=.", "--allow-ffi=node_modules", "--allow-net=127.0.0.1", PROGRAM],
    ],
  },
};

const home = mkdtempSync(join(tmpdir(), "changeover-package-"));
chmodSync(home, 0o755);
const asked = process.argv.slice(2);
const names = asked.length === 0 ? Object.keys(MANAGERS) : asked;
let passed = 0;
let failed = 0;
const sample = await makeSample();
try {
  const tarball = pack();
  check("size", () => sizes(tarball));
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
 * What everyone downloads, and what it becomes. More than this would be noticed here first.
 * @param {string} tarball
 */
function sizes(tarball) {
  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n").length;
  const prefix = join(home, "sizes");
  execFileSync("npm", ["install", "--prefix", prefix, "--no-audit", "--no-fund", tarball], { stdio: "pipe" });
  const modules = join(prefix, "node_modules");
  const installed = readdirSync(modules, { recursive: true, encoding: "utf8" })
    .map((name) => lstatSync(join(modules, name)))
    .reduce((sum, facts) => sum + (facts.isFile() ? facts.size : 0), 0);
  const packed = statSync(tarball).size;
  const said = `${files} files, ${megabytes(packed)} MB packed, ${megabytes(installed)} MB installed `;
  if (files > 1_500 || packed > 2.5e6 || installed > 70e6) throw new Error(said);
  return said;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
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
    env: /** @type {Record<string, string>} */ ({
      HOME: join(cwd, "home"),
      XDG_CACHE_HOME: join(cwd, "home", ".cache"),
      npm_config_cache: join(cwd, "home", ".npm"),
      ...registryOf(),
    }),
    ...(user === null ? {} : { uid: user, gid: user }),
  };
  writeFileSync(join(cwd, "package.json"), '{"name": "theirs", "private": true, "type": "module"}', { mode: 0o644 });
  if (user !== null) chownSync(join(cwd, "package.json"), user, user);
  const withTarball = (/** @type {string[]} */ words) => words.map((word) => word.replace(TARBALL, tarball));
  for (const command of manager.install) run(withTarball(command), as);
  copyFileSync(sample, join(cwd, "app.db"));
  if (user !== null) chownSync(join(cwd, "app.db"), user, user);
  const theirs = withTarball(manager.run);
  const node = manager.target ? ["node", PROGRAM] : theirs;
  const ends = ["--source", "app.db", "--yes", "--json"];
  // Nobody asked for 60 MB of PostgreSQL: it is not there, and the command that brings it is said.
  const command = name === "npx" ? "npx changeover postgres install" : "changeover postgres install";
  const { error } = JSON.parse(run([...node, "full", ...ends], as, 1));
  if (error?.code !== "EMBEDDED_MISSING" || !error.hint.endsWith(`: ${command}`))
    throw new Error(JSON.stringify(error));
  // It comes once for each user, as it does in life.
  as.env["XDG_CACHE_HOME"] = cacheOf(user);
  const installed = JSON.parse(run([...node, "postgres", "install", "--json"], as));
  const target = manager.target ? ["--target", JSON.parse(run([...node, "postgres", "start", "--json"], as)).url] : [];
  const full = JSON.parse(run([...theirs, "full", ...target, ...ends], as));
  run([...node, "postgres", "stop"], as);
  if (full.phase !== "cut-over" || full.verified?.rows !== 3) throw new Error(JSON.stringify(full));
  return installed.is_new ? "with the download of PostgreSQL " : "";
}

/** @param {number | null} user */
function cacheOf(user) {
  const directory = join(home, `cache-${user ?? "root"}`);
  mkdirSync(directory, { recursive: true });
  if (user !== null) chownSync(directory, user, user);
  return directory;
}

/** A database of three rows. */
async function makeSample() {
  const path = join(home, "app.db");
  const client = createClient({ url: `file:${path}` });
  await client.executeMultiple("CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t(x) VALUES(1),(2),(3)");
  client.close();
  return path;
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
 * @param {number} expected the exit code
 */
function run([file = "", ...args], { path, env, ...options }, expected = 0) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    ...options,
    env: { ...process.env, ...env, PATH: `${path}:${process.env["PATH"]}` },
    encoding: "utf8",
    timeout: 4 * MINUTES_MS,
  });
  if (status === expected) return stdout;
  throw new Error(`${file} ${args.join(" ")}: ${error?.message ?? `${stdout}\n${stderr}`.slice(-3_000)}`);
}
