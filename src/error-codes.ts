import { BACKUP_ERRORS } from "./error-codes/backup-errors.ts";
import { CONNECTION_ERRORS } from "./error-codes/connection-errors.ts";
import { CUTOVER_ERRORS } from "./error-codes/cutover-errors.ts";
import type { ErrorMeaning } from "./error-codes/error-meaning.ts";
import { MIGRATION_ERRORS } from "./error-codes/migration-errors.ts";
import { RUN_ERRORS } from "./error-codes/run-errors.ts";
import { SOURCE_ERRORS } from "./error-codes/source-errors.ts";
import { TARGET_ERRORS } from "./error-codes/target-errors.ts";
import { USAGE_ERRORS } from "./error-codes/usage-errors.ts";

/** All error codes by subject, in the order of the reference page. */
export const ERROR_GROUPS = {
  "Options and config": USAGE_ERRORS,
  Source: SOURCE_ERRORS,
  Target: TARGET_ERRORS,
  "Connection to the target": CONNECTION_ERRORS,
  "Run, copy and verification": RUN_ERRORS,
  "Cutover and failback": CUTOVER_ERRORS,
  Migrations: MIGRATION_ERRORS,
  Backups: BACKUP_ERRORS,
} as const;

const ERRORS = {
  ...USAGE_ERRORS,
  ...SOURCE_ERRORS,
  ...TARGET_ERRORS,
  ...CONNECTION_ERRORS,
  ...RUN_ERRORS,
  ...CUTOVER_ERRORS,
  ...MIGRATION_ERRORS,
  ...BACKUP_ERRORS,
} as const;

/** The code of every error that changeover throws: stable, to be matched by scripts. */
export type ErrorCode = keyof typeof ERRORS;

/** What each error code means, and what to do next. */
export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorMeaning>> = ERRORS;

/** Whether a text is the code of an error of changeover. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
