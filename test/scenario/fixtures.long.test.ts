import { chmodSync, copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

/** Databases of other projects, which are not ours to ship: next to a founder's checkout there is a folder of them. */
const FOLDER =
  process.env["CHANGEOVER_FIXTURES"] ?? fileURLToPath(new URL("../../../shared/fixtures", import.meta.url));
/** One of each kind; `npm run fixtures` takes all of the folder. */
const NAMES = [
  "chinook",
  "northwind",
  "northwind_jdecorte",
  "sakila_sqljam",
  "django32_auth",
  "uptime_kuma",
  "vaultwarden_schema",
  "openlp_bibles",
];

describe(
  "databases of other " +
    `projects${existsSync(FOLDER) ? "" : " (skipped: there is no folder of them; set CHANGEOVER_FIXTURES)"}`,
  () => {
    for (const name of NAMES) {
      it.skipIf(!existsSync(join(FOLDER, `${name}.db`)))(`${name} arrives whole`, { timeout: 90_000 }, async () => {
        const cwd = temporaryDirectory();
        copyFileSync(join(FOLDER, `${name}.db`), join(cwd, "app.db"));
        chmodSync(join(cwd, "app.db"), 0o644);
        const ends = ["--source", "app.db", "--target", await emptyDatabase(), "--json"];
        const full = await runCli(["full", "--yes", "--schema-by", "changeover", ...ends], { cwd });
        expect(full.stderr).not.toContain("error:");
        expect(JSON.parse(full.stdout)).toMatchObject({ ok: true, phase: "cut-over", verified: { differences: 0 } });
        const check = await runCli(["check", ...ends], { cwd });
        expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, differences: 0 });
      });
    }
  },
);
