import type { Migration } from "../migration.ts";
import { leftOutOnly, type ReportedNotices, reportNotices } from "../model/left-out.ts";
import { renderNotices } from "../status/render-notices.ts";
import { answerInTime } from "./answer-in-time.ts";

export interface LeftOutNote {
  /**
   * How many things of the schema are left out, renamed or changed; warnings do not count. Null: the target did not
   * say.
   */
  readonly count: number | null;
  /** Lines for a person, with a line end before them; empty if there is nothing to say. */
  readonly text: string;
  /** The same for scripts: in the JSON of every command that says how a run ended. */
  readonly document: ReportedNotices;
}

/** What the schema of the target lacks adds to the answer of a command, whichever process began the run. */
export async function leftOutNote(migration: Migration): Promise<LeftOutNote> {
  return noteOf(await migration.notices());
}

/** The same after a cutover, which may have lost the target: its result is told all the same, and soon. */
export async function leftOutNoteInTime(migration: Migration): Promise<LeftOutNote> {
  const notices = await answerInTime(migration.notices());
  if (notices !== null) return noteOf(notices);
  return {
    ...noteOf([]),
    count: null,
    text: "\nThe target did not say what was left out of the schema: `changeover status` asks it.",
  };
}

function noteOf(notices: Awaited<ReturnType<Migration["notices"]>>): LeftOutNote {
  const { length: count } = leftOutOnly(notices);
  const open = notices.filter(({ confirmedBy }) => confirmedBy === null).length;
  const lines = [
    ...renderNotices(notices),
    ...(notices.length === 0 ? [] : ["`changeover status --json` says of each why, and what to do."]),
    ...(open === 0
      ? []
      : [`${open.toLocaleString("en-US")} of these ${open === 1 ? "is" : "are"} not confirmed yet: the cutover asks.`]),
  ];
  return { count, text: lines.map((line) => `\n${line}`).join(""), document: reportNotices(notices) };
}
