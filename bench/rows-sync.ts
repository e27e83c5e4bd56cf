import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openMigration } from "changeover";
import Database from "libsql";
import { OWN_SESSION_SETTING, ownSessionValue } from "../src/model/target-fence.ts";
import { type Lag, measureAlone, measureLag } from "./lag.ts";
import { median, mustMeasure } from "./measure.ts";
import { hasProgram, psqlExport } from "./peers.ts";
import { atRest, empty, type Place } from "./place.ts";
import { type Row, row } from "./row.ts";

const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Replays a backlog of changed rows, by changeover in one batch, and by COPY and INSERT ON CONFLICT. */
export async function backlogRow(
  place: Place,
  { rows, runs }: { readonly rows: number; readonly runs: number },
): Promise<Row> {
  await empty(place);
  const source = join(place.directory, "backlog.db");
  const database = new Database(source);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE items(id INTEGER PRIMARY KEY, name TEXT " +
      "NOT NULL, amount INTEGER NOT NULL, note TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM " +
      `n WHERE i < ${rows}) INSERT INTO items SELECT i, 'item ' || i, i % 1000, hex(randomblob(30)) FROM n`,
  );
  const migration = openMigration({
    source,
    target: place.url,
    migrationsDirectory: join(place.directory, "backlog-migrations"),
  });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.close();
  const sync = () =>
    mustMeasure(
      process.execPath,
      [
        BIN,
        "sync",
        "--until",
        "caught-up",
        "--source",
        source,
        "--target",
        place.url,
        "--migrations-dir",
        join(place.directory, "backlog-migrations"),
        "--quiet",
      ],
      { cwd: place.directory },
    );
  await sync();
  const files = join(place.directory, "backlog");
  mkdirSync(files);
  const [our, theirs]: [Awaited<ReturnType<typeof sync>>[], number[]] = [[], []];
  // The first batch extends the table and splits index pages; later ones find room. So it is not counted.
  database.exec("UPDATE items SET amount = amount + 1");
  await sync();
  for (let round = 0; round < runs; round++) {
    // The cost of a command without work.
    const idle = await sync();
    database.exec(`UPDATE items SET amount = amount + 1, note = 'changed ' || id || ' in ${round}'`);
    await checksummed(place);
    const busy = await sync();
    our.push({ ...busy, seconds: busy.seconds - idle.seconds, cpuSeconds: busy.cpuSeconds - idle.cpuSeconds });
    if (!hasProgram("psql")) continue;
    await psqlExport(place.url, ["items"], files);
    await checksummed(place);
    const statements = [
      // Only sessions of the run may write to the target.
      `set ${OWN_SESSION_SETTING} = '${ownSessionValue("changeover")}'`,
      "create temp table t (like items)",
      `\\copy t from '${files}/0.copy'`,
      "insert into items select * from t on conflict (id) do update set name = excluded.name, amount = " +
        "excluded.amount, note = excluded.note",
    ];
    theirs.push(
      (
        await mustMeasure("psql", [
          "-q",
          "-1",
          "-v",
          "ON_ERROR_STOP=1",
          place.url,
          ...statements.flatMap((statement) => ["-c", statement]),
        ])
      ).seconds,
    );
  }
  database.close();
  await mustMeasure(process.execPath, [BIN, "check", "--source", source, "--target", place.url, "--quiet"], {
    cwd: place.directory,
  });
  return row({
    what: `replay of a backlog of ${rows.toLocaleString("en")} changed rows, as one step`,
    against: "COPY and INSERT ON CONFLICT of the same rows in psql",
    most: 1.25,
    ours: median(our.map(({ seconds }) => seconds)),
    theirs: theirs.length === 0 ? null : median(theirs),
    peakMb: Math.max(...our.map(({ peakMb }) => peakMb)),
    cpuSeconds: median(our.map(({ cpuSeconds }) => cpuSeconds)),
  });
}

/** VACUUM before each turn, which autovacuum would otherwise do during one. */
async function checksummed({ sql }: Place): Promise<void> {
  await sql.unsafe("vacuum items");
  await atRest(sql);
}

