import { expect, it, onTestFinished } from "vitest";
import { compareSchemas, isSameCatalogue, readSchemaCatalogue } from "../../../src/schema/prove/schema-catalogue.ts";
import { openTarget, type TargetSession } from "../../../src/target/target.ts";
import { randomOf, randomStatement } from "./random-schema.ts";
import { dumpingBinaries, startDumpingServer } from "./server-with-pg-dump.ts";

const SCHEMAS = Number(process.env["SCHEMAS"] ?? 200);
const SEED = Number(process.env["SEED"] ?? 20261201);
const BASE = [
  "create role anna",
  "create role bert",
  "create schema app",
  "create type mood as enum ('a', 'b')",
  "create domain email as text",
  "create table t1 (id int not null, a text, b int)",
  "create table t2 (id int primary key, a text)",
  "create table t3 (id int, a text, c int) partition by range (id)",
  "create function tell() returns event_trigger language plpgsql as 'begin end'",
  "create function f1() returns trigger language plpgsql as 'begin return new; end'",
  "create view v1 as select 1 as x",
  "create sequence s1",
  "create publication p1",
];

/** Runs statements until one succeeds; returns it. A schema differs from the last one by few statements. */
async function change(session: TargetSession, next: () => string): Promise<string> {
  for (;;) {
    const statement = next();
    const isDone = await session.run(statement).then(
      () => true,
      () => false,
    );
    if (isDone) return statement;
  }
}

const bin = dumpingBinaries();

it.skipIf(bin === null)(
  `sees what pg_dump sees in ${SCHEMAS} random schemas, and no more`,
  {
    timeout: 1_200_000,
  },
  async () => {
    const server = await startDumpingServer(bin ?? "");
    onTestFinished(() => server.close());
    const target = openTarget({ url: server.url });
    onTestFinished(() => target.close());
    const session = await target.session();
    for (const statement of BASE) await session.run(statement);
    const random = randomOf(SEED);
    const missed: string[] = [];
    const invented: string[] = [];
    let [dump, catalogue] = [server.dump(), await readSchemaCatalogue(session)];
    let changes = 0;
    for (let schema = 0; schema < SCHEMAS; schema++) {
      const done: string[] = [];
      for (let count = 1 + Math.floor(random() * 2); count > 0; count--)
        done.push(await change(session, () => randomStatement(random)));
      const [nextDump, nextCatalogue] = [server.dump(), await readSchemaCatalogue(session)];
      const found = compareSchemas(catalogue, nextCatalogue);
      const isSame = isSameCatalogue(found) && found.reordered.length === 0;
      if (nextDump !== dump) changes++;
      if (nextDump !== dump && isSame) missed.push(done.join("; "));
      if (nextDump === dump && !isSame)
        invented.push(`${done.join("; ")}: ${[...found.missing, ...found.extra].join(" / ")}`);
      [dump, catalogue] = [nextDump, nextCatalogue];
    }
    expect({ missed, invented }).toEqual({ missed: [], invented: [] });
    // Most statements that succeed change something, or the test compares nothing.
    expect(changes).toBeGreaterThan(SCHEMAS / 2);
  },
);
