import { copyFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { compareTotals } from "./compare-totals.ts";
import { makeShape } from "./make-shape.ts";
import { hasProgram, type PeerResult, pgloader } from "./peers.ts";
import { empty, type Migrated, type OursOptions, ours, type Place } from "./place.ts";
import { loadNow, type ShapeRound } from "./recorded.ts";
import type { SampleShape } from "./sample-shapes.ts";

export interface ShapeOptions extends OursOptions {
  readonly scale: number;
  readonly seed: number;
  readonly withPeers: boolean;
  /** Of a peer, ms: then it is stopped, and that is the result. */
  readonly peerTimeoutMs: number;
}

/** Migrates a new database of a shape by each program. A wrong result of ours throws; a slow one never does. */
export async function measureShape(place: Place, shape: SampleShape, options: ShapeOptions): Promise<ShapeRound> {
  const { seed, withPeers, peerTimeoutMs: timeoutMs } = options;
  const source = join(place.directory, `${shape.name}.db`);
  const pristine = join(place.directory, `${shape.name}-pristine.db`);
  makeShape(pristine, shape, options);
  const load = loadNow();
  try {
    const turns = {
      ours: () => migrateOurs(place, { pristine, source, options }),
      pgloader: () => migrateTheirs(place, { source: pristine, isTuned: false, timeoutMs }),
      pgloader_tuned: () => migrateTheirs(place, { source: pristine, isTuned: true, timeoutMs }),
    };
    const isCompared = withPeers && shape.withoutPeers === undefined && hasProgram("pgloader");
    // Who is first has a server at rest and a cold cache.
    const first = isCompared && seed % 2 === 1 ? await turns.pgloader() : null;
    const { migrated, rows } = await turns.ours();
    const asItComes = isCompared ? (first ?? (await turns.pgloader())) : null;
    return {
      seed,
      bytes: statSync(pristine).size,
      rows,
      load,
      ours: figures(migrated),
      pgloader: asItComes,
      // Where it has not ended by then, another setting is not worth the wait.
      pgloader_tuned: isCompared && asItComes?.kind !== "timeout" ? await turns.pgloader_tuned() : null,
    };
  } finally {
    for (const file of [pristine, source])
      for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
  }
}

async function migrateOurs(
  place: Place,
  { options, pristine, source }: { readonly options: OursOptions; readonly pristine: string; readonly source: string },
): Promise<{ readonly migrated: Migrated; readonly rows: number }> {
  await empty(place);
  copyFileSync(pristine, source);
  const migrated = await ours(place, source, options);
  return { migrated, rows: await compareTotals(source, place.sql) };
}

async function migrateTheirs(
  place: Place,
  given: { readonly source: string; readonly isTuned: boolean; readonly timeoutMs: number },
): Promise<PeerResult> {
  await empty(place);
  return pgloader({ ...given, url: place.url, directory: place.directory });
}

function figures(migrated: Migrated): ShapeRound["ours"] {
  const memory = Object.values(migrated.memory);
  const rounded = (value: number) => Number(value.toFixed(2));
  return {
    seconds: rounded(migrated.seconds),
    cpu_seconds: rounded(migrated.cpuSeconds),
    copy_seconds: rounded(migrated.phases.copy),
    verify_seconds: rounded(migrated.phases.verify),
    largest_mb: Math.round(Math.max(migrated.peakMb, ...memory.map(({ largest }) => largest))),
    together_mb: Math.round(Math.max(0, ...memory.map(({ together }) => together))),
  };
}
