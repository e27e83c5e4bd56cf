/**
 * What a change of the copy, the profile or the verification costs, by shape of table: two checkouts migrate the same
 * files in turns. `npm run build && node --import jiti/register bench/side-by-side.ts --before CHECKOUT [--after
 * CHECKOUT] [--runs 3] [--scale 1] [--only NAME,…]`. Figures are processor time of our process and of the server, so
 * that they can be read while the machine has other work.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openMigration } from "changeover";
import Database from "libsql";
import { median } from "./measure.ts";
import { empty, openPlace, type Place } from "./place.ts";
import { tableShapes } from "./table-shapes.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ONE_SIDE = fileURLToPath(new URL("one-side.mjs", import.meta.url));
const PHASES = ["profile", "copy", "verify"] as const;

type Seconds = Readonly<Record<(typeof PHASES)[number] | "all", number>>;

const { values: args } = parseArgs({
  options: {
    before: { type: "string" },
    after: { type: "string", default: ROOT },
    runs: { type: "string", default: "3" },
    scale: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
if (args.before === undefined) throw new Error("--before: the directory of another built checkout");

const place = await openPlace(undefined);
try {
  console.log(`after / before, of ${PHASES.join(", ")} and all of \`data\` (processor seconds before)`);
  for (const [name, sql] of Object.entries(tableShapes(Number(args.scale)))) {
    if (args.only !== undefined && !args.only.split(",").includes(name)) continue;
    const sides = await measureShape(place, name, sql);
    const cells = [...PHASES, "all" as const].map((phase) => {
      const [before, after] = [sides.before, sides.after].map((runs) => median(runs.map((run) => run[phase])));
      return `${phase} ${((after ?? 0) / (before ?? 1)).toFixed(2)} (${(before ?? 0).toFixed(2)})`;
    });
    console.log(`${name.padEnd(24)} ${cells.map((cell) => cell.padEnd(22)).join("")}`);
  }
} finally {
  await place.close();
}

async function measureShape(
  place: Place,
  name: string,
  sql: string,
): Promise<{ readonly before: Seconds[]; readonly after: Seconds[] }> {
  const source = join(place.directory, `${name}.db`);
  const database = new Database(source);
  database.exec(`PRAGMA journal_mode = WAL; BEGIN; ${sql}; COMMIT`);
  database.close();
  const migrations = join(place.directory, `${name}-migrations`);
  const sides = { before: [] as Seconds[], after: [] as Seconds[] };
  const runs = Number(args.runs);
  // The first of each side warms up files and server.
  for (let round = 0; round <= runs; round++)
    for (const side of ["before", "after"] as const) {
      await empty(place);
      const migration = openMigration({
        source,
        target: place.url,
        migrationsDirectory: migrations,
        types: name.startsWith("enhanced-") ? "enhanced" : "plain",
      });
      if (round === 0 && side === "before") await migration.schema({ write: true });
      await migration.migrations.up();
      await migration.close();
      const root = side === "before" ? args.before : args.after;
      const printed = execFileSync(process.execPath, [ONE_SIDE, root ?? "", source, place.url, migrations], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      });
      const seconds = JSON.parse(printed) as Record<string, number>;
      const all = Object.values(seconds).reduce((sum, one) => sum + one, 0);
      if (round > 0) sides[side].push({ ...seconds, all } as Seconds);
    }
  rmSync(source);
  return sides;
}
