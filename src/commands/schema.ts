import { existsSync } from "node:fs";
import { RefusedError } from "../errors.ts";
import type { Finding, SchemaProposal } from "../model/proposal.ts";
import { findByName } from "../plan/propose/map-tables.ts";
import { renderMigrations } from "../plan/render/render-migrations.ts";
import type { Context } from "../run/context.ts";
import { isMigrationsTable } from "../run/contract.ts";
import { completeFindings } from "../run/findings.ts";
import { type Inspected, inspectSource, propose } from "../run/inspect.ts";
import type { TargetSide } from "../run/read-target-side.ts";
import { tryOnTarget } from "../run/try-proposal.ts";
import { preload } from "../schema/migrate/preload.ts";
import { filesIn } from "../schema/migrate/read-migration-files.ts";
import { refuseUnwritable, writeMigrationFiles } from "../schema/migrate/write-migration-files.ts";

/** The proposed schema, and its migration files. */
export interface SchemaResult {
  /** The plan: tables, columns, findings. */
  readonly proposal: SchemaProposal;
  /** The migration files, in order. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

export interface ProposeOptions {
  /** Whether what has a translation is tried on the target, in a transaction that is rolled back. Default: true. */
  readonly target?: boolean;
}

/** The migration files that would make the target's tables, from the source's schema and what is in it. */
export async function proposeFiles(context: Context, options: ProposeOptions = {}): Promise<SchemaResult> {
  return proposeFrom(
    context,
    await inspectSource(context, { target: null, asksTarget: options.target !== false }),
    options,
  );
}

async function proposeFrom(context: Context, inspected: Inspected, options: ProposeOptions): Promise<SchemaResult> {
  const untried = propose(inspected, context);
  const planned = options.target === false ? untried : await tryOnTarget(context, untried, inspected.schema);
  const proposal = { ...planned, findings: await completeFindings(context, inspected, planned) };
  return { proposal, files: renderMigrations(proposal) };
}

/** Writes them into the migrations directory, unless there are migrations already. */
export async function writeSchema(context: Context, options: ProposeOptions = {}): Promise<SchemaResult> {
  refuseFilled(context);
  const result = await proposeFiles(context, options);
  writeMigrationFiles(context.migrationsDirectory, result.files);
  return result;
}

export interface SchemaForRun extends TargetSide {
  /** Called before anything is written; what it throws stops the run. */
  readonly confirm: (findings: readonly Finding[]) => Promise<void>;
}

/**
 * The same for a run that goes on at once: findings that block stop it here. What was seen of the source serves the run
 * as well.
 * Another tool's table that the target has already, empty, is not made again.
 */
export async function writeSchemaForRun(
  context: Context,
  { confirm, migrationsTables, target }: SchemaForRun,
): Promise<SchemaResult & { readonly inspected: Inspected }> {
  refuseFilled(context);
  const inspected = await inspectSource(context, { target: null, migrationsTables, meanwhile: preload });
  const whole = await proposeFrom(context, inspected, {});
  const tables = whole.proposal.tables.filter(
    ({ name, source }) => !(isMigrationsTable(inspected, source) && findByName(target.tables, name) !== undefined),
  );
  const result =
    tables.length === whole.proposal.tables.length
      ? whole
      : { ...whole, files: renderMigrations({ ...whole.proposal, tables }) };
  refuseBlocking(result.proposal);
  await confirm(result.proposal.findings);
  writeMigrationFiles(context.migrationsDirectory, result.files);
  return { ...result, inspected };
}

function refuseFilled(context: Context): void {
  const { migrationsDirectory: directory } = context;
  refuseUnwritable(directory);
  const present = existsSync(directory) ? filesIn(directory).filter((file) => !file.startsWith(".")) : [];
  if (present.length > 0) {
    throw new RefusedError({
      code: "MIGRATIONS_PRESENT",
      message: `${directory} already holds files`,
      hint: "apply them with `changeover up`, or write to another place with --migrations-dir",
      context: { directory, files: present.slice(0, 10) },
    });
  }
}

/** What blocks must be answered before anything is made or moved. */
function refuseBlocking({ findings }: SchemaProposal): void {
  const blocking = findings.filter(({ severity }) => severity === "blocking");
  if (blocking.length === 0) return;
  const named = blocking.map(
    ({ code, table, column, message }) =>
      `${code} in ${table ?? "the schema"}${column === undefined ? "" : `, column ${column}`}: ${message}`,
  );
  throw new RefusedError({
    code: "BLOCKING_FINDINGS",
    message: `the source holds what cannot move as it is: ${named.join("; ")}`,
    hint:
      `${blocking[0]?.hint ?? "correct it in the source"}. \`changeover validate\` lists all findings; ` +
      `to decide yourself, write the files with \`changeover schema --write\`, edit them, and run this ` +
      `again`,
    context: { findings: blocking },
  });
}
