import type Database from "libsql";
import { describe, expect, it } from "vitest";
import { type FollowedRun, followedRun } from "../support/followed-run.ts";
import { query } from "../support/target.ts";

const SEEDS = (process.env["SEEDS"] ?? "1,2,3,4").split(",").map(Number);
const STEPS = 12;

/** Random numbers that a seed decides. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed * 2654435761;
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  };
}

interface Shape {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The application's tables as SQLite has them just now. */
function shapesOf(application: Database.Database): Shape[] {
  const names = application
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name")
    .all() as { name: string }[];
  return names.map(({ name }) => ({
    name,
    columns: (application.prepare(`SELECT name FROM pragma_table_info('${name}')`).all() as { name: string }[])
      .map((column) => column.name)
      .filter((column) => column !== "id"),
  }));
}

function changeRows(application: Database.Database, below: (limit: number) => number): void {
  for (const { columns, name } of shapesOf(application)) {
    const values = columns.map(() => String(below(1_000)));
    const id = 1 + below(20);
    const statements = [
      `INSERT OR REPLACE INTO "${name}"(id${columns.map((column) => `, "${column}"`).join("")}) ` +
        `VALUES(${[id, ...values].join(", ")})`,
      ...columns
        .slice(0, 1)
        .map((column) => `UPDATE OR REPLACE "${name}" SET "${column}" = ${below(50)} WHERE id = ${id}`),
      `DELETE FROM "${name}" WHERE id = ${below(30)}`,
    ];
    application.exec(statements[below(statements.length)] ?? "SELECT 1");
  }
}

let names = 0;

function changeSchema(application: Database.Database, below: (limit: number) => number): string {
  const shapes = shapesOf(application);
  const shape = shapes[below(shapes.length)];
  if (shape === undefined) return "SELECT 1";
  const { columns, name } = shape;
  const column = columns[below(Math.max(1, columns.length))];
  const fresh = `x${++names}`;
  const all = ["id", ...columns].map((each) => `"${each}"`).join(", ");
  switch (below(9)) {
    case 0:
      return `ALTER TABLE "${name}" ADD COLUMN ${fresh} INT NOT NULL DEFAULT ${below(100)}`;
    case 1:
      return `ALTER TABLE "${name}" ADD COLUMN ${fresh} INT`;
    case 2:
      return column === undefined || columns.length < 2 ? "SELECT 1" : `ALTER TABLE "${name}" DROP COLUMN "${column}"`;
    case 3:
      return column === undefined ? "SELECT 1" : `ALTER TABLE "${name}" RENAME COLUMN "${column}" TO ${fresh}`;
    case 4:
      return `ALTER TABLE "${name}" RENAME TO ${fresh}`;
    case 5:
      return `CREATE TABLE ${fresh}(id INTEGER PRIMARY KEY, a INT); INSERT INTO ${fresh} VALUES(1, 1), (2, 2)`;
    case 6:
      return `CREATE TABLE rebuilt(id INTEGER PRIMARY KEY${columns.map((each) => `, "${each}" INT`).join("")});
        INSERT INTO rebuilt(${all}) SELECT ${all} FROM "${name}"; DELETE FROM rebuilt WHERE id % 7 = 3;
        DROP TABLE "${name}"; ALTER TABLE rebuilt RENAME TO "${name}"`;
    case 7:
      return column === undefined ? "SELECT 1" : `CREATE UNIQUE INDEX ${fresh} ON "${name}"(id, "${column}")`;
    default:
      return shapes.length < 3 ? `CREATE INDEX ${fresh} ON "${name}"(id)` : `DROP TABLE "${name}"`;
  }
}

/** Applies what waits, as a person does, until nothing does. */
async function applyAll(run: FollowedRun): Promise<void> {
  await run.until("nothing waits", async () => {
    await run.migration.migrations.up();
    const [row] = await query<{ held: string; version: number }>(
      run.target,
      "select held::text as held, (source_catalogue -> 'schema' ->> 'schemaVersion')::int as version " +
        "from changeover.run",
    );
    const [present] = run.application.prepare("PRAGMA schema_version").raw().all() as number[][];
    // What the sync has not noticed yet may wait in a moment.
    return row?.held === "[]" && row.version === present?.[0];
  });
}

describe("a sync under random changes of the schema and of rows, in random order", () => {
  it.each(SEEDS)("ends with the same on both sides: seed %i", { timeout: 300_000 }, async (seed) => {
    const below = randomOf(seed);
    const run = await followedRun(
      "CREATE TABLE a(id INTEGER PRIMARY KEY, p INT, q INT); CREATE TABLE b(id INTEGER PRIMARY KEY, r INT, s INT);" +
        "INSERT INTO a VALUES(1, 1, 1), (2, 2, 2), (3, 3, 3); INSERT INTO b VALUES(1, 1, 1), (9, 9, 9)",
    );
    let sync = run.start("apply");
    await run.synced();
    const done: string[] = [];
    for (let step = 0; step < STEPS; step++) {
      for (let count = below(4); count > 0; count--) changeRows(run.application, below);
      const sql = changeSchema(run.application, below);
      try {
        run.application.exec(`BEGIN; ${sql}; COMMIT`);
        done.push(sql);
      } catch {
        if (run.application.inTransaction) run.application.exec("ROLLBACK");
      }
      for (let count = below(4); count > 0; count--) changeRows(run.application, below);
      if (below(3) === 0) await applyAll(run).catch((error: unknown) => explain(error, done, run));
      if (below(6) === 0) {
        await sync.stop();
        sync = run.start("apply");
      }
    }
    await applyAll(run).catch((error: unknown) => explain(error, done, run));
    for (const { name } of shapesOf(run.application))
      await run.equal(name).catch((error: unknown) => explain(error, done, run));
    expect(await run.migration.check()).toMatchObject({ ok: true, differences: 0 });
  });
});

function explain(error: unknown, done: readonly string[], run: FollowedRun): never {
  throw new Error(`${String(error)}\n${done.join(";\n")}\n${run.messages.slice(-40).join("\n")}`);
}
