import type { ConfirmedBy, Notice } from "../../model/left-out.ts";
import { noticeKey } from "../../model/left-out.ts";
import { inState, stateOf } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** Whether the schema `changeover` has the table of notices: reading commands do not migrate it. */
export async function hasNoticeTable(session: TargetReader): Promise<boolean> {
  const [row] = await session.rows<{ found: boolean }>(
    `select to_regclass(${inState(session, "notice")}) is not null as found`,
  );
  return row?.found === true;
}

/** Saves what a run does not translate, in the transaction that begins the run. */
export async function saveNotices(tx: TargetReader, run: string, notices: readonly Notice[]): Promise<void> {
  await insertNotices(tx, run, notices, 0);
}

/** Adds new notices, after a table was added or changed. */
export async function addNotices(tx: TargetReader, run: string, notices: readonly Notice[]): Promise<void> {
  const known = await tx.rows<{ id: number; notice: string }>(
    `select id, notice::text as notice from ${stateOf(tx)}.notice where run = $1`,
    [run],
  );
  const keys = new Set(known.map(({ notice }) => noticeKey(JSON.parse(notice) as Notice)));
  const last = Math.max(0, ...known.map(({ id }) => id));
  await insertNotices(
    tx,
    run,
    notices.filter((notice) => !keys.has(noticeKey(notice))),
    last,
  );
}

async function insertNotices(tx: TargetReader, run: string, notices: readonly Notice[], last: number): Promise<void> {
  if (notices.length === 0) return;
  const rows = notices.map(({ confirmedBy, ...notice }, index) => ({ id: last + index + 1, notice, by: confirmedBy }));
  await tx.rows(
    `insert into ${stateOf(tx)}.notice (run, id, notice, confirmed_by, confirmed_at) select $1::text::uuid, id, ` +
      "notice, by, case when by is not null then clock_timestamp() end from jsonb_to_recordset($2::text::jsonb) as " +
      "given(id integer, notice jsonb, by text)",
    [run, JSON.stringify(rows)],
  );
}

export async function loadNotices(session: TargetReader, run: string): Promise<Notice[]> {
  const rows = await session.rows<{ notice: string; by: ConfirmedBy | null }>(
    `select notice::text as notice, confirmed_by as by from ${stateOf(session)}.notice where run = $1 order by id`,
    [run],
  );
  return rows.map(({ by, notice }) => ({ ...(JSON.parse(notice) as Omit<Notice, "confirmedBy">), confirmedBy: by }));
}

/** Records who confirmed which notice. An earlier confirmation stays. */
export async function confirmNotices(tx: TargetReader, run: string, notices: readonly Notice[]): Promise<void> {
  const confirmed = new Map(notices.map((notice) => [noticeKey(notice), notice.confirmedBy]));
  const rows = await tx.rows<{ id: number; notice: string }>(
    `select id, notice::text as notice from ${stateOf(tx)}.notice where run = $1 and confirmed_by is null`,
    [run],
  );
  for (const { id, notice } of rows) {
    const by = confirmed.get(noticeKey(JSON.parse(notice) as Notice)) ?? null;
    if (by !== null)
      await tx.rows(
        `update ${stateOf(tx)}.notice set confirmed_by = $3, confirmed_at = clock_timestamp() ` +
          "where run = $1 and id = $2",
        [run, id, by],
      );
  }
}
