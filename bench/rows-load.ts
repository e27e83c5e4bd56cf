import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { openMigration } from "changeover";
import { generate } from "../examples/two-truths/generate.ts";
import { type Measured, median, mustMeasure } from "./measure.ts";
import { csvPipe, hasProgram, pgloader, psqlCopy, psqlExport } from "./peers.ts";
import { empty, makeBare, ours, type Place } from "./place.ts";
import { type Row, seconds } from "./row.ts";

const TABLES = ["users", "challenges", "guesses", "game_sessions", "token_transactions"];
/** Total rows of the sample. */
const BYTES_A_USER = 4_366;

export interface LoadOptions {
  readonly bytes: number;
  readonly runs: number;
}

/**
 * Measures copy, verification and the complete `full` on the sample application's data; in each round every peer has
 * its turn.
 */
export async function loadRows(place: Place, { bytes, runs }: LoadOptions): Promise<Row[]> {
  const source = join(place.directory, "game.db");
  await generate({ users: Math.max(100, Math.round(bytes / BYTES_A_USER)), out: source });
  const files = join(place.directory, "files");
  mkdirSync(files);
  await prepare(place, source);
  const psql = hasProgram("psql");
  if (psql) {
    await ours(place, source, "unverified");
    await psqlExport(place.url, TABLES, files);
  }
  const taken = {
    raw: [] as Measured[],
    csv: [] as Measured[],
    pgloader: [] as Measured[],
    unverified: [] as Awaited<ReturnType<typeof ours>>[],
    full: [] as Awaited<ReturnType<typeof ours>>[],
  };
  const wrongByCsv: number[] = [];
  let gaveUp = 0;
  for (let round = 0; round < runs; round++) {
    await prepare(place, source);
    taken.unverified.push(await ours(place, source, "unverified"));
    if (psql) {
      await makeBare(place, TABLES);
      taken.raw.push(await psqlCopy(place.url, "bare", TABLES, files));
    }
    if (psql && hasProgram("sqlite3")) {
      await makeBare(place, TABLES);
      taken.csv.push(await csvPipe(source, place.url, "bare", TABLES));
      wrongByCsv.push(await wrongRows(place));
    }
    await empty(place);
    taken.full.push(await ours(place, source, "full"));
    await unfence(place, source);
    for (
      let attempt = 0;
      hasProgram("pgloader") && attempt < MOST_ATTEMPTS && taken.pgloader.length <= round;
      attempt++
    ) {
      await empty(place);
      const loaded = await pgloader(source, place.url, place.directory);
      if (loaded === null) gaveUp++;
      else taken.pgloader.push(loaded);
    }
  }
  const ourCopy = median(taken.unverified.map(({ phases }) => phases.copy));
  const ourVerify = median(taken.full.map(({ phases }) => phases.verify));
  const cpuOfCopy = median(taken.unverified.map(({ cpuPhases }) => cpuPhases.copy));
  const full = of(taken.full);
  const data = of(taken.unverified);
  const raw = taken.raw.length === 0 ? null : of(taken.raw);
  const csv = taken.csv.length === 0 ? null : of(taken.csv);
  const loader = taken.pgloader.length === 0 ? null : of(taken.pgloader);
  const failures = gaveUp === 0 ? "" : `; ${gaveUp} more of its runs failed for want of memory`;
  const size = `${Math.round(statSync(source).size / 1e6)} MB`;
  return [
    row({
      what: `bulk copy of ${size}`,
      against: "psql \\copy of ready-made files into bare tables",
      most: 1.1,
      ours: ourCopy,
      theirs: raw?.seconds ?? null,
      peakMb: data.peakMb,
      cpuSeconds: cpuOfCopy,
    }),
    row({
      what: `bulk copy of ${size}`,
      against:
        "sqlite3 -csv | psql " +
        `\\copy${wrongByCsv.length === 0 ? "" : `, which changed ${median(wrongByCsv).toLocaleString("en")} values`}`,
      most: 1,
      ours: ourCopy,
      theirs: csv?.seconds ?? null,
      peakMb: data.peakMb,
      cpuSeconds: cpuOfCopy,
    }),
    row({
      what: `full --jobs, ${size}: looked at, copied, keys, indexes, verified, cut over`,
      against: `pgloader, not verified${failures}`,
      most: 1 / 2.5,
      ours: full.seconds,
      theirs: loader?.seconds ?? null,
      peakMb: full.peakMb,
      cpuSeconds: full.cpuSeconds,
    }),
    row({
      what: `data --no-verify, ${size}: looked at, copied, keys, indexes`,
      against: `pgloader${failures}`,
      most: 1 / 3,
      ours: data.seconds,
      theirs: loader?.seconds ?? null,
      peakMb: data.peakMb,
      cpuSeconds: data.cpuSeconds,
    }),
    row({
      what: `verification of ${size}, online`,
      against: "the bulk copy",
      most: 1.5,
      ours: ourVerify,
      theirs: ourCopy,
      peakMb: full.peakMb,
      cpuSeconds: median(taken.full.map(({ cpuPhases }) => cpuPhases.verify)),
    }),
  ];
}

/** Median of a program that may fail in some rounds. */
const MOST_ATTEMPTS = 3;

/** Creates the target's tables for a run. */
async function prepare(place: Place, source: string): Promise<void> {
  await empty(place);
  const migration = openMigration({
    source,
    target: place.url,
    migrationsDirectory: join(place.directory, "migrations"),
  });
  await migration.schema({ write: true }).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "MIGRATIONS_PRESENT")) throw error;
  });
  await migration.migrations.up();
  await migration.close();
}

async function unfence(place: Place, source: string): Promise<void> {
  await mustMeasure(
    process.execPath,
    [new URL("../bin/changeover.js", import.meta.url).pathname, "clean", "--source", source, "--yes"],
    { cwd: place.directory },
  );
}

/** Number of values that differ between the bare tables and ours. */
async function wrongRows({ sql }: Place): Promise<number> {
  let wrong = 0;
  for (const table of TABLES) {
    const [row] = await sql.unsafe<{ n: number }[]>(
      `select count(*)::integer as n from (select to_jsonb(t)::text from bare."${table}" as t except all select ` +
        `to_jsonb(t)::text from public."${table}" as t) as d`,
    );
    wrong += row?.n ?? 0;
  }
  return wrong;
}

function of(measured: readonly Measured[]): {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
} {
  return {
    seconds: median(measured.map((one) => one.seconds)),
    cpuSeconds: median(measured.map((one) => one.cpuSeconds)),
    peakMb: Math.max(...measured.map((one) => one.peakMb)),
  };
}

export function row(given: {
  readonly what: string;
  readonly against: string;
  readonly most: number;
  readonly ours: number;
  readonly theirs: number | null;
  readonly peakMb: number | null;
  readonly cpuSeconds: number | null;
}): Row {
  const { most, theirs } = given;
  const ratio = theirs === null ? null : given.ours / theirs;
  return {
    what: given.what,
    against: given.against,
    wanted: most < 0.9 ? `${(1 / most).toFixed(1)} times faster` : `at most ${most.toFixed(2)} times its time`,
    ratio,
    meets: ratio === null ? null : ratio <= most,
    ours: seconds(given.ours),
    theirs: theirs === null ? "not there" : seconds(theirs),
    peakMb: given.peakMb,
    cpuSeconds: given.cpuSeconds,
  };
}
