// Measures what docs/performance.md publishes: whole processes against whole processes, with the defaults of each.
//
//   npm run bench -- [--quick] [--rounds 3] [--only mixed,wide,…,backlog,application,switch] [--resume] [--seed 42]
//                    [--tables 10000] [--target postgres://…] [--sizes 50MB,500MB] [--docs] [--scale 0.1]
//                    [--json bench/recorded.json]
// `--rounds 1` takes some ten minutes on two quiet cores, `--quick` (a hundredth of each shape, no peers) a minute.
// `--scale 0.1` tries the same on a tenth of each shape, peers included, and keeps nothing.
// 10,000 tables take as long as all of that: they are measured with `--tables 10000`, or where `--only` names them.
// What is measured is kept in the JSON file, part by part. --resume leaves out what it has in full. --docs writes the
// page from all that it has, and with `--only nothing` measures nothing. --target: a database in which everything may
// be dropped; default: the embedded PostgreSQL. A peer that is not installed is left out. Only wrong results fail.
import { parseArgs } from "node:util";
import type { Downtime } from "./downtime.ts";
import { measureShape } from "./measure-shape.ts";
import { openPlace, type Place } from "./place.ts";
import { circumstances, RecordedFile } from "./recorded.ts";
import { renderDowntime } from "./render-downtime.ts";
import { writePage } from "./render-page.ts";
import { renderRows, renderShape } from "./render-terminal.ts";
import { switchDowntime } from "./rows-switch.ts";
import { backlogRow, sustainedRows } from "./rows-sync.ts";
import { SAMPLE_SHAPES, type SampleShape } from "./sample-shapes.ts";

const PARTS = ["backlog", "application", "switch", "nothing"] as const;
const QUICK_SCALE = 0.01;
const PEER_TIMEOUT_MS = 120_000;

const { values: args } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    resume: { type: "boolean", default: false },
    seed: { type: "string" },
    scale: { type: "string" },
    tables: { type: "string", default: "1000" },
    target: { type: "string" },
    sizes: { type: "string" },
    json: { type: "string", default: "bench/recorded.json" },
    docs: { type: "boolean", default: false },
  },
});

if (!["1000", "10000"].includes(args.tables)) throw new Error(`--tables ${args.tables}: there are 1000 and 10000`);
// A hundredth of 10,000 tables takes no longer than the others.
const hasMostTables = args.quick || args.tables === "10000";
const shapes = SAMPLE_SHAPES.map(({ name }) => name).filter((name) => name !== "tables-10000" || hasMostTables);
const only = args.only?.split(",") ?? [...shapes, ...(args.quick ? [] : PARTS)];
for (const name of only)
  if (![...PARTS, ...SAMPLE_SHAPES.map((shape) => shape.name)].includes(name))
    throw new Error(`--only ${name}: there are ${[...SAMPLE_SHAPES.map((shape) => shape.name), ...PARTS].join(", ")}`);
const scale = args.quick ? QUICK_SCALE : Number(args.scale ?? "1");
const rounds = args.quick ? 1 : Number(args.rounds);
// Another one each time: no program is fast by accident for long.
const seed = Number(args.seed ?? Math.floor(Math.random() * 1_000_000));
const file = new RecordedFile(args.json);

if (only.some((name) => name !== "nothing")) {
  const place = await openPlace(args.target);
  try {
    const [server] = await place.sql<{ version: string }[]>`select split_part(version(), ' on ', 1) as version`;
    await measureAll(place, server?.version ?? "");
  } finally {
    await place.close();
  }
}
if (args.docs) writePage(file.all);

async function measureAll(place: Place, server: string): Promise<void> {
  process.stderr.write(`seed ${seed}\n`);
  for (const shape of SAMPLE_SHAPES) {
    if (!only.includes(shape.name)) continue;
    await orSayWhy(shape.name, () => measureRounds(place, server, shape));
  }
  const { all } = file;
  const isWanted = (part: (typeof PARTS)[number], known: unknown) =>
    only.includes(part) && !(args.resume && known !== null);
  if (isWanted("backlog", all.backlog)) await orSayWhy("backlog", () => measureBacklog(place, server));
  if (isWanted("application", all.application)) await orSayWhy("application", () => measureApplication(place, server));
  if (isWanted("switch", all.downtime)) await orSayWhy("switch", () => measureSwitches(place, server));
}

/** What fails does not take the other figures with it. */
async function orSayWhy(what: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    process.stderr.write(`${what} failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

async function measureBacklog(place: Place, server: string): Promise<void> {
  const rows = [await backlogRow(place, { rows: args.quick ? 20_000 : 1_000_000, runs: rounds })];
  process.stderr.write(renderRows(rows));
  keep(() => file.keep({ backlog: { ...circumstances(server), rows } }));
}

async function measureApplication(place: Place, server: string): Promise<void> {
  const rows = await sustainedRows(place, { ...applicationOptions(), runs: rounds });
  process.stderr.write(renderRows(rows));
  keep(() => file.keep({ application: { ...circumstances(server), rows } }));
}

async function measureRounds(place: Place, server: string, shape: SampleShape): Promise<void> {
  const before = file.all.shapes.find(({ name }) => name === shape.name);
  const known = args.resume && before?.scale === scale ? before.rounds : [];
  const measured = [...known];
  for (let round = known.length; round < rounds; round++) {
    const one = await measureShape(place, shape, {
      scale,
      seed: seed + round,
      withPeers: !args.quick,
      peerTimeoutMs: PEER_TIMEOUT_MS,
      ...(args.quick ? { maxDowntime: "60s" } : {}),
    });
    measured.push(one);
    process.stderr.write(renderShape(shape.name, one));
    keep(() =>
      file.keepShape({
        ...circumstances(server),
        name: shape.name,
        title: shape.title,
        scale,
        without_peers: shape.withoutPeers ?? null,
        rounds: measured,
      }),
    );
  }
}

function applicationOptions(): { readonly rounds: number; readonly rows: number; readonly seconds: number } {
  if (args.quick) return { rounds: 2, rows: 20_000, seconds: 3 };
  return rounds === 1 ? { rounds: 3, rows: 50_000, seconds: 6 } : { rounds: 5, rows: 100_000, seconds: 10 };
}

async function measureSwitches(place: Place, server: string): Promise<void> {
  const sizes: Downtime[] = [];
  for (const size of (args.sizes ?? (args.quick ? "5MB" : rounds === 1 ? "50MB" : "50MB,500MB")).split(",")) {
    const options = { size, rounds: args.quick ? 2 : rounds, rate: args.quick ? 500 : 2_000, minutes: 60 };
    sizes.push(await switchDowntime(place, options));
    process.stderr.write(renderDowntime(sizes.slice(-1)));
    keep(() => file.keep({ downtime: { ...circumstances(server), sizes } }));
  }
}

/** Small data says nothing of speed. */
function keep(save: () => void): void {
  if (scale === 1) save();
}
