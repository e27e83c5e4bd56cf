import type { ErrorTable } from "./error-meaning.ts";

/** The cutover, the failback and the end of a run. */
export const CUTOVER_ERRORS = {
  CUTOVER_UNDONE: {
    meaning: "The cutover failed and was undone. The application writes to the source as before.",
    next: "The error's `reason` and hint say why; run `changeover cutover` again afterwards.",
  },
  QUERIES_FAILED: {
    meaning: "The application's statements that `--require-queries` names do not all work in PostgreSQL.",
    next: "`changeover queries FILE` says of each what to do.",
  },
  CUTOVER_TIMEOUT: {
    meaning: "The cutover took, or would take, longer than `--max-downtime`.",
    next: "Run it when the application writes less, or allow more time.",
  },
  CUTOVER_DIFFERENCES: {
    meaning: "Rows that changed since the verification differ behind the fence.",
    next: "`changeover check` names them.",
  },
  CUTOVER_UNKNOWN: {
    meaning: "The target was lost during its commit, so the source stays fenced.",
    next: "Run `changeover cutover` as soon as the target answers: it finds out and ends it.",
  },
  FENCE_EXPIRED: {
    meaning: "The fence stood for its whole time, fell by itself, and a write came.",
    next: "Run the same command again, with more `--max-downtime` if it recurs.",
  },
  FENCE_INCOMPLETE: {
    meaning: "Triggers of the fence are missing, so it was not raised.",
    next: "Run `changeover cutover` again: it prepares the fence again.",
  },
  FENCE_NOT_REMOVED: {
    meaning: "The cutover was undone, but the source's fence could not be removed.",
    next: "Run `changeover cutover` or `changeover sync` as soon as the source can be written.",
  },
  NOT_CUT_OVER: {
    meaning: "The command needs a run that is cut over.",
    next: "Run `changeover cutover` first.",
  },
  ALREADY_CUT_OVER: {
    meaning: "The run is cut over and has no failback.",
    next: "To open the old source without later writes, run `changeover clean`.",
  },
  COMPLETED: {
    meaning: "The run is complete, and its failback was removed.",
    next: "To open the old source without later writes, run `changeover clean`.",
  },
  RETURNED: {
    meaning: "The run has failed back; the target is no longer written to.",
    next: "`changeover sync` goes forward again.",
  },
  FAILBACK_UNDONE: {
    meaning: "The failback failed and was undone. The application writes to PostgreSQL as before.",
    next: "The error's `reason` and hint say why; run `changeover rollback` again afterwards.",
  },
  FAILBACK_TIMEOUT: {
    meaning: "The failback took longer than `--max-downtime`.",
    next: "Run it when the application writes less, or allow more time.",
  },
  FAILBACK_LOSES_DATA: {
    meaning: "PostgreSQL holds what the source cannot hold.",
    next: "Change these values, or accept the loss with `--accept-loss`.",
  },
  FAILBACK_HALFWAY: {
    meaning: "A failback was interrupted just before its end; both databases refuse writes.",
    next: "Run `changeover rollback`: it ends within seconds.",
  },
  FAILBACK_KEY_CHANGED: {
    meaning: "A key column was dropped, renamed or retyped in PostgreSQL since the cutover.",
    next: "Restore the column, or end the run with `changeover complete`.",
  },
  FAILBACK_WITHOUT_KEY: {
    meaning: "A row in PostgreSQL has NULL in its key and cannot go back.",
    next: "Give the row a key, or delete it.",
  },
  KEY_CANNOT_RETURN: {
    meaning: "Keys in the source have a spelling that PostgreSQL's values do not show.",
    next: "`changeover complete` ends the run without a failback.",
  },
  ROW_CANNOT_RETURN: {
    meaning: "The source refuses a row, such as by a constraint.",
    next: "Change the row in PostgreSQL, and run the same command again.",
  },
  VALUE_CANNOT_RETURN: {
    meaning: "A value in PostgreSQL has no equal in the source.",
    next: "Change the value in PostgreSQL, and run the same command again.",
  },
} as const satisfies ErrorTable;
