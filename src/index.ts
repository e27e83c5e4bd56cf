/** The public API: a migration, its options and results, errors, and the embedded PostgreSQL. */
export { type ConfigFile, defineConfig } from "./config.ts";
export { type EmbeddedPostgres, embeddedStatus, openEmbedded, stopEmbedded } from "./db/embedded.ts";
export type { MigrationStatus } from "./db/migrate.ts";
export * from "./errors.ts";
export type { CheckResult, CheckedRow, CheckedTable } from "./journey/check.ts";
export type { CutoverResult } from "./journey/cutover.ts";
export type { RollbackResult } from "./journey/roll-back.ts";
export type { SchemaResult } from "./journey/schema.ts";
export type { SyncResult } from "./journey/sync-until.ts";
export type { ValidateResult } from "./journey/validate.ts";
export type { Report, ReportEvent } from "./log.ts";
export { type CutoverOptions, type FullOptions, type FullResult, type Migration, type MigrationOptions, type SyncOptions, openMigration } from "./migration.ts";
export { FINDING_CODES, type FindingCode } from "./model/finding-code.ts";
export { type KeyValue, type Tuple, showTuple } from "./model/key.ts";
export type { Finding, SchemaProposal } from "./model/proposal.ts";
export type { Phase } from "./model/run.ts";
export type { Status } from "./status/status.ts";
