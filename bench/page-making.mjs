/**
 * What reading a table costs, by shape: two checkouts make all pages of the copy and profile the same tables, in turns,
 * in one process.
 * `node bench/page-making.mjs BEFORE AFTER [ROUNDS]`: two built checkouts. The least processor time of the rounds
 * counts, since other work on the machine only adds to it. PostgreSQL has no part in it: `side-by-side.ts` has.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";

const [before, after, rounds = "5", only = ""] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "changeover-pages-"));

const text = { kind: "text", maxLength: null, padded: false };
const integer = { kind: "integer", type: "bigint" };
const rows = (count) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
const words = "replace(hex(zeroblob(150)), '00', 'some words ' || i || ' ')";

const many = Array.from({ length: 150 }, (_, index) => index);

/** `columns`: name, affinity, conversion; the first is the key. */
const SHAPES = {
  "without-rowid integers": {
    sql:
      `CREATE TABLE t(k INTEGER, a INTEGER, b INTEGER, PRIMARY KEY(k)) WITHOUT ROWID; ${rows(200_000)} ` +
      "INSERT INTO t SELECT i, i * 7, -i FROM n",
    columns: [
      ["k", "integer", integer],
      ["a", "integer", integer],
      ["b", "integer", integer],
    ],
  },
  "without-rowid texts": {
    sql:
      `CREATE TABLE t(k TEXT PRIMARY KEY, a INTEGER, b TEXT) WITHOUT ROWID; ${rows(150_000)} INSERT INTO t ` +
      "SELECT 'key ' || i, i, 'value ' || i FROM n",
    columns: [
      ["k", "text", text],
      ["a", "integer", integer],
      ["b", "text", text],
    ],
  },
  "without-rowid rows of 3 kB": {
    sql:
      `CREATE TABLE t(k TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID; ${rows(15_000)} INSERT INTO t ` +
      `SELECT 'key ' || i, ${words} FROM n`,
    columns: [
      ["k", "text", text],
      ["body", "text", text],
    ],
  },
  "without-rowid texts of 40 kB": {
    sql:
      `CREATE TABLE t(k TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID; ${rows(1_200)} INSERT INTO t ` +
      "SELECT 'key ' || i, replace(hex(zeroblob(2000)), '00', 'some words ' || i || ' ') FROM n",
    columns: [
      ["k", "text", text],
      ["body", "text", text],
    ],
  },
  "texts of 40 kB that may be quarantined": {
    sql:
      `CREATE TABLE t(k INTEGER PRIMARY KEY, body TEXT); ${rows(1_200)} INSERT INTO t ` +
      "SELECT i, replace(hex(zeroblob(2000)), '00', 'some words ' || i || ' ') FROM n",
    columns: [
      ["k", "integer", integer],
      ["body", "text", text],
    ],
    mapping: { quarantine: true },
  },
  "without-rowid 300 columns": {
    sql:
      "CREATE TABLE t(k TEXT PRIMARY KEY, " +
      `${many.map((index) => `a${index} INTEGER, b${index} TEXT`).join(", ")}) WITHOUT ROWID; ${rows(3_000)} ` +
      `INSERT INTO t SELECT 'key ' || i, ${many.map((index) => `i * ${index}, 'value ' || i`).join(", ")} FROM n`,
    columns: [
      ["k", "text", text],
      ...many.flatMap((index) => [
        [`a${index}`, "integer", integer],
        [`b${index}`, "text", text],
      ]),
    ],
  },
  "without-rowid blobs of 20 kB": {
    sql:
      `CREATE TABLE t(k TEXT PRIMARY KEY, b BLOB) WITHOUT ROWID; ${rows(2_000)} INSERT INTO t ` +
      "SELECT 'key ' || i, randomblob(20000) FROM n",
    columns: [
      ["k", "text", text],
      ["b", "blob", { kind: "bytes" }],
    ],
  },
  "without-rowid decimals": {
    sql:
      `CREATE TABLE t(k INTEGER PRIMARY KEY, r REAL, n NUMERIC) WITHOUT ROWID; ${rows(80_000)} INSERT INTO t ` +
      "SELECT i, i / 7.0, i * 1.25 FROM n",
    columns: [
      ["k", "integer", integer],
      ["r", "real", { kind: "double" }],
      ["n", "numeric", { kind: "numeric", scale: null }],
    ],
  },
  "a virtual column": {
    sql:
      `CREATE TABLE t(k INTEGER PRIMARY KEY, a INTEGER, b TEXT, c AS (a * 2)); ${rows(120_000)} ` +
      "INSERT INTO t(k, a, b) SELECT i, i, 'value ' || i FROM n",
    columns: [
      ["k", "integer", integer],
      ["a", "integer", integer],
      ["b", "text", text],
      ["c", "blob", integer],
    ],
  },
  "addresses (spelled)": {
    sql:
      `CREATE TABLE t(k INTEGER PRIMARY KEY, a TEXT, n INTEGER, s TEXT); ${rows(120_000)} INSERT INTO t ` +
      "SELECT i, '10.' || (i % 250) || '.' || (i % 200) || '.9', i, 'value ' || i FROM n",
    columns: [
      ["k", "integer", integer],
      ["a", "text", { kind: "network" }],
      ["n", "integer", integer],
      ["s", "text", text],
    ],
  },
  "an enum (spelled), a date": {
    sql:
      `CREATE TABLE t(k INTEGER PRIMARY KEY, a TEXT, d TEXT, s TEXT); ${rows(120_000)} INSERT INTO t ` +
      "SELECT i, CASE i % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'done' ELSE 'lost' END, " +
      "datetime(1700000000 + i, 'unixepoch'), 'value ' || i FROM n",
    columns: [
      ["k", "integer", integer],
      ["a", "text", { kind: "other", type: "mood" }],
      ["d", "text", { kind: "timestamp", zone: false, epoch: null }],
      ["s", "text", text],
    ],
  },
};

