// Runs `changeover prove` on the migrations that changeover writes for every SQLite database of a folder.
//   npm run fixtures:prove -- FOLDER [--types plain|enhanced] [NAME …]
// @ts-check
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { openEmbedded, openMigration, proveMigrations } from "../dist/index.js";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { types: { type: "string" } } });
const [folder, ...names] = positionals;
if (folder === undefined) {
  console.error("give the folder of the databases");
  process.exit(2);
}
const present = readdirSync(folder);
const files = present.filter(
  (file) => file.endsWith(".db") && (names.length === 0 || names.includes(basename(file, ".db"))),
);
const home = mkdtempSync(join(tmpdir(), "changeover-prove-"));
const embedded = await openEmbedded({ directory: join(home, "postgres") });
let wrong = 0;
try {
  for (const file of files) {
    for (const suffix of ["", "-wal"]) {
      if (!present.includes(file + suffix)) continue;
      copyFileSync(join(folder, file + suffix), join(home, file + suffix));
      chmodSync(join(home, file + suffix), 0o644);
    }
    for (const types of /** @type {("plain" | "enhanced")[]} */ (
      values.types === undefined ? ["plain", "enhanced"] : [values.types]
    )) {
      const started = performance.now();
      const migrationsDirectory = join(home, `${basename(file, ".db")}_${types}`);
      const migration = openMigration({
        source: join(home, file),
        target: embedded.url,
        migrationsDirectory,
        types,
        names: types === "plain" ? "keep" : "snake_case",
      });
      await migration.schema({ write: true }).finally(() => migration.close());
      const { migrations, ok, problems, warnings } = await proveMigrations({ migrationsDirectory, server: embedded });
      if (!ok) wrong++;
      console.log(
        `${types.padEnd(9)}${basename(file, ".db").padEnd(28)}` +
          `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} ` +
          "s  " +
          `${ok ? `${migrations.length} proved` : "WRONG"}` +
          (warnings.length === 0 ? "" : `, ${warnings.length} warnings: ${warnings.map(({ code }) => code).join(" ")}`),
      );
      for (const { code, extra, message, migration, missing } of problems)
        console.log(
          [
            `  ${code} ${migration ?? ""}: ${message}`,
            ...missing.map((line) => `    - ${line}`),
            ...extra.map((line) => `    + ${line}`),
          ].join("\n"),
        );
    }
  }
} finally {
  await embedded.release();
  rmSync(home, { recursive: true, force: true });
}
console.log(wrong === 0 ? "all proved" : `${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
