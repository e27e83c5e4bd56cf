import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RefusedError } from "../errors.ts";
import type { SchemaProposal } from "../model/proposal.ts";
import { proposeSchema } from "../plan/propose-schema.ts";
import { renderMigrations } from "../plan/render-migrations.ts";
import type { Context } from "./context.ts";
import { inspectSource } from "./inspect.ts";

export interface SchemaResult {
  readonly proposal: SchemaProposal;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** The migration files that would make the target's tables, from the source's schema and what is in it. */
export async function proposeFiles(context: Context): Promise<SchemaResult> {
  const { schema, profiles } = await inspectSource(context);
  const proposal = proposeSchema(schema, profiles, { types: context.types });
  return { proposal, files: renderMigrations(proposal) };
}

/** Writes them into the migrations directory, unless there are migrations already. */
export async function writeSchema(context: Context): Promise<SchemaResult> {
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
  mkdirSync(directory, { recursive: true });
  for (const { name, text } of result.files) writeFileSync(join(directory, name), text);
  return result;
}
