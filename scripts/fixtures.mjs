// Migrates every SQLite database of a folder to an embedded PostgreSQL with `changeover full`, then `check`, and prints
// a table. If findings block, `changeover validate --write-rules` answers them, and `full` runs again.
//   npm run fixtures -- FOLDER [--types plain|enhanced] [NAME …]
// @ts-check
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { types: { type: "string" } } });
const [folder, ...names] = positionals;
if (folder === undefined) {
  console.error("give the folder of the databases");
  process.exit(2);
}
const present = readdirSync(folder);
const bin = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "changeover-fixtures-"));
const { CHANGEOVER_TARGET: _target, DATABASE_URL: _url, ...env } = process.env;

/** @param {string[]} args */
function changeover(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args, "--json", "--quiet"], {
    cwd: home,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { status, document: JSON.parse(stdout.trim().split("\n").at(-1) || "{}"), stderr };
}

/** @param {string} file @param {string} types */
function move(file, types) {
  const directory = join(home, `${basename(file, ".db")}_${types}`);
  mkdirSync(directory);
  for (const suffix of ["", "-wal", "-shm"]) {
    if (!present.includes(file + suffix)) continue;
    copyFileSync(join(folder, file + suffix), join(directory, file + suffix));
    chmodSync(join(directory, file + suffix), 0o644);
  }
  const config = join(directory, "changeover.config.json");
  writeFileSync(config, JSON.stringify({ types }));
  const ends = [
    "--source",
    join(directory, file),
    "--migrations-dir",
    join(directory, "migrations"),
    "--config",
    config,
  ];
  let full = changeover("full", "--yes", ...ends);
  let rules = "";
  // Rows quarantined by a rule are fine, too; they are counted below.
  if (full.document.error?.code === "BLOCKING_FINDINGS") {
    const written = changeover("validate", "--write-rules", ...ends);
    if (written.status === 0) {
      rules = `, with rules for ${Object.keys(JSON.parse(readFileSync(config, "utf8")).tables ?? {}).join(", ")}`;
      full = changeover("full", "--yes", "--accept", "QUARANTINED", ...ends);
    }
  }
  if (full.status === 0) {
    const check = changeover("check", "--accept", "QUARANTINED", ...ends);
    const aside = rules === "" ? 0 : changeover("quarantine", ...ends).document.total;
    const what =
      `${check.document.rows} rows${rules}${aside > 0 ? `, ${aside} in quarantine` : ""}, ` +
      `${full.document.downtime_ms} ms`;
    return check.status === 0
      ? { outcome: "arrived", what }
      : { outcome: "WRONG", what: `${check.document.differences} differences after exit 0: ${what}` };
  }
  const { error, reason } = full.document;
  const { code, message } = error ?? reason ?? { code: `exit ${full.status}`, message: full.stderr };
  // An explained refusal is fine; a crash is not.
  return {
    outcome: full.status === 1 && code !== "BUG" ? "stopped" : "WRONG",
    what: `${code}: ${String(message).slice(0, 300)}${rules}`,
  };
}

/** @type {Record<string, number>} */
const tally = {};
try {
  const files = present.filter(
    (file) => file.endsWith(".db") && (names.length === 0 || names.includes(basename(file, ".db"))),
  );
  for (const types of values.types === undefined ? ["plain", "enhanced"] : [values.types]) {
    for (const file of files) {
      const started = performance.now();
      const { outcome, what } = move(file, types);
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
      tally[outcome] = (tally[outcome] ?? 0) + 1;
      console.log(`${types.padEnd(9)}${basename(file, ".db").padEnd(28)}${seconds} s  ${outcome.padEnd(8)} ${what}`);
    }
  }
} finally {
  changeover("postgres", "stop");
  rmSync(home, { recursive: true, force: true });
}
console.log(
  Object.entries(tally)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", "),
);
process.exit((tally["WRONG"] ?? 0) === 0 ? 0 : 1);
