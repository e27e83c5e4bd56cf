import { expect, it, onTestFinished } from "vitest";
import { loadRun } from "../../src/target/store/run-store.ts";
import { emptyTarget } from "../support/target.ts";

/** The table as the first version had it. */
const FIRST = `create schema changeover; create table changeover.migrations(); create table changeover.run(
  id uuid, source text, phase text, captured boolean, mappings jsonb, source_schema jsonb, watermark bigint,
  source_seq bigint, first_caught_up timestamptz, last_caught_up timestamptz, verified_through bigint, verified jsonb,
  lock_requested_by text, fence_seq bigint, downtime_ms int);
insert into changeover.run(id, source, phase, captured, mappings, watermark, source_seq)
  values ('00000000-0000-4000-8000-000000000001', 'app.db', 'syncing', true, '[]', 3, 0);`;

it("a run is read from a state schema without the columns of later versions, and with them", async () => {
  const { session, target } = await emptyTarget(FIRST);
  onTestFinished(() => target.close());
  expect(await loadRun(session)).toMatchObject({ watermark: 3n, held: [], cutOverAt: null, sourceIdentity: null });
  await session.run(`alter table changeover.run add held jsonb not null default '[1]',
    add source_identity jsonb default '{"a": 1}', add cut_over_at timestamptz default '2026-01-02 03:04:05.678+01'`);
  expect(await loadRun(session)).toMatchObject({
    held: [1],
    sourceIdentity: { a: 1 },
    cutOverAt: "2026-01-02T02:04:05.678Z",
  });
});
