import { quarantineNote } from "../quarantine-note.ts";
import type { RunVerb } from "../run.ts";
import { renderCheck } from "../render-check.ts";

export const run: RunVerb = async ({ output, ends }) => {
  const migration = await ends.migration();
  const result = await migration.check();
  const quarantine = await quarantineNote(migration, ends.config.rules);
  const ok = result.ok && quarantine.fine;
  output.result(`${renderCheck(result)}${quarantine.text}`, { ...result, ok, quarantined: quarantine.total });
  return ok ? 0 : 1;
};
