/** The public API: a migration, its options and results, errors, and the embedded PostgreSQL. */

export type { SourceCopy } from "./backup/copy-source.ts";
export type { RowBackup } from "./backup/keep-rows.ts";
export type { RestoredTable, RestoreOptions, RestoreResult } from "./backup/restore-backup.ts";
export { type ConfigFile, defineConfig } from "./config.ts";
export { type EmbeddedPostgres, embeddedStatus, openEmbedded, stopEmbedded } from "./db/embedded.ts";
export type { QuarantineCount, QuarantineEntry } from "./db/quarantine.ts";
export * from "./errors.ts";
export type { HistoryEntry } from "./history/store.ts";
export type { BackedUp, BackupOptions } from "./journey/back-up-source.ts";
export type { CheckedRow, CheckedTable, CheckOptions, CheckResult } from "./journey/check.ts";
export type { CleanOptions } from "./journey/clean.ts";
export type { CompleteResult } from "./journey/complete.ts";
export type { Announcement, Confirm } from "./journey/confirmation.ts";
export type { CutoverResult } from "./journey/cutover.ts";
export type { Unverified } from "./journey/data.ts";
export type { HistoryOptions } from "./journey/history.ts";
export type { HookFacts, HookName, Hooks } from "./journey/hooks.ts";
export type { FullResult } from "./journey/kept.ts";
export type { MigrationsOptions } from "./journey/migrate.ts";
export { type CutOver, type OnCutoverOptions, onCutover } from "./journey/on-cutover.ts";
export type { Rehearsal, RehearsedCheck } from "./journey/rehearse.ts";
export type { RetryResult } from "./journey/retry-quarantine.ts";
export type { ReturnResult } from "./journey/return-to-source.ts";
export type { RollbackResult, UndoneResult } from "./journey/roll-back.ts";
export type { SchemaResult } from "./journey/schema.ts";
export type { SyncedBatch, SyncResult } from "./journey/sync-until.ts";
export type { UndoOptions } from "./journey/undo.ts";
export type { ValidateOptions, ValidateResult } from "./journey/validate.ts";
export type { When } from "./journey/when.ts";
export type { Report, ReportEvent } from "./log.ts";
export type { PlannedChange } from "./migrate/dry-run.ts";
export { type NewMigration, newMigration } from "./migrate/new-migration.ts";
export type { RollbackFile } from "./migrate/rollback-file.ts";
export type { MigrationStatus } from "./migrate/status.ts";
export {
  type AppliedFile,
  type CutoverOptions,
  type FullOptions,
  type Migration,
  type MigrationOptions,
  openMigration,
  type QuarantinePage,
  type RehearsalOptions,
  type RollbackOptions,
  type SyncOptions,
} from "./migration.ts";
export { FINDING_CODES, type FindingCode } from "./model/finding-code.ts";
export { type KeyValue, showTuple, type Tuple } from "./model/key.ts";
export type { ConfirmedBy, Notice, ObjectKind } from "./model/left-out.ts";
export type { Finding, SchemaProposal } from "./model/proposal.ts";
export type { ColumnRules, NullAndEmpty, OnBadValue, Rules, SuggestedRule, TableRules } from "./model/rules.ts";
export type { Phase } from "./model/run.ts";
export type { Warning } from "./prove/lint/warning.ts";
export { PROBLEM_CODES, type ProblemCode, WARNING_CODES, type WarningCode } from "./prove/proof-code.ts";
export { type Proof, type ProvedMigration, type ProveOptions, proveMigrations } from "./prove/prove.ts";
export type { Problem } from "./prove/step-proof.ts";
export type { Status } from "./status/status.ts";
