// Moves to PostgreSQL under load, back to SQLite under load, and again. Measures how long the application waits at each
// switch, and the memory of the commands, and checks that nothing is lost. One copy; later cutovers follow a failback.
//   npm run there-and-back -- [--size 50MB] [--rounds 10] [--minutes 60] [--rate 2000] [--writes 0]
//                             [--target postgres://…] [--directory DIR] [--json FILE]
// --writes: additional rows to change in PostgreSQL in each round. --minutes: no round begins that would end later.
// Exit code 1 if anything was lost, or differs.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openEmbedded } from "../src/embedded/embedded.ts";
import { bytesOf } from "./bytes-of.ts";
import type { Downtime } from "./downtime.ts";
import { waitsOf } from "./downtime.ts";
import { makeLedger } from "./ledger.ts";
import { median } from "./measure.ts";
import { type Round, SwitchingJourney } from "./switching-journey.ts";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "50MB" },
      rounds: { type: "string", default: "10" },
      minutes: { type: "string", default: "60" },
      rate: { type: "string", default: "2000" },
      writes: { type: "string", default: "0" },
      target: { type: "string" },
      directory: { type: "string", default: tmpdir() },
      json: { type: "string" },
    },
  });
  const until = performance.now() + Number(values.minutes) * 60_000;
  const directory = mkdtempSync(join(values.directory, "changeover-there-and-back-"));
  const embedded = values.target === undefined ? await openEmbedded({ directory: join(directory, "postgres") }) : null;
  const url = values.target ?? (await embedded?.database("there")) ?? "";
  const path = join(directory, "ledger.db");
  makeLedger(path, bytesOf(values.size));
  // Sync the disk: the first commit would otherwise wait for gigabytes of unwritten pages.
  spawnSync("sync");
  const bytes = statSync(path).size;
  const journey = new SwitchingJourney({ directory, path, url, rate: values.rate });
  try {
    const rounds = await journey.rounds({ count: Number(values.rounds), writes: Number(values.writes), until });
    const result = {
      downtime: downtimeOf(journey, rounds, { size: values.size, bytes, rate: Number(values.rate) }),
      writes: Number(values.writes),
      acknowledged: journey.acknowledged,
      rounds,
      wrong: journey.wrong,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
    for (const what of journey.wrong) process.stderr.write(`${what}\n`);
    return journey.wrong.length === 0 ? 0 : 1;
  } finally {
    await journey.close();
    await embedded?.release();
    rmSync(directory, { recursive: true, force: true });
  }
}

function downtimeOf(
  journey: SwitchingJourney,
  rounds: readonly Round[],
  of: Pick<Downtime, "size" | "bytes" | "rate">,
): Downtime {
  // The first cutover ends `full`, whose duration is mostly the copy.
  const again = rounds.slice(1).map(({ cutover }) => cutover.seconds);
  return {
    ...of,
    rounds: rounds.length,
    reached: Math.round(journey.reached),
    cutover: waitsOf(rounds.map(({ cutover }) => cutover.outsideMs)),
    return: waitsOf(rounds.map((round) => round.return.outsideMs)),
    seconds: {
      cutover: again.length === 0 ? null : median(again),
      return: median(rounds.map((round) => round.return.seconds)),
    },
    load: Math.max(...rounds.flatMap((round) => [round.cutover.load, round.return.load])),
    memory: journey.memory,
  };
}

process.exitCode = await main();
