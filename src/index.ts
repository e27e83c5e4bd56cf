/** The public API: a migration, its options and results, errors, and the embedded PostgreSQL. */

export type { AppliedFile, MigrationFiles } from "./api/migration-files.ts";
export type {
  CutoverOptions,
  DataOptions,
  FullOptions,
  MigrateOptions,
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
export type { CheckOptions } from "./commands/check.ts";
export type { CleanOptions } from "./commands/clean.ts";
export type { CompleteResult } from "./commands/complete.ts";
export type { Unverified } from "./commands/data.ts";
export type { HistoryOptions } from "./commands/history.ts";
export type { FullResult } from "./commands/history-details.ts";
export { type CutOver, type OnCutoverOptions, onCutover } from "./commands/on-cutover.ts";
export type { Rehearsal, RehearsedCheck } from "./commands/rehearse.ts";
export type { RetryResult } from "./commands/retry-quarantine.ts";
export type { RollbackResult, UndoneResult } from "./commands/roll-back.ts";
export type { SchemaResult } from "./commands/schema.ts";
export type { ValidateOptions, ValidateResult } from "./commands/validate.ts";
export { type ConfigFile, defineConfig } from "./config.ts";
export type { CutoverResult } from "./cutover/cutover-run.ts";
export type { HookFacts, HookName, Hooks } from "./cutover/hooks.ts";
export type { PostponeCondition } from "./cutover/postpone-condition.ts";
export { type EmbeddedPostgres, embeddedStatus, openEmbedded, stopEmbedded } from "./embedded/embedded.ts";
export * from "./errors.ts";
export type { EventFacts, EventListener, MigrationEvent, ProgressEvent, StepEvent, WarningEvent } from "./events.ts";
export type { FailbackResult } from "./failback/failback-result.ts";
export { type Migration, openMigration } from "./migration.ts";
export { FINDING_CODES, type FindingCode } from "./model/finding-code.ts";
export { type KeyValue, showTuple, type Tuple } from "./model/key.ts";
export type { ConfirmedBy, Notice, ObjectKind } from "./model/left-out.ts";
export type { Finding, SchemaProposal } from "./model/proposal.ts";
export type { ColumnRules, NullAndEmpty, OnBadValue, Rules, SuggestedRule, TableRules } from "./model/rules.ts";
export type { Phase } from "./model/run.ts";
export type { BackedUp, BackupOptions } from "./run/back-up-source.ts";
export type { Announcement, Confirm } from "./run/confirmation.ts";
export type { SyncedBatch, SyncResult } from "./run/follow-until.ts";
export type { HistoryEntry } from "./run/history/store.ts";
export type { UndoOptions } from "./run/keep-undone-rows.ts";
export type { CheckedRow, CheckedTable, CheckResult } from "./run/verification/check-result.ts";
export type { RestoredTable, RestoreOptions, RestoreResult } from "./schema/backup/restore-backup.ts";
export type { RowBackup } from "./schema/backup/row-guard.ts";
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
export type { SourceCopy } from "./source/copy-source.ts";
export type { Status } from "./status/status.ts";
export type { QuarantineCount, QuarantineEntry } from "./target/store/quarantine-store.ts";
