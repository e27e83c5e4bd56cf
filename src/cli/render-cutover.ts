import type { CompletedCutover } from "../api/results.ts";
import { CutoverUndoneError } from "../api/undone-error.ts";
import type { AppPreset } from "../app-preset.ts";
import { renderCount, renderCountOf } from "../status/render-count.ts";
import { renderLeftOutCount } from "../status/render-notices.ts";
import { undoneDocument } from "./error-document.ts";

export interface CutoverNotes {
  /** Where to look, of the embedded PostgreSQL. */
  readonly embeddedUrl: string | null;
  /** Things of the schema that did not come over as they were. Null: the target did not say. */
  readonly leftOut: number | null;
  /** Rows and values that were quarantined. Null: the target did not say. */
  readonly quarantined: number | null;
  /** The preset that the command was given; null for none. */
  readonly app: AppPreset | null;
}

/** "Everything" only where that is true. */
function describeArrival({ leftOut, quarantined }: CutoverNotes): string {
  if (leftOut === null || quarantined === null) return "the target has taken over";
  if (quarantined > 0)
    return (
      `every row arrived but for ${renderCount(quarantined, "row")} in ` +
      `quarantine${leftOut === 0 ? "" : `, and ${renderLeftOutCount(leftOut)}`}`
    );
  return leftOut === 0 ? "the target has everything" : `every row arrived; ${renderLeftOutCount(leftOut)}`;
}

/** A cutover for a person. */
export function renderCutover(result: CompletedCutover | CutoverUndoneError, notes: CutoverNotes): string {
  if (result instanceof CutoverUndoneError)
    return [
      `Not cut over: ${result.cause.message}.`,
      `The fence is down${result.downtimeMs === 0 ? "" : ` after ${result.downtimeMs} ms`}; ` +
        "the application writes to the source as before, and nothing is lost.",
      `Next: ${result.hint}.`,
    ].join("\n");
  return [
    ...(result.isRepeated ? describeEarlier(result) : describeNow(result, notes)),
    "The source is intact and refuses writes with a message that says where the data went. Point the application " +
      "to the target now.",
    ...(notes.app === null ? [] : renderSwitch(notes.app)),
    ...(result.failback
      ? [
          "The failback is open: `changeover rollback` returns to the source with every write made since, " +
            "`changeover sync` keeps the source up to date meanwhile, `changeover complete` ends it.",
        ]
      : []),
    ...(result.brokenForeignKeys.length === 0
      ? []
      : [`Not validated, since rows of the source broke them already: ${result.brokenForeignKeys.join(", ")}.`]),
    ...(notes.embeddedUrl === null
      ? []
      : [`Connect to it: ${notes.embeddedUrl}`, "The embedded PostgreSQL stays up until `changeover postgres stop`."]),
  ].join("\n");
}

function renderSwitch({ restart, setting, smokeTest, title }: AppPreset): string[] {
  return [`For ${title}, change ${setting}. Restart ${restart}. Then try: ${smokeTest}`];
}

function describeNow({ downtimeMs, verified }: CompletedCutover, notes: CutoverNotes): readonly string[] {
  return [
    `Cut over: ${describeArrival(notes)}. The target is open; writes were refused for ${downtimeMs} ms.`,
    `${renderCountOf(verified.rows, "row", "were")} compared on both sides, column by column, and what changed ` +
      "since then again behind the fence: no difference.",
  ];
}

/** A repeated command must not look as if it had cut over itself. */
function describeEarlier({ cutOverAt, downtimeMs }: CompletedCutover): readonly string[] {
  const when = cutOverAt === null ? "before" : `on ${cutOverAt.slice(0, 19).replace("T", " ")} UTC`;
  return [
    `Already cut over: the target took over ${when}, and writes were refused for ${downtimeMs} ms then. Nothing ` +
      "was done now.",
  ];
}

/** The same for scripts. */
export function cutoverDocument(result: CompletedCutover | CutoverUndoneError): object {
  if (!(result instanceof CutoverUndoneError)) {
    const { notices: _, ...rest } = result;
    return { ok: true, ...rest };
  }
  const { downtimeMs, phase, timeline, verified } = result;
  return { ok: false, downtimeMs, verified, timeline, phase, failback: false, ...undoneDocument(result) };
}

/** Returns the error of a cutover that was undone: that is a result for a person. Throws any other. */
export function cutoverUndone(error: unknown): CutoverUndoneError {
  if (error instanceof CutoverUndoneError) return error;
  throw error;
}
