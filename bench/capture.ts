// The cost of capture for the application: the same writes without it, with it, and with a bare trigger that writes one
// number. A bare trigger is the floor: no capture by triggers can cost less.
//   npm run bench:capture -- [--rounds 9] [--rows 100000] [--synchronous normal|full] [--cpu] [--json file.json]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Database from "libsql";
import { installCapture } from "../src/capture/install.ts";
import { readSchema } from "../src/inspect/read-schema.ts";
import { chooseIdentity } from "../src/plan/propose/choose-identity.ts";
import { openSource } from "../src/source/source.ts";

type Sqlite = InstanceType<typeof Database>;

const SCHEMA = `
  CREATE TABLE notes(id INTEGER PRIMARY KEY, author INTEGER, title TEXT, body TEXT);
  CREATE INDEX notes_author ON notes(author);
  CREATE TABLE users(id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, name TEXT, score INTEGER);
  CREATE TABLE sessions(id TEXT PRIMARY KEY NOT NULL, person INTEGER, data TEXT);
`;

const BODY = "x".repeat(200);
const SINGLE = 1_500;
const BULK = 10_000;

/** One kind of write: `run` makes `count` of them, starting at the nth, and returns the number of written rows. */
interface Workload {
  readonly name: string;
  readonly bulk: boolean;
  run(database: Sqlite, from: number, count: number): void;
}

const TABLES = {
  "integer key": {
    insert: ["INSERT INTO notes(author, title, body) VALUES(?, ?, ?)", (n: number) => [n % 1_000, `note ${n}`, BODY]],
    update: [
      "UPDATE notes SET title = ? WHERE id = ?",
      (n: number, rows: number) => [`again ${n}`, 1 + ((n * 7_919) % rows)],
    ],
    delete: ["DELETE FROM notes WHERE id = ?", (n: number) => [n + 1]],
  },
  "integer key, unique e-mail": {
    insert: [
      "INSERT INTO users(email, name, score) VALUES(?, ?, ?)",
      (n: number) => [`new${n}@example.org`, `user ${n}`, n],
    ],
    update: [
      "UPDATE users SET score = score + ? WHERE id = ?",
      (n: number, rows: number) => [n, 1 + ((n * 7_919) % rows)],
    ],
    delete: ["DELETE FROM users WHERE id = ?", (n: number) => [n + 1]],
  },
  "text key": {
    insert: [
      "INSERT INTO sessions(id, person, data) VALUES(?, ?, ?)",
      (n: number) => [`new-${(n * 2_654_435_761) % 4_294_967_296}-${n}`, n, BODY],
    ],
    update: [
      "UPDATE sessions SET data = ? WHERE id = ?",
      (n: number, rows: number) => [`${BODY}${n}`, `s${(n * 7_919) % rows}`],
    ],
    delete: ["DELETE FROM sessions WHERE id = ?", (n: number) => [`s${n}`]],
  },
} as const;

/** A typical transaction of an application: two updates and an insert. */
const TRANSFER: Workload = {
  name: "transfer: two updates and an insert",
  bulk: false,
  run(database, from, count) {
    const score = database.prepare("UPDATE users SET score = score + ? WHERE id = ?");
    const note = database.prepare("INSERT INTO notes(author, title, body) VALUES(?, ?, ?)");
    for (let n = from; n < from + count; n++) {
      database.exec("BEGIN IMMEDIATE");
      score.run(-1, 1 + ((n * 7_919) % 50_000));
      score.run(1, 1 + ((n * 104_729) % 50_000));
      note.run(n % 1_000, `transfer ${n}`, BODY);
      database.exec("COMMIT");
    }
  },
};

function workloads(rows: number): Workload[] {
  return [
    TRANSFER,
    ...Object.entries(TABLES).flatMap(([table, writes]) =>
      Object.entries(writes).flatMap(([kind, [sql, args]]) =>
        [false, true].map(
          (bulk): Workload => ({
            name: `${bulk ? "bulk " : ""}${kind}, ${table}`,
            bulk,
            run(database, from, count) {
              const statement = database.prepare(sql);
              if (bulk) database.exec("BEGIN IMMEDIATE");
              for (let n = from; n < from + count; n++) statement.run(...args(n, rows));
              if (bulk) database.exec("COMMIT");
            },
          }),
        ),
      ),
    ),
  ];
}

