import { HISTORY_LIMIT } from "../../commands/history.ts";
import { renderHistory } from "../render-history.ts";
import type { RunVerb } from "../run-command.ts";
import { wholeNumber } from "../whole-number.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const limit = wholeNumber(options["limit"] ?? HISTORY_LIMIT, "--limit");
  const migration = await connections.migration("target-only");
  // One more, to know whether there are more.
  const entries = await migration.history({ limit: limit + 1 });
  const shown = entries.slice(0, limit);
  output.result(renderHistory(shown, entries.length > limit), {
    ok: true,
    more: entries.length > limit,
    entries: shown.map(
      ({
        id,
        command,
        state,
        code,
        startedAt,
        endedAt,
        durationMs,
        user,
        host,
        role,
        pid,
        version,
        run,
        source,
        details,
      }) => ({
        id,
        command,
        state,
        code,
        startedAt,
        endedAt,
        durationMs,
        by: { user, host, role, pid },
        version,
        run,
        source,
        details,
      }),
    ),
  });
  return 0;
};
