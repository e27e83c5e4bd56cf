// The main program of the single file: see single-file.mjs. It unpacks the package once, and runs it from there.
// @ts-check
const { getAsset } = require("node:sea");
const fs = require("node:fs");
const { homedir } = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { constants, Script } = require("node:vm");
const { gunzipSync } = require("node:zlib");

// Node warns that a constant of node:vm is experimental, in each start: the only user of it is this file.
const { emitWarning } = process;
process.emitWarning = () => {};

/** The only import() that a single executable has: that of the main context. */
const load = new Script("(url) => import(url)", {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext();

const home = unpacked();
const worker = path.join(home, "node_modules", "changeover", "dist", "bundle", "job-process.js");
// A worker process is this same file, started with the path of what it is to run.
const isWorker = process.argv[2] === worker;
const main = isWorker ? worker : path.join(home, "node_modules", "changeover", "bin", "changeover.js");
load(pathToFileURL(main).href);
process.emitWarning = emitWarning;

/** The directory of the unpacked package; made by the first start, complete or not at all. */
function unpacked() {
  const cache =
    process.env["XDG_CACHE_HOME"] ||
    (process.platform === "win32" ? process.env["LOCALAPPDATA"] : undefined) ||
    path.join(homedir(), ".cache");
  const directory = path.join(cache, "changeover", Buffer.from(getAsset("digest")).toString("utf8"));
  if (fs.existsSync(directory)) return directory;
  const unfinished = `${directory}.${process.pid}`;
  fs.mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  unpack(gunzipSync(Buffer.from(getAsset("archive"))), unfinished);
  try {
    fs.renameSync(unfinished, directory);
  } catch (error) {
    // Another process has unpacked it meanwhile.
    fs.rmSync(unfinished, { recursive: true, force: true });
    if (!fs.existsSync(directory)) throw error;
  }
  return directory;
}

/**
 * @param {Buffer} archive
 * @param {string} directory
 */
function unpack(archive, directory) {
  const length = archive.readUInt32LE(0);
  /** @type {{ file: string, size: number, link?: string, isProgram?: boolean }[]} */
  const entries = JSON.parse(archive.subarray(4, 4 + length).toString("utf8"));
  let at = 4 + length;
  for (const { file, isProgram, link, size } of entries) {
    const to = path.join(directory, file);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    if (link !== undefined) fs.symlinkSync(link, to);
    else fs.writeFileSync(to, archive.subarray(at, at + size), { mode: isProgram ? 0o755 : 0o644 });
    at += size;
  }
}
