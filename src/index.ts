/**
 * The public API. Methods throw a {@link ChangeoverError} when they fail; only `check`, `validate`, `rehearse` and
 * `prove` return a bad answer as their result (`ok: false`). Durations are in milliseconds, sizes in bytes, and every
 * count, id and watermark is a number. Names are in camelCase; `--json` has the same fields in snake_case.
 */

export { DifferencesError } from "./api/differences-error.ts";
export type { AppliedFile, MigrationFiles } from "./api/migration-files.ts";
export type {
  CutoverOptions,
  DataOptions,
  FullOptions,
  MigrationOptions,
  QuarantineFilter,
  QuarantinePage,
  RehearsalOptions,
  RollbackOptions,
  SchemaOptions,
  SyncOptions,
  UndoMigrationsOptions,
} from "./api/options.ts";
export type { Quarantine } from "./api/quarantine-view.ts";
export type { RunColumn, RunTable } from "./api/read-tables.ts";
export type {
  CommittedBatch,
  CompletedCutover,
  CompletedData,
  CompletedFailback,
  CompletedFull,
  CompletedRollback,
  CompletedRun,
  CompletedSync,
  HistoryItem,
  QuarantineItem,
  QuarantineTotals,
  RemovedRun,
  TimedStep,
  WithBackup,
} from "./api/results.ts";
export { CutoverUndoneError, FailbackUndoneError } from "./api/undone-error.ts";
export type { RunWatch } from "./api/watch-run.ts";
export type { CheckOptions } from "./commands/check.ts";
export type { CleanOptions } from "./commands/clean.ts";
export type { HistoryOptions } from "./commands/history.ts";
export type { MigrateOptions } from "./commands/migrate.ts";
export { type CutOver, type OnCutoverOptions, onCutover } from "./commands/on-cutover.ts";
export type { QueriesOptions, QueriesResult } from "./commands/queries.ts";
export type { Rehearsal, RehearsedCheck } from "./commands/rehearse.ts";
export type { RetryResult } from "./commands/retry-quarantine.ts";
export type { SchemaResult } from "./commands/schema.ts";
export type { ValidateOptions, ValidateResult } from "./commands/validate.ts";
export { defineConfig } from "./config.ts";
export type { ConfigFile } from "./config-file.ts";
export type { HookFacts, HookName, Hooks } from "./cutover/hooks.ts";
export type { PostponeCondition } from "./cutover/postpone-condition.ts";
export { type EmbeddedPostgres, embeddedStatus, openEmbedded, stopEmbedded } from "./embedded/embedded.ts";
export { type InstallEmbeddedOptions, type InstalledServer, installEmbedded } from "./embedded/install-server.ts";
export type { ErrorMeaning } from "./error-codes/error-meaning.ts";
export { ERROR_CODES, type ErrorCode, isErrorCode } from "./error-codes.ts";
export {
  ChangeoverError,
  DriftError,
  type ErrorDetails,
  InterruptedError,
  MigrationFileError,
  RefusedError,
  SourceError,
  TargetError,
  UsageError,
  ValueError,
} from "./errors.ts";
export type {
  EventFacts,
  EventListener,
  MigrationEvent,
  ProgressEvent,
  StepEvent,
  WarningEvent,
} from "./events.ts";
export type { AcceptLosses } from "./failback/present-run.ts";
export { type Fence, fencedBy } from "./fenced-by.ts";
export type { EventPhase } from "./log.ts";
export { type Migration, openMigration } from "./migration.ts";
export type { ControlAction, ControlCommand, Steering } from "./model/control.ts";
export type { FailbackLoss, LossKind } from "./model/failback-loss.ts";
export { FINDING_CODES, type FindingCode } from "./model/finding-code.ts";
export { type KeyValue, showTuple, type Tuple } from "./model/key.ts";
export type { ConfirmedBy, Notice, ObjectKind } from "./model/left-out.ts";
export type { LoadSample } from "./model/load-sample.ts";
export type { Finding, SchemaProposal } from "./model/proposal.ts";
export type { ColumnRules, NullAndEmpty, OnBadValue, Rules, SuggestedRule, TableRules } from "./model/rules.ts";
export type { Phase, VerificationTotals } from "./model/run.ts";
export type { RowDifference } from "./queries/compare-rows.ts";
export type { ConstructCode } from "./queries/constructs.ts";
export type { Cause } from "./queries/find-causes.ts";
export type { ParameterClass, QueryParameter } from "./queries/parameters.ts";
export type { QueryTables } from "./queries/query-tables.ts";
export type { QueryVerdict, VerdictKind } from "./queries/query-verdict.ts";
export type { QueryStatement } from "./queries/statement.ts";
export {
  type QueryChange,
  type QueryTranslation,
  type TranslateQueryOptions,
  translateQuery,
} from "./queries/translate-query.ts";
export type { BackupOptions } from "./run/back-up-source.ts";
export type { Announcement, Confirm } from "./run/confirmation.ts";
export type { UndoOptions } from "./run/keep-undone-rows.ts";
export type { ControlOptions, ControlResult } from "./run/steering/ask-control.ts";
export type { CheckedRow, CheckedTable, CheckResult } from "./run/verification/check-result.ts";
export type { TakenAway, UndoneFile } from "./schema/backup/forecast-undo.ts";
export type { RestoredTable, RestoreOptions, RestoreResult } from "./schema/backup/restore-backup.ts";
export type { RowBackup } from "./schema/backup/row-guard.ts";
export type { HowFar } from "./schema/migrate/choose-changes.ts";
export type { PlannedChange } from "./schema/migrate/dry-run.ts";
export type { MigrationStatus } from "./schema/migrate/migration-status.ts";
export { type NewMigration, newMigration } from "./schema/migrate/new-migration.ts";
export type { RollbackFile } from "./schema/migrate/rollback-file.ts";
export type { Warning } from "./schema/prove/lint/warning.ts";
export { PROBLEM_CODES, type ProblemCode, WARNING_CODES, type WarningCode } from "./schema/prove/proof-code.ts";
export {
  type Proof,
  type ProvedMigration,
  type ProveOptions,
  proveMigrations,
} from "./schema/prove/prove-migrations.ts";
export type { Problem } from "./schema/prove/step-proof.ts";
export type { UntriedStatement } from "./schema/prove/untried.ts";
export type { SourceCopy } from "./source/copy-source.ts";
export type { Status, StatusTable } from "./status/status.ts";
