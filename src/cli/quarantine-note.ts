import type { Migration } from "../migration.ts";
import { accepts, type Rules } from "../model/rules.ts";
import { renderCount } from "../status/render-count.ts";
import { answerInTime } from "./answer-in-time.ts";

export interface QuarantineNote {
  /** Entries in all; null: the target did not answer any more, which takes nothing from the command's own result. */
  readonly total: number | null;
  /** None, or all accepted by `QUARANTINED`: nothing that the exit code should show. */
  readonly fine: boolean;
  /** A sentence for a person, with a line end before it; empty if there is nothing to say. */
  readonly text: string;
}

/** What the quarantine adds to the answer of a command: anything but "all equal" shows in the exit code. */
export async function quarantineNote(migration: Migration, rules: Rules): Promise<QuarantineNote> {
  return noteOf(await migration.quarantine.counts(), rules);
}

/** The same after a cutover, which may have lost the target: its result is told all the same, and soon. */
export async function quarantineNoteInTime(migration: Migration, rules: Rules): Promise<QuarantineNote> {
  const counts = await answerInTime(migration.quarantine.counts());
  if (counts !== null) return noteOf(counts, rules);
  return {
    total: null,
    fine: true,
    text: "\nThe target did not say what is in quarantine: `changeover quarantine` asks it.",
  };
}

function noteOf(counts: Awaited<ReturnType<Migration["quarantine"]["counts"]>>, rules: Rules): QuarantineNote {
  const total = counts.reduce((sum, { rows, values }) => sum + rows + values, 0);
  if (total === 0) return { total, fine: true, text: "" };
  const fine = counts.every(({ table }) => accepts(rules, { code: "QUARANTINED", table }));
  const tables = counts.map(({ table, rows, values }) => `${table} (${rows + values})`).join(", ");
  return {
    total,
    fine,
    text:
      `\n${renderCount(total, "row")} ${total === 1 ? "is" : "are"} in quarantine, by rule: ` +
      `${tables}. \`changeover quarantine\` lists ` +
      `them${fine ? "" : "; --accept QUARANTINED takes that for an answer"}.`,
  };
}
