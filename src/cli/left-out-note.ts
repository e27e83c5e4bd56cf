import type { Migration } from "../migration.ts";
import { leftOutOnly, type ToldNotices, tellNotices } from "../model/left-out.ts";
import { renderNotices } from "../status/render-notices.ts";

export interface LeftOutNote {
  /** How many things of the schema are left out, renamed or changed; warnings do not count. */
  readonly count: number;
  /** Lines for a person, with a line end before them; empty if there is nothing to say. */
  readonly text: string;
  /** The same for scripts: in the JSON of every command that says how a run ended. */
  readonly document: ToldNotices;
}

/** What the schema of the target lacks adds to the answer of a command, whichever process began the run. */
export async function leftOutNote(migration: Migration): Promise<LeftOutNote> {
  const notices = await migration.leftOut();
  const { length: count } = leftOutOnly(notices);
  const open = notices.filter(({ confirmedBy }) => confirmedBy === null).length;
  const lines = [
    ...renderNotices(notices),
    ...(notices.length === 0 ? [] : ["`changeover status --json` says of each why, and what to do."]),
    ...(open === 0
      ? []
      : [`${open.toLocaleString("en-US")} of these ${open === 1 ? "is" : "are"} not confirmed yet: the cutover asks.`]),
  ];
  return { count, text: lines.map((line) => `\n${line}`).join(""), document: tellNotices(notices) };
}
