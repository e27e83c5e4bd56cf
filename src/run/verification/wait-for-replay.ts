import { RefusedError } from "../../errors.ts";
import type { Run } from "../../model/run.ts";
import { pause } from "../../retry.ts";
import { stateOf } from "../../target/state-schema.ts";
import type { TargetSession } from "../../target/target.ts";

const NO_PROGRESS_MS = 300_000;

/** Waits for the sync to come nearer, in this or another process; throws once it does not for minutes. */
export function waitForReplay(
  session: TargetSession,
  run: Run,
  isPaused: () => boolean = () => false,
): () => Promise<void> {
  let seen = { watermark: "", at: performance.now() };
  return async () => {
    await pause(100);
    const [row] = await session.rows<{ watermark: string }>(
      `select watermark::text from ${stateOf(session)}.run where id = $1`,
      [run.id],
    );
    if (isPaused() || (row !== undefined && row.watermark !== seen.watermark))
      seen = { watermark: row?.watermark ?? seen.watermark, at: performance.now() };
    if (performance.now() - seen.at > NO_PROGRESS_MS) throw tooFarBehind();
  };
}

function tooFarBehind(): RefusedError {
  return new RefusedError({
    code: "REPLICATION_LAG_TOO_HIGH",
    message: "the target is too far behind the source to be compared, and has not come nearer for 5 minutes",
    hint:
      "see that `changeover sync` runs and catches up (`changeover status` shows the lag); then run the " +
      "same command again",
  });
}
