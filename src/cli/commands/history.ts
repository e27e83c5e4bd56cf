import { HISTORY_LIMIT } from "../../journey/history.ts";
import { renderHistory } from "../render-history.ts";
import type { RunVerb } from "../run.ts";
import { wholeNumber } from "../whole-number.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const limit = wholeNumber(options["limit"] ?? HISTORY_LIMIT, "--limit");
  const migration = await ends.migration("target-only");
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
        tookMs,
        user,
        host,
        role,
        pid,
        version,
        run,
        source,
        details,
      }) => ({
        id: Number(id),
        command,
        state,
        code,
        started_at: startedAt,
        ended_at: endedAt,
        took_ms: tookMs,
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
