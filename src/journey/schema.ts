import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RefusedError } from "../errors.ts";
import type { SchemaProposal } from "../model/proposal.ts";
import { renderMigrations } from "../plan/render-migrations.ts";
import type { Context } from "./context.ts";
import { completeFindings } from "./findings.ts";
import { inspectSource, propose } from "./inspect.ts";

export interface SchemaResult {
  readonly proposal: SchemaProposal;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** The migration files that would make the target's tables, from the source's schema and what is in it. */
export async function proposeFiles(context: Context): Promise<SchemaResult> {
  const inspected = await inspectSource(context);
  const planned = propose(inspected, context);
  const proposal = { ...planned, findings: await completeFindings(context, inspected, planned) };
  return { proposal, files: renderMigrations(proposal) };
}

/** Writes them into the migrations directory, unless there are migrations already. */
export async function writeSchema(context: Context, options: { readonly refuseBlocking?: boolean } = {}): Promise<SchemaResult> {
  const { migrationsDirectory: directory } = context;
  const present = existsSync(directory) ? readdirSync(directory).filter((file) => !file.startsWith(".")) : [];
  if (present.length > 0) {
    throw new RefusedError({
      code: "MIGRATIONS_PRESENT",
      message: `${directory} already holds files`,
      hint: "apply them with `changeover up`, or write to another place with --migrations-dir",
      context: { directory, files: present.slice(0, 10) },
    });
  }
  const result = await proposeFiles(context);
  if (options.refuseBlocking === true) refuseBlocking(result.proposal);
  mkdirSync(directory, { recursive: true });
  for (const { name, text } of result.files) writeFileSync(join(directory, name), text);
  return result;
}

/** What blocks must be answered before anything is made or moved. */
function refuseBlocking({ findings }: SchemaProposal): void {
  const blocking = findings.filter(({ severity }) => severity === "blocking");
  if (blocking.length === 0) return;
  const named = blocking.map(({ code, table, column, message }) => `${code} in ${table ?? "the schema"}${column === undefined ? "" : `, column ${column}`}: ${message}`);
  throw new RefusedError({
    code: "BLOCKED",
    message: `the source holds what cannot move as it is: ${named.join("; ")}`,
    hint: `${blocking[0]?.hint ?? "correct it in the source"}. \`changeover validate\` lists all findings; to decide yourself, write the files with \`changeover schema --write\`, edit them, and run this again`,
    context: { findings: blocking },
  });
}
