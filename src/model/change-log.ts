/** Everything that changeover adds to the source begins with this. */
export const PREFIX = "_changeover_";
export const LOG_TABLE = "_changeover_log";
export const RUN_TABLE = "_changeover_run";
export const FENCE_TABLE = "_changeover_fence";

/** The change log's column for the nth (0-based) value of a key. */
export function logKeyColumn(position: number): string {
  return `k${position + 1}`;
}
