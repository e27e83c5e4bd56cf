// Takes every SQLite database of a folder to an embedded PostgreSQL with `changeover full`, then `check`, and prints a table.
//   npm run fixtures -- FOLDER [--types plain|enhanced] [NAME …]
// @ts-check
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
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
const bin = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "changeover-fixtures-"));
const { CHANGEOVER_TARGET: _target, DATABASE_URL: _url, ...env } = process.env;

/** @param {string[]} args @param {string} cwd */
function changeover(args, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd, env, encoding: "utf8", maxBuffer: 1 << 28 });
  return { status, document: JSON.parse(stdout.trim().split("\n").at(-1) || "{}"), stderr };
}

let wrong = 0;
try {
  const files = readdirSync(folder).filter((file) => file.endsWith(".db") && (names.length === 0 || names.includes(basename(file, ".db"))));
  for (const types of values.types === undefined ? ["plain", "enhanced"] : [values.types]) {
    for (const file of files) {
      const copies = join(home, types);
      mkdirSync(copies, { recursive: true });
      const source = join(copies, file);
      for (const suffix of ["", "-wal", "-shm"]) {
        if (!readdirSync(folder).includes(file + suffix)) continue;
        copyFileSync(join(folder, file + suffix), source + suffix);
        chmodSync(source + suffix, 0o644);
      }
      const started = performance.now();
      const ends = ["--source", source, "--migrations-dir", join(home, types, `${file}.migrations`), "--json", "--quiet"];
      const full = changeover(["full", "--types", types, ...ends], home);
      const check = full.status === 0 ? changeover(["check", ...ends], home) : null;
      const ok = full.status === 0 && check?.status === 0;
      // A stop that says why is an answer; a crash, or a difference after exit 0, is not.
      const stopped = full.status === 1 && full.document.error !== undefined;
      if (!ok && !stopped) wrong++;
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
      const what = ok ? `arrived, ${check?.document.rows} rows, ${full.document.downtime_ms} ms` : `${stopped ? "stopped" : "WRONG"}: ${full.document.error?.code ?? full.stderr} ${(full.document.error?.message ?? "").slice(0, 200)}`;
      console.log(`${types.padEnd(9)}${basename(file, ".db").padEnd(28)}${seconds} s  ${what}`);
    }
  }
} finally {
  changeover(["postgres", "stop", "--json"], home);
  rmSync(home, { recursive: true, force: true });
}
console.log(wrong === 0 ? "none crashed, none ended with exit 0 and a difference" : `${wrong} went wrong`);
process.exit(wrong === 0 ? 0 : 1);
