import { renderCount } from "../../status/render-count.ts";
import { leftOutNote } from "../left-out-note.ts";
import { quarantineNote } from "../quarantine-note.ts";
import { renderCheck } from "../render-check.ts";
import type { RunVerb } from "../run-command.ts";
import { wholeNumber } from "../whole-number.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const migration = await connections.migration();
  const result = await migration.check({
    repair: options["repair"] === true,
    restart: options["restart"] === true,
    examples: wholeNumber(options["examples"] ?? 5, "--examples"),
  });
  const quarantine = await quarantineNote(migration, connections.config.rules);
  const leftOut = await leftOutNote(migration);
  const ok = result.ok && quarantine.fine;
  output.result(
    (result.repaired === undefined ? "" : `${renderCount(result.repaired, "difference")} repaired. `) +
      `${renderCheck(result)}${quarantine.text}${leftOut.text}`,
    { ...result, ok, quarantined: quarantine.total, ...leftOut.document },
  );
  return ok ? 0 : 1;
};
