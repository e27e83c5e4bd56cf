import { captureOwner } from "../capture/install.ts";
import { ChangeoverError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { isFenceSealed, isFenceUp, isHandedOver } from "../source/fence/fence.ts";
import type { SourceState } from "../status/status.ts";
import type { Context } from "./context.ts";
import { isSourceOf } from "./source-door/source-door.ts";

/**
 * What the source that the user named says of itself: never a word about one that was not looked at. Refuses nothing.
 */
export async function readSourceState(context: Context, run: Run): Promise<SourceState | null> {
  if (!context.hasSource) return null;
  try {
    const { identity, location } = context.source;
    const isRunSource = isSourceOf(run, identity);
    return await context.source.read(async (tx) => {
      const fence = (await isHandedOver(tx))
        ? "handed-over"
        : (await isFenceSealed(tx))
          ? "sealed"
          : (await isFenceUp(tx))
            ? "raised"
            : "none";
      const isCaptured = (await captureOwner(tx))?.run === run.id;
      const last = run.captured && isRunSource && isCaptured ? await lastLogged(tx) : null;
      return { kind: "seen", location, isRunSource, fence, lastLogged: last };
    });
  } catch (error) {
    if (!(error instanceof ChangeoverError)) throw error;
    return { kind: "unreadable", code: error.code, message: error.message };
  }
}