function mappingOf(columns) {
  return {
    id: 1,
    source: "t",
    target: { schema: "public", name: "t" },
    identity: { kind: "columns", columns: ["k"] },
    columns: columns.map(([name, affinity, conversion]) => ({
      source: name,
      target: name,
      affinity,
      collation: "BINARY",
      conversion,
    })),
  };
}

async function sideOf(root) {
  const load = (file) => import(pathToFileURL(join(root, "dist", file)).href);
  const [source, readPage, renderPage, schema, profile] = await Promise.all(
    [
      "source/source.js",
      "copy/read-page.js",
      "copy/render-page.js",
      "inspect/read-schema.js",
      "inspect/profile-table.js",
    ].map(load),
  );
  return {
    async copy(path, mapping) {
      const opened = source.openSource({ url: path });
      const queries = renderPage.renderPageQueries(mapping);
      const limits = new readPage.PageLimits({ maxRows: null, expectsFastPath: true });
      let copied = 0;
      const formats = new Set();
      for (let place = null; ; ) {
        const page = await readPage.readPage(opened, queries, mapping, place, limits);
        if (page === null) break;
        limits.learn(page);
        copied += page.rows;
        formats.add(`${page.format}${page.isFastPath ? "" : " by SQL"}`);
        place = page.last;
      }
      opened.close();
      return `${copied} rows ${[...formats].join(", ")}`;
    },
    async profile(path) {
      const opened = source.openSource({ url: path });
      const { tables } = await opened.read((tx) => schema.readSchema(tx));
      await profile.profileTable(opened, tables[0], {
        encoding: "UTF-8",
        formats: Object.fromEntries(tables[0].columns.map(({ name }) => [name, []])),
      });
      opened.close();
      return "";
    },
  };
}

const sides = { before: await sideOf(before), after: await sideOf(after) };
try {
  for (const [name, { columns, mapping, sql }] of Object.entries(SHAPES)) {
    if (!name.includes(only)) continue;
    const path = join(directory, `${Object.keys(SHAPES).indexOf(name)}.db`);
    const database = new Database(path);
    database.exec(`PRAGMA journal_mode = WAL; BEGIN; ${sql}; COMMIT`);
    database.close();
    for (const work of ["copy", "profile"]) {
      const least = { before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY };
      const said = {};
      for (let round = 0; round < Number(rounds); round++)
        for (const side of ["before", "after"]) {
          const started = process.cpuUsage();
          said[side] = await sides[side][work](path, { ...mappingOf(columns), ...mapping });
          const { system, user } = process.cpuUsage(started);
          least[side] = Math.min(least[side], (system + user) / 1e6);
        }
      console.log(
        `${name.padEnd(30)} ${work.padEnd(8)} ${(least.after / least.before).toFixed(2)} ` +
          `(${least.before.toFixed(2)} s; ${said.before} > ${said.after})`,
      );
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
