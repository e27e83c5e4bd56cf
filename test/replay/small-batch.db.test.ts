import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Changes, TableChanges } from "../../src/replay/read-changes.ts";
import type { ReplayOptions } from "../../src/replay/replay-batch.ts";
import { commitSmallBatch, MAX_MESSAGE_ROWS, renderSmallBatch } from "../../src/replay/small-batch.ts";
import { Stage } from "../../src/replay/stage.ts";
import { prepareRunStore } from "../../src/schema/migrate/prepare-run-store.ts";
import { createRun, loadRun } from "../../src/target/store/run-store.ts";
import { openTarget, type TargetSession } from "../../src/target/target.ts";
import { ONLY_KEY } from "../support/only-key.ts";
import { emptyTarget, query } from "../support/target.ts";

const RUN = randomUUID();
let session: TargetSession;
let url: string;
beforeAll(async () => {
  ({ session, url } = await emptyTarget("create table t(id bigint primary key)"));
  await prepareRunStore(session, url);
  const of = { source: "", sourceIdentity: { kind: "server", url: "" } as const, captured: true };
  await createRun(session, { ...of, id: RUN, mappings: [ONLY_KEY], rows: new Map() });
  await new Stage(session).prepare([ONLY_KEY]);
});
beforeEach(() => session.run("truncate t; update changeover.run set watermark = 0"));

const row: TableChanges = {
  mapping: ONLY_KEY,
  keys: 1,
  refused: 0,
  hasDeleted: false,
  ascending: null,
  rows: [{ format: "text", data: Buffer.from("0\tf\t7\n") }],
  quarantine: null,
};
const changes: Changes = { pass: 0, through: 5n, last: 5n, tables: [row], large: null, durationMs: 1 };
const render = (of: Changes, more: object = {}, watermark = 0n) =>
  renderSmallBatch(of, { run: RUN, session, ...more } as unknown as ReplayOptions, watermark);
const commit = (watermark: bigint) =>
  commitSmallBatch(session, render(changes, {}, watermark) ?? [], { changes, watermark, durable: false });
const ids = async () => (await query<{ id: string }>(url, "select id::text from t order by t.id")).map(({ id }) => id);

describe("a batch in one message", () => {
  it("brings the rows and the watermark together", async () => {
    expect(await commit(0n)).toEqual({
      watermark: 5n,
      entries: 5n,
      rows: 1,
      lastPass: { rows: 1, durationMs: 1 },
      lockRequestedBy: null,
    });
    expect(await ids()).toEqual(["7"]);
    expect((await loadRun(session))?.watermark).toBe(5n);
  });

  it("says who asks for the run", async () => {
    await session.run("update changeover.run set lock_requested_by = 'cutover'");
    expect((await commit(0n))?.lockRequestedBy).toBe("cutover");
    await session.run("update changeover.run set lock_requested_by = null");
  });

  it("brings nothing if another process has moved the watermark, be it to where this one would", async () => {
    for (const moved of [3, 5]) {
      await session.run(`update changeover.run set watermark = ${moved}`);
      expect(await commit(0n)).toBeNull();
      expect(await ids()).toEqual([]);
      expect((await loadRun(session))?.watermark).toBe(BigInt(moved));
    }
  });

  it("brings nothing if a row is refused, and leaves the session free", async () => {
    await session.run("alter table t add constraint small check (id < 5)");
    expect(await commit(0n)).toBeNull();
    await session.run("alter table t drop constraint small");
    expect((await loadRun(session))?.watermark).toBe(0n);
    expect(await commit(0n)).not.toBeNull();
  });

  it("tells of a lock that is not to be had", async () => {
    await session.run("set lock_timeout = 50");
    const blocker = openTarget({ url });
    const blocking = await blocker.session();
    await blocking.run("begin; lock table t in access exclusive mode");
    await expect(commit(0n)).rejects.toMatchObject({ context: { sqlState: "55P03" } });
    await blocker.close();
    await session.run("set lock_timeout = 0");
    expect(await commit(0n)).not.toBeNull();
  });

  it("is none of what needs answers in between", () => {
    expect(render(changes)).not.toBeNull();
    const other: readonly [string, Changes, object?][] = [
      ["more is to be read", { ...changes, last: 6n }],
      ["a large row", { ...changes, large: { mapping: ONLY_KEY, key: [] } }],
      ["a refused value", { ...changes, tables: [{ ...row, refused: 1 }] }],
      ["quarantine", { ...changes, tables: [{ ...row, mapping: { ...ONLY_KEY, quarantine: true } }] }],
      ["many rows", { ...changes, tables: [{ ...row, keys: MAX_MESSAGE_ROWS + 1 }] }],
      ["binary rows", { ...changes, tables: [{ ...row, rows: [{ format: "binary", data: Buffer.alloc(4) }] }] }],
      ["a NUL", { ...changes, tables: [{ ...row, rows: [{ format: "text", data: Buffer.from("0\tf\t\0\n") }] }] }],
      ["tables that are replaced", changes, { replacing: { mappings: [] } }],
    ];
    for (const [what, of, more] of other) expect(render(of, more), what).toBeNull();
  });
});
