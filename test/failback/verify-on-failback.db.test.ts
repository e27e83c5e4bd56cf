import { expect, it, onTestFinished } from "vitest";
import { openContext } from "../../src/api/open-context.ts";
import { openFailback } from "../../src/failback/failback-session.ts";
import { followFailback } from "../../src/failback/follow-failback.ts";
import { verifyOnFailback } from "../../src/failback/verify-on-failback.ts";
import { migrationOver } from "../../src/migration.ts";
import { lockedSession } from "../../src/run/context.ts";
import { mustLoad } from "../../src/run/require-run.ts";
import { openTarget } from "../../src/target/target.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

// More than one page of counting, too.
const ROWS = 45_000;

it(
  "the comparison before a return brings what is written meanwhile, between two pages, " +
    "and takes none of it for a difference",
  async () => {
    const { path, application } = await sqliteFile(
      "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL " +
        `SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO note SELECT i, 'note ' || i FROM n`,
    );
    const { url, target } = await emptyTarget("create table note(id bigint primary key, body text)");
    const context = openContext({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
    const migration = migrationOver(context);
    await migration.sync({ until: "caught-up" });
    expect(await migration.cutover()).toMatchObject({ phase: "cut-over" });
    const session = await lockedSession(context);
    const writer = await openTarget({ url }).session();
    onTestFinished(async () => {
      await writer.close();
      await session.close();
      await migration.close();
      await target.close();
    });
    const back = await openFailback(context, session, await mustLoad(session));

    // New rows come before the first: at the end they would be read again and again, with a batch after each page.
    let writing = true;
    const written = (async () => {
      for (let n = 1; writing; n++) {
        const any = 1 + Math.floor(Math.random() * ROWS);
        await writer.run(
          `update note set body = 'written ' || ${n} where id = ${any}; insert into note ` +
            `values (${-n}, 'written new'); delete from note where id = ${1 + ((any * 7) % ROWS)}`,
        );
      }
    })();
    await verifyOnFailback(context, back, { applyEvery: 0 });
    const [there] = (await application.execute("SELECT count(*) FROM note WHERE body LIKE 'written%'")).rows;
    writing = false;
    await written;

    expect(Number(there?.[0])).toBeGreaterThan(100);
    await followFailback(context, back, { until: "caught-up" });
    await verifyOnFailback(context, back);
    const [source] = (
      await application.execute("SELECT count(*), sum(id), count(*) FILTER (WHERE body LIKE 'written%') FROM note")
    ).rows;
    const [row] = await session.rows<{ rows: string; sum: string; written: string }>(
      "select count(*)::text as rows, sum(id)::text as sum, (count(*) filter (where body like " +
        "'written%'))::text as written from note",
    );
    expect([row?.rows, row?.sum, row?.written]).toEqual([0, 1, 2].map((index) => String(source?.[index])));
  },
);
