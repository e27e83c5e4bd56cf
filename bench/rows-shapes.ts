import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openMigration } from "changeover";
import Database from "libsql";
import { median } from "./measure.ts";
import { hasProgram, psqlCopy, psqlExport } from "./peers.ts";
import { empty, makeBare, ours, type Place } from "./place.ts";
import type { Row } from "./row.ts";
import { row } from "./rows-load.ts";

interface Shape {
  readonly name: string;
  readonly sql: string;
}

/** Tables with unusual shapes; `scale` 1 is the scale of the published figures. */
function shapes(scale: number): Shape[] {
  const rows = (count: number) =>
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
    `${Math.max(1, Math.round(count * scale))})`;
  const columns = Array.from({ length: 300 }, (_, index) => index);
  const tiny = Array.from(
    { length: Math.max(1, Math.round(2_000 * scale)) },
    (_, index) =>
      `CREATE TABLE tiny_${index}(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO tiny_${index} VALUES (1, 'one'), ` +
      "(2, 'two');",
  );
  return [
    {
      name: "rows of 20 kB of text",
      sql:
        `CREATE TABLE wide(id INTEGER PRIMARY KEY, body TEXT); ${rows(5_000)} INSERT INTO wide SELECT i, ` +
        "replace(hex(zeroblob(1000)), '00', 'some words ' || i || char(10)) FROM n;",
    },
    {
      name: "blobs of 1 MB",
      sql:
        `CREATE TABLE files(id INTEGER PRIMARY KEY, content BLOB); ${rows(100)} INSERT INTO files SELECT i, ` +
        "randomblob(1000000) FROM n;",
    },
    {
      name: "300 columns",
      sql:
        "CREATE TABLE broad(id INTEGER PRIMARY KEY, " +
        `${columns.map((index) => `c${index} ${index % 2 === 0 ? "INTEGER" : "TEXT"}`).join(", ")}); ` +
        `${rows(40_000)} INSERT INTO broad SELECT i, ` +
        `${columns.map((index) => (index % 2 === 0 ? `i * ${index + 1}` : `'value ' || i`)).join(", ")} FROM n;`,
    },
    { name: `${tiny.length.toLocaleString("en")} tiny tables`, sql: tiny.join("\n") },
  ];
}

export async function shapeRows(
  place: Place,
  { scale, runs }: { readonly scale: number; readonly runs: number },
): Promise<Row[]> {
  const found: Row[] = [];
  for (const [index, shape] of shapes(scale).entries()) {
    const source = join(place.directory, `shape-${index}.db`);
    const files = join(place.directory, `shape-${index}`);
    mkdirSync(files);
    const database = new Database(source);
    database.exec(`PRAGMA journal_mode = WAL; BEGIN; ${shape.sql} COMMIT`);
    const tables = (
      database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").all() as { name: string }[]
    ).map(({ name }) => name);
    database.close();
    const migrations = join(place.directory, `shape-${index}-migrations`);
    const [our, theirs]: [Awaited<ReturnType<typeof ours>>[], number[]] = [[], []];
    for (let round = 0; round < runs; round++) {
      await empty(place);
      const migration = openMigration({ source, target: place.url, migrationsDirectory: migrations });
      if (round === 0) await migration.schema({ write: true });
      await migration.migrations.up();
      await migration.close();
      our.push(await ours(place, source, "unverified", migrations));
      if (!hasProgram("psql")) continue;
      if (round === 0) await psqlExport(place.url, tables, files);
      await makeBare(place, tables);
      theirs.push((await psqlCopy(place.url, "bare", tables, files)).seconds);
    }
    found.push(
      row({
        what: `copy: ${shape.name}`,
        against: "psql \\copy of ready-made files",
        most: 1.25,
        ours: median(our.map(({ phases }) => phases.copy)),
        theirs: theirs.length === 0 ? null : median(theirs),
        peakMb: Math.max(...our.map(({ peakMb }) => peakMb)),
        cpuSeconds: median(our.map(({ cpuSeconds }) => cpuSeconds)),
      }),
    );
  }
  return found;
}