function limitRow({
  what,
  against,
  most,
  ms,
  lag,
}: {
  readonly what: string;
  readonly against: string;
  readonly most: number;
  readonly ms: number;
  readonly lag: Lag;
}): Row {
  return {
    what,
    against,
    wanted: `below ${most} ms`,
    ratio: ms / most,
    meets: ms < most,
    ours: `${ms.toFixed(0)} ms`,
    theirs: `${most} ms`,
    peakMb: lag.peakMb,
    cpuSeconds: lag.cpuSeconds,
  };
}

const perSecond = ({ rate }: Lag) => `${Math.round(rate).toLocaleString("en")} one-row transactions a second`;

interface CaptureResult {
  readonly workload: string;
  readonly ratio: number;
  readonly floor: number;
}

/**
 * Measures the writer's speed with capture alone, as in `bench:capture`, and with a running sync; the delay until
 * changes are visible, and the lag of the target.
 */
export async function sustainedRows(
  place: Place,
  {
    rounds,
    rows,
    runs,
    seconds,
  }: { readonly rounds: number; readonly rows: number; readonly runs: number; readonly seconds: number },
): Promise<Row[]> {
  const files = { capture: join(place.directory, "capture.json") };
  const speeds: Row[] = [];
  for (const [synchronous, name, least] of [
    ["full", "FULL, SQLite's default", 0.95],
    ["normal", "NORMAL", 0.85],
  ] as const) {
    await mustMeasure(process.execPath, [
      "--import",
      "jiti/register",
      script("capture.ts"),
      "--synchronous",
      synchronous,
      "--rounds",
      String(rounds),
      "--rows",
      String(rows),
      "--json",
      files.capture,
    ]);
    const { results: capture } = JSON.parse(readFileSync(files.capture, "utf8")) as { results: CaptureResult[] };
    const single = capture.filter(({ workload }) => !workload.startsWith("bulk"));
    const ratio = median(single.map((one) => one.ratio));
    const floor = median(single.map((one) => one.floor));
    speeds.push(
      speedRow({
        what: `the application's one-row transactions with capture, and no sync (synchronous = ${name})`,
        least,
        ratio,
        ours: `${Math.round(ratio * 100)} % (a trigger that writes one number: ${Math.round(floor * 100)} %)`,
        theirs: "100 %",
      }),
    );
  }
  const steady = await measureLag(place, { synchronous: "normal", rate: 1_000, seconds });
  const lags: Row[] = [
    limitRow({
      what: `a write is visible in PostgreSQL, at ${perSecond(steady)}, after`,
      against: "the time of its commit, median",
      most: 50,
      ms: steady.visibleMs,
      lag: steady,
    }),
  ];
  for (const synchronous of ["full", "normal"] as const) {
    const [alone, beside]: [number[], Lag[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      alone.push(await measureAlone(place, { synchronous, seconds }));
      beside.push(await measureLag(place, { synchronous, rate: null, seconds }));
    }
    const rate = median(beside.map((lag) => lag.rate));
    // Compare neighbouring rounds: the speed of a disk may change by half between rounds.
    const ratio = median(beside.map((lag, run) => lag.rate / (alone[run] ?? Number.NaN)));
    speeds.push(
      speedRow({
        what:
          "the application at full speed in one-row transactions, a sync and the server beside it (synchronous = " +
          `${synchronous.toUpperCase()})`,
        least: 0.8,
        ratio,
        ours: `${Math.round(rate).toLocaleString("en")} a second`,
        theirs: `${Math.round(median(alone)).toLocaleString("en")} a second`,
      }),
    );
    const worst = beside.reduce((one, other) => (other.maxMs > one.maxMs ? other : one));
    lags.push(
      limitRow({
        what:
          `the most that any write took to be visible, a writer going at full speed (${perSecond(worst)}, ` +
          `synchronous = ${synchronous.toUpperCase()})`,
        against: "the time of its commit",
        most: 1_000,
        ms: worst.maxMs,
        lag: worst,
      }),
    );
  }
  return [...speeds, ...lags];
}

function speedRow({
  ratio,
  least,
  ...row
}: {
  readonly what: string;
  readonly least: number;
  readonly ratio: number;
  readonly ours: string;
  readonly theirs: string;
}): Row {
  return {
    ...row,
    against: "the same without",
    wanted: `at least ${least.toFixed(2)} of its speed`,
    ratio,
    meets: ratio >= least,
    peakMb: null,
    cpuSeconds: null,
  };
}
