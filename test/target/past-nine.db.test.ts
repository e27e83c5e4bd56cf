import { randomUUID } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { prepareRunStore } from "../../src/schema/migrate/prepare-run-store.ts";
import { deferredAt } from "../../src/target/deferred/deferred-objects.ts";
import { listQuarantine } from "../../src/target/store/quarantine-store.ts";
import { createRun } from "../../src/target/store/run-store.ts";
import { emptyTarget } from "../support/target.ts";

async function withRun() {
  const { session, target, url } = await emptyTarget();
  onTestFinished(() => target.close());
  await prepareRunStore(session, url);
  const run = randomUUID();
  await createRun(session, {
    id: run,
    source: "app.db",
    sourceIdentity: { kind: "server", url: "x" },
    captured: true,
    mappings: [],
    rows: new Map(),
  });
  return { run, session };
}

describe("ids past 9", () => {
  it("the quarantine is listed page by page, oldest first, each entry once", async () => {
    const { run, session } = await withRun();
    await session.rows(
      `insert into changeover.quarantine (run, table_id, table_name, key, what, reason, row)
       select $1, 1, 't', to_jsonb(array[n]), 'row', 'reason', '{}' from generate_series(1, 25) n`,
      [run],
    );
    const seen: bigint[] = [];
    for (let after = 0n; ; ) {
      const page = await listQuarantine(session, { run, table: null, after, limit: 7 });
      seen.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => BigInt(index + 1)));
  });

  it("indexes and triggers are recreated in the order in which they were dropped", async () => {
    const { run, session } = await withRun();
    await session.rows(
      `insert into changeover.deferred (run, kind, stage, schema, relation, name, definition)
       select $1, case when n % 2 = 0 then 'index' else 'trigger' end, 'copied', 'public', 't', n::text, 'none'
         from generate_series(1, 24) n`,
      [run],
    );
    const even = Array.from({ length: 12 }, (_, index) => String(2 * index + 2));
    const exceptional = Array.from({ length: 12 }, (_, index) => String(2 * index + 1));
    expect((await deferredAt(session, run, ["copied"])).map(({ name }) => name)).toEqual([...even, ...exceptional]);
  });
});
