import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@libsql/client";
import { expect } from "vitest";
import { runCli, startCli } from "./cli.ts";
import { sqliteFile, temporaryDirectory } from "./source.ts";

const SOURCE = `
  CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, joined DATETIME, vip BOOLEAN DEFAULT 0);
  CREATE TABLE item(id TEXT PRIMARY KEY NOT NULL, customer INTEGER REFERENCES customer(id),
    price DECIMAL(10,2), data JSON, raw BLOB);
  CREATE INDEX item_customer ON item(customer);
  INSERT INTO customer VALUES(1, 'a@x', '2024-01-01T10:00:00Z', 1), (2, 'b@x', NULL, 0);
  INSERT INTO item VALUES('i1', 1, 9.99, '{"a":1}', x'00ff'), ('i2', 2, 10, NULL, NULL);
`;

export interface JourneyPlace {
  readonly target: string;
  /** More options of every command. */
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Makes the source; default: a file. */
  readonly source?: (statements: string) => Promise<{ readonly application: Client; readonly path: string }>;
  /** Runs SQL at the target as the application does after the cutover. */
  readonly application: (sql: string) => Promise<unknown>;
}

/**
 * Schema, up, sync with a writer, check, cutover, a write at the target, failback with that write, and down: the
 * whole way through one door. Throws where a step fails.
 */
export async function wholeJourney({
  application,
  env = {},
  options = [],
  source: make = sqliteFile,
  target,
}: JourneyPlace): Promise<void> {
  const { application: source, path } = await make(SOURCE);
  const cwd = temporaryDirectory();
  const ends = ["--source", path, "--target", target, ...options];
  const run = async (...args: string[]) => {
    const { code, stderr, stdout } = await runCli([...args, ...ends, "--json", "--yes"], { cwd, env });
    expect(code, `${args.join(" ")}: ${stdout}${stderr}`).toBe(0);
    expect(stderr).not.toMatch(/warning/i);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
  };
  await run("validate");
  await run("schema", "--write");
  await run("up");
  const sync = startCli(["sync", ...ends, "--json"], { cwd, env });
  try {
    await Promise.race([sync.saw(/"event":"batch"/), sync.ended.then(({ stderr }) => expect(stderr).toBe("syncing"))]);
    for (let id = 3; id < 40; id++) {
      await source.execute({ sql: "INSERT INTO customer(id, email) VALUES(?, ?)", args: [id, `${id}@x`] });
      await delay(10);
    }
    expect(await run("check")).toMatchObject({ ok: true });
    expect(await run("cutover")).toMatchObject({ ok: true });
  } finally {
    sync.child.kill("SIGTERM");
  }
  await sync.ended;
  await application("insert into customer(id, email) values (100, 'after@x')");
  expect(await run("status")).toMatchObject({ phase: "cut-over" });
  await run("rollback");
  const { rows } = await source.execute("SELECT count(*) AS n, max(id) AS last FROM customer");
  expect({ n: Number(rows[0]?.["n"]), last: Number(rows[0]?.["last"]) }).toEqual({ n: 40, last: 100 });
  // Once more: what the run made at the target goes, by the migrations' down halves.
  expect(await run("rollback")).toMatchObject({ phase: "new" });
  expect(await run("migrations")).toMatchObject({ ok: true });
}
