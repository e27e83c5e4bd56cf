import type { CutoverResult } from "../cutover/cutover-run.ts";
import { ChangeoverError } from "../errors.ts";
import { renderCount, renderCountOf } from "../status/render-count.ts";
import { renderLeftOutCount } from "../status/render-notices.ts";

export interface CutoverNotes {
  /** Where to look, of the embedded PostgreSQL. */
  readonly embeddedUrl: string | null;
  /** Things of the schema that did not come over as they were. Null: the target did not say. */
  readonly leftOut: number | null;
  /** Rows and values that were quarantined. Null: the target did not say. */
  readonly quarantined: number | null;
}

/** "Everything" only where that is true. */
function describeArrival({ leftOut, quarantined }: CutoverNotes): string {
  if (leftOut === null || quarantined === null) return "the target has taken over";
  if (quarantined > 0)
    return `every row arrived but for ${renderCount(quarantined, "row")} in quarantine${leftOut === 0 ? "" : `, and ${renderLeftOutCount(leftOut)}`}`;
  return leftOut === 0 ? "the target has everything" : `every row arrived; ${renderLeftOutCount(leftOut)}`;
}

/** What a cutover did, in plain words. */
export function renderCutover(result: CutoverResult, notes: CutoverNotes): string {
  if (!result.ok) {
    const reason = result.reason;
    return [
      `Not cut over: ${reason?.message ?? "unknown"}.`,
      `The fence is down${result.downtimeMs === 0 ? "" : ` after ${result.downtimeMs} ms`}; the application writes to the source as before, and nothing is lost.`,
      ...(reason instanceof ChangeoverError ? [`Next: ${reason.hint}.`] : []),
    ].join("\n");
  }
  return [
    `Cut over: ${describeArrival(notes)}. The target is open; writes were refused for ${result.downtimeMs} ms.`,
    `${renderCountOf(result.verified.rows, "row", "were")} compared on both sides, column by column, and what changed since then again behind the fence: no difference.`,
    "The source is intact and refuses writes with a message that says where the data went. Point the application to the target now.",
    ...(result.failback
      ? [
          "The failback is open: `changeover rollback` returns to the source with every write made since, `changeover sync` keeps the source up to date meanwhile, `changeover complete` ends it.",
        ]
      : []),
    ...(result.brokenForeignKeys.length === 0
      ? []
      : [`Not validated, since rows of the source broke them already: ${result.brokenForeignKeys.join(", ")}.`]),
    ...(notes.embeddedUrl === null
      ? []
      : [`Look at it: ${notes.embeddedUrl}`, "The embedded PostgreSQL stays up until `changeover postgres stop`."]),
  ].join("\n");
}

/** The same for scripts. */
export function cutoverDocument(result: CutoverResult): Record<string, unknown> {
  return {
    ok: result.ok,
    downtime_ms: result.downtimeMs,
    verified: result.verified,
    ...(result.timeline === undefined
      ? {}
      : { timeline: result.timeline.map(({ step, durationMs }) => ({ step, duration_ms: durationMs })) }),
    phase: result.phase,
    failback: result.failback,
    ...(result.brokenForeignKeys.length === 0 ? {} : { broken_foreign_keys: result.brokenForeignKeys }),
    ...(result.ok || result.reason === undefined
      ? {}
      : {
          reason: {
            code: result.reason instanceof ChangeoverError ? result.reason.code : "BUG",
            message: result.reason.message,
          },
        }),
  };
}
