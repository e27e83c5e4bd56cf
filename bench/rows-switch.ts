import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustMeasure } from "./measure.ts";
import { type Place, empty } from "./place.ts";
import type { Row } from "./row.ts";

interface ThereAndBack {
  readonly bytes: number;
  readonly toPostgres: { readonly medianMs: number; readonly worstMs: number; readonly switches: number };
  readonly toSqlite: { readonly medianMs: number; readonly worstMs: number; readonly switches: number };
  readonly acknowledged: number;
}

/** What an application waits at a cutover and at a return, by the size of its database; `there-and-back.ts` measures it from outside. */
export async function switchRows(place: Place, { sizes, rounds, rate }: { readonly sizes: readonly string[]; readonly rounds: number; readonly rate: number }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) {
    await empty(place);
    const json = join(place.directory, `switch-${size}.json`);
    await mustMeasure(process.execPath, ["--import", "jiti/register", fileURLToPath(new URL("there-and-back.ts", import.meta.url)), "--size", size, "--rounds", String(rounds), "--rate", String(rate), "--target", place.url, "--json", json]);
    const { toPostgres, toSqlite } = JSON.parse(readFileSync(json, "utf8")) as ThereAndBack;
    for (const [what, seen] of [["cutover", toPostgres], ["return", toSqlite]] as const) {
      rows.push({ what: `${what} of ${size} under ${rate.toLocaleString("en")} writes/s: no write taken for`, against: "250 ms", wanted: "median below", ratio: seen.medianMs / 250, meets: seen.medianMs < 250, ours: `${seen.medianMs} ms (worst of ${seen.switches}: ${seen.worstMs} ms)`, theirs: "250 ms", peakMb: null, cpuSeconds: null });
    }
  }
  return rows;
}
