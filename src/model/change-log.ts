/** Everything that changeover adds to the source begins with this. */
export const PREFIX = "_changeover_";
export const LOG_TABLE = "_changeover_log";
export const RUN_TABLE = "_changeover_run";
/** At a server: its one row holds the mark of the last transaction of ours. */
export const COMMIT_TABLE = "_changeover_commit";
/**
 * Its one row says until when writes are refused, in milliseconds since 1970. NULL: the fence is sealed, and the target
 * is about to commit. Without a row no write is refused.
 */
export const FENCE_TABLE = "_changeover_fence";
/** In place of that time: the target has committed, and the application is to write there from now on. */
export const HANDED_OVER = -1;
/** What a failback has brought to the source since the cutover. */
export const RETURN_TABLE = "_changeover_failback";

/** The change log's column for the nth (0-based) value of a key. */
export function logKeyColumn(position: number): string {
  return `k${position + 1}`;
}

/**
 * How each refusal of a fence begins, on either side, for programs: `CHANGEOVER_FENCED state=… target=…: …`, or
 * `source=…` where the data has not moved yet.
 */
export const FENCED = "CHANGEOVER_FENCED";
