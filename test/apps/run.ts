// Moves real applications and ORMs to PostgreSQL and back, each by one command, and writes docs/applications.md.
//   npm run test:apps -- [NAME…] [--direction application|changeover] [--page]
// --page: writes the page from the results of earlier runs, and moves nothing. Exit code 1 if a check failed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openEmbedded } from "../../src/embedded/embedded.ts";
import { type AppSpec, appNames, type Direction, readAppSpec } from "./support/app-spec.ts";
import { type AppResult, hasFailed, summaryOf, writePage } from "./support/applications-page.ts";
import { installApp } from "./support/install-app.ts";
import { moveApp } from "./support/move-app.ts";

const RESULTS = fileURLToPath(new URL("results/", import.meta.url));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { direction: { type: "string" }, page: { type: "boolean", default: false } },
  });
  let failed = 0;
  if (!values.page) {
    const directory = mkdtempSync(join(tmpdir(), "changeover-apps-server-"));
    const server = await openEmbedded({ directory });
    try {
      for (const name of positionals.length > 0 ? positionals : appNames()) {
        const result = await resultOf(readAppSpec(name), values.direction, (name) => server.database(name));
        mkdirSync(RESULTS, { recursive: true });
        writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
        process.stdout.write(summaryOf(result));
        if (hasFailed(result)) failed++;
      }
    } finally {
      await server.release();
      rmSync(directory, { recursive: true, force: true });
    }
  }
  writePage(RESULTS);
  return failed === 0 ? 0 : 1;
}

async function resultOf(
  spec: AppSpec,
  only: string | undefined,
  database: (name: string) => Promise<string>,
): Promise<AppResult> {
  const { name, title } = spec;
  const common = { name, title, on: new Date().toISOString().slice(0, 10) };
  try {
    const { folder, version } = installApp(spec);
    rmSync(folder, { recursive: true, force: true });
    const moves = [];
    for (const direction of Object.keys(spec.directions) as Direction[])
      if (only === undefined || only === direction) {
        const url = await database(`app_${name.replaceAll("-", "_")}_${direction}_${process.pid}`);
        moves.push(await moveApp(spec, direction, url));
      }
    return { ...common, version, notInstalled: null, moves };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...common, version: null, notInstalled: reason.slice(0, 1000), moves: [] };
  }
}

process.exitCode = await main();
