// Measures all published figures in one run: each is the median of rounds in which every peer has its turn, as a ratio.
//   npm run bench -- [--quick] [--size 500MB] [--runs 3] [--only load,shapes,backlog,sustained,switch]
//                    [--target postgres://…] [--sizes 50MB,500MB] [--rounds 10] [--minutes 60]
//                    [--json bench/result.json] [--docs]
// --sizes, --rounds, --minutes apply to `switch`; --rounds 10,10,5 gives rounds per size. No round of a size begins
// after that many minutes. --target: a database in which everything may be dropped; default: the embedded PostgreSQL.
// --docs writes the measured tables into docs/performance.md and keeps the others.
// A peer that is not installed (psql, sqlite3, pgloader) is skipped and reported. Only wrong results fail, never
// timings.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { bytesOf } from "./bytes-of.ts";
import type { Downtime } from "./downtime.ts";
import { openPlace } from "./place.ts";
import { renderDowntime } from "./render-downtime.ts";
import { renderTable, writeDocs } from "./render-table.ts";
import type { Row } from "./row.ts";
import { loadRows } from "./rows-load.ts";
import { shapeRows } from "./rows-shapes.ts";
import { switchDowntime } from "./rows-switch.ts";
import { backlogRow, sustainedRows } from "./rows-sync.ts";

export interface BenchResult {
  readonly when: string;
  readonly machine: string;
  readonly server: string;
  readonly runs: number;
  readonly rows: readonly Row[];
  readonly downtime: readonly Downtime[];
}

const PARTS = ["load", "shapes", "backlog", "sustained", "switch"] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      size: { type: "string" },
      sizes: { type: "string" },
      rounds: { type: "string" },
      minutes: { type: "string", default: "60" },
      runs: { type: "string" },
      only: { type: "string" },
      target: { type: "string" },
      json: { type: "string" },
      docs: { type: "boolean", default: false },
    },
  });
  const { quick } = values;
  const runs = Number(values.runs ?? (quick ? 1 : 3));
  const only = values.only?.split(",") ?? PARTS;
  for (const part of only)
    if (!PARTS.some((known) => known === part)) throw new Error(`--only ${part}: there are ${PARTS.join(", ")}`);
  const wanted = (part: (typeof PARTS)[number]) => only.includes(part);
  const place = await openPlace(values.target);
  const rows: Row[] = [];
  const downtime: Downtime[] = [];
  const add = (more: readonly Row[]) => {
    rows.push(...more);
    process.stderr.write(renderTable(more));
  };
  try {
    const [server] = await place.sql<{ version: string }[]>`select split_part(version(), ' on ', 1) as version`;
    const save = () => {
      const result: BenchResult = {
        when: new Date().toISOString().slice(0, 10),
        machine:
          `${cpus().length} × ${cpus()[0]?.model.trim() ?? "processor"}, ${Math.round(totalmem() / 2 ** 30)} GB, ` +
          `Node ${process.version}`,
        server: server?.version ?? "",
        runs,
        rows,
        downtime,
      };
      if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
      if (values.docs) writeDocs(result);
    };
    if (wanted("load")) add(await loadRows(place, { bytes: bytesOf(values.size ?? (quick ? "5MB" : "500MB")), runs }));
    if (wanted("shapes")) add(await shapeRows(place, { scale: quick ? 0.02 : 1, runs }));
    if (wanted("backlog")) add([await backlogRow(place, { rows: quick ? 20_000 : 1_000_000, runs })]);
    if (wanted("sustained"))
      add(
        await sustainedRows(place, {
          rounds: quick ? 2 : 9,
          rows: quick ? 20_000 : 100_000,
          runs,
          seconds: quick ? 3 : 20,
        }),
      );
    if (wanted("switch")) {
      const rounds = (values.rounds ?? (quick ? "2" : "10")).split(",");
      for (const [index, size] of (values.sizes ?? (quick ? "5MB" : "50MB,500MB")).split(",").entries()) {
        downtime.push(
          await switchDowntime(place, {
            size,
            rounds: Number(rounds[index] ?? rounds.at(-1)),
            rate: quick ? 500 : 2_000,
            minutes: Number(values.minutes),
          }),
        );
        process.stderr.write(renderDowntime(downtime.slice(-1)));
        // Save after each one: the next may take an hour.
        save();
      }
    }
    save();
    process.stdout.write(renderTable(rows) + renderDowntime(downtime));
  } finally {
    await place.close();
  }
}

await main();
