import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import Database from "libsql";
import { PageLimits } from "../src/copy/page-limits.ts";
import { readPage } from "../src/copy/read-page.ts";
import { renderPageQueries } from "../src/copy/render-page.ts";
import type { Tuple } from "../src/model/key.ts";
import type { Conversion, TableMapping } from "../src/model/mapping.ts";
import { openSource } from "../src/source/source.ts";

// How fast pages of a libSQL server come, beside a plain SELECT of the same table over the same link. The server is the
// tests' own, in a process of its own. Processor time is no measure here: rounds alternate, and the median counts.
const ROWS = Number(process.argv[2] ?? 60_000);
const ROUNDS = Number(process.argv[3] ?? 3);

const directory = mkdtempSync(join(tmpdir(), "changeover-server-read-"));
const file = join(directory, "app.db");
const database = new Database(file);
database.exec(`PRAGMA journal_mode = wal; CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c REAL, d TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
  INSERT INTO t SELECT i, 'name ' || i, i * 7, i / 3.0, hex(randomblob(40)) FROM n`);
database.close();

const TEXT: Conversion = { kind: "text", maxLength: null, padded: false };
const INTEGER: Conversion = { kind: "integer", type: "bigint" };
const column = (name: string, affinity: "integer" | "text" | "real", conversion: Conversion) =>
  ({ source: name, target: name, affinity, collation: "BINARY", conversion }) as const;
const mapping: TableMapping = {
  id: 1,
  source: "t",
  target: { schema: "public", name: "t" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [
    column("id", "integer", INTEGER),
    column("a", "text", TEXT),
    column("b", "integer", INTEGER),
    column("c", "real", { kind: "double" }),
    column("d", "text", TEXT),
  ],
};

async function served(roundTripMs: number): Promise<{ readonly url: string; readonly server: ChildProcess }> {
  const args = ["--import", "jiti/register", "bench/hrana-serve.ts", file, String(roundTripMs)];
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(server.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  return { url: line.toString().trim(), server };
}

async function bySelect(url: string): Promise<number> {
  const client = createClient({ url, intMode: "bigint" });
  const started = performance.now();
  // An answer has at most 10 MB, so it takes as many statements as fit.
  for (let after = 0n; ; ) {
    const { rows } = await client.execute({
      sql: "SELECT * FROM t WHERE id > ? ORDER BY id LIMIT 60000",
      args: [after],
    });
    if (rows.length < 60_000) break;
    after = rows.at(-1)?.["id"] as bigint;
  }
  client.close();
  return performance.now() - started;
}

async function byPages(url: string): Promise<number> {
  const source = openSource({ url });
  const queries = renderPageQueries(mapping);
  const limits = new PageLimits({ maxRows: null, of: source });
  const started = performance.now();
  let rows = 0;
  for (let after: Tuple | null = null; ; ) {
    const page = await readPage(source, queries, mapping, after, limits);
    if (page === null) break;
    limits.learn(page);
    rows += page.rows;
    after = page.last;
    if (page.isLast) break;
  }
  source.close();
  if (rows !== ROWS) throw new RangeError(`${rows} of ${ROWS} rows`);
  return performance.now() - started;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
for (const roundTripMs of [0, 10, 40, 100]) {
  const { server, url } = await served(roundTripMs);
  const taken: { readonly select: number[]; readonly pages: number[] } = { select: [], pages: [] };
  for (let round = 0; round < ROUNDS; round++) {
    taken.select.push(await bySelect(url));
    taken.pages.push(await byPages(url));
  }
  server.kill();
  const [select, pages] = [median(taken.select), median(taken.pages)];
  const percent = Math.round((100 * select) / pages);
  process.stdout.write(
    `${roundTripMs} ms: SELECT ${Math.round(select)} ms, pages ${Math.round(pages)} ms, ${percent} %\n`,
  );
}
rmSync(directory, { recursive: true, force: true });