function fill(path: string, rows: number, synchronous: string): Sqlite {
  const database = new Database(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
  database.exec(SCHEMA);
  const n = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows - 1})`;
  database.exec(`
    ${n} INSERT INTO notes SELECT i + 1, i % 1000, 'note ' || i, '${BODY}' FROM n;
    ${n} INSERT INTO users SELECT i + 1, 'user' || i || '@example.org', 'user ' || i, i FROM n;
    ${n} INSERT INTO sessions SELECT 's' || i, i, '${BODY}' FROM n;`);
  return database;
}

async function capture(path: string): Promise<void> {
  const source = openSource({ url: path });
  const { tables } = await source.read(readSchema);
  await installCapture(source, {
    run: "bench",
    target: "",
    tables: tables.map((table, index) => ({ id: index + 1, table, identity: chooseIdentity(table, undefined) })),
  });
  source.close();
}

/** One INSERT of one number for each changed row: what any trigger costs that writes at all. */
function bareTriggers(path: string): void {
  const database = new Database(path);
  database.exec("CREATE TABLE bare(seq INTEGER PRIMARY KEY, n INTEGER)");
  for (const table of ["notes", "users", "sessions"])
    for (const event of ["INSERT", "UPDATE", "DELETE"])
      database.exec(
        `CREATE TRIGGER bare_${table}_${event} AFTER ${event} ON ${table} BEGIN INSERT INTO bare(n) VALUES(1); END`,
      );
  database.close();
}

/** Rows per second. */
function rate(database: Sqlite, workload: Workload, from: number, count: number, cpu: boolean): number {
  const started = performance.now();
  const before = process.cpuUsage();
  workload.run(database, from, count);
  const { user, system } = process.cpuUsage(before);
  // On a busy machine the wall clock includes other work; processor time does not.
  return (count / (cpu ? (user + system) / 1_000 : performance.now() - started)) * 1_000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

interface CompareOptions {
  readonly rounds: number;
  readonly rows: number;
  /** Measure processor time instead of wall clock time. */
  readonly cpu: boolean;
}

interface Result {
  readonly workload: string;
  readonly without: number;
  readonly with: number;
  readonly ratio: number;
  /** The same ratio for a bare trigger. */
  readonly floor: number;
}

interface Sides {
  readonly plain: Sqlite;
  readonly captured: Sqlite;
  readonly bare: Sqlite;
}

/** Each round measures all databases, in alternating order, so that other load affects each of them. */
function compare({ plain, captured, bare }: Sides, { cpu, rounds, rows }: CompareOptions): Result[] {
  const next = new Map<string, number>();
  const rates = new Map<string, { without: number[]; with: number[]; ratios: number[]; floors: number[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const workload of workloads(rows)) {
      const count = workload.bulk ? BULK : SINGLE;
      const key = workload.name.replace("bulk ", "");
      const from = next.get(key) ?? 0;
      // Rows must exist before they are deleted.
      if (key.startsWith("delete") && from + count > rows) continue;
      next.set(key, from + count);
      const order = round % 2 === 0 ? [plain, captured, bare] : [bare, captured, plain];
      const measured = new Map(order.map((database) => [database, rate(database, workload, from, count, cpu)]));
      const [without, with_, floor] = [plain, captured, bare].map((database) => measured.get(database) ?? 0);
      const seen = rates.get(workload.name) ?? { without: [], with: [], ratios: [], floors: [] };
      rates.set(workload.name, seen);
      // The first round fills the caches.
      if ((round === 0 && rounds > 1) || without === undefined || with_ === undefined || floor === undefined) continue;
      seen.without.push(without);
      seen.with.push(with_);
      seen.ratios.push(with_ / without);
      seen.floors.push(floor / without);
    }
  }
  return [...rates].map(([workload, seen]) => ({
    workload,
    without: median(seen.without),
    with: median(seen.with),
    ratio: median(seen.ratios),
    floor: median(seen.floors),
  }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "9" },
      rows: { type: "string", default: "100000" },
      synchronous: { type: "string", default: "normal" },
      cpu: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  const directory = mkdtempSync(join(tmpdir(), "changeover-bench-"));
  try {
    const { synchronous } = values;
    if (!/^(off|normal|full)$/.test(synchronous)) throw new Error("--synchronous takes off, normal or full");
    const rows = Number(values.rows);
    const plain = fill(join(directory, "plain.db"), rows, synchronous);
    const captured = fill(join(directory, "captured.db"), rows, synchronous);
    await capture(join(directory, "captured.db"));
    const bare = fill(join(directory, "bare.db"), rows, synchronous);
    bareTriggers(join(directory, "bare.db"));
    const results = compare({ plain, captured, bare }, { rounds: Number(values.rounds), rows, cpu: values.cpu });
    const row = (cells: readonly string[]) =>
      `${(cells[0] ?? "").padEnd(46)}${cells
        .slice(1)
        .map((cell) => cell.padStart(14))
        .join("")}\n`;
    process.stdout.write(
      row([
        `rows a second${values.cpu ? " of processor time" : ""} (median)`,
        "without",
        "with",
        "ratio",
        "bare trigger",
      ]),
    );
    for (const result of results)
      process.stdout.write(
        row([
          result.workload,
          result.without.toFixed(0),
          result.with.toFixed(0),
          `${(result.ratio * 100).toFixed(0)} %`,
          `${(result.floor * 100).toFixed(0)} %`,
        ]),
      );
    if (values.json !== undefined)
      writeFileSync(
        values.json,
        `${JSON.stringify({ rounds: Number(values.rounds), rows, synchronous, cpu: values.cpu, results }, null, 2)}\n`,
      );
    plain.close();
    captured.close();
    bare.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

await main();
