import { RefusedError } from "../errors.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { MigrationTool } from "../model/known-migrations-tables.ts";
import { profileOfTool } from "../model/orm-profile.ts";
import { tableNames } from "../plan/names/target-names.ts";
import { withoutExcluded } from "../plan/propose/shape-columns.ts";
import type { Context } from "../run/context.ts";
import { readTargetSide, type TargetSide } from "../run/read-target-side.ts";
import type { TargetSession } from "../target/target.ts";

/** Who makes the target's tables, where there are none yet. */
export interface SchemaMaker {
  /** `changeover`: the plan does, although another tool's migrations were noticed. Default: that tool is asked for. */
  readonly schemaBy?: "changeover" | "application";
  /** Makes them, by the application's own migrations. */
  readonly makeSchema?: MakeSchema;
}

export type MakeSchema = (facts: { readonly target: string; readonly signal: AbortSignal }) => Promise<void>;

/** Whether there are tables for the source's, besides those in which another tool notes its migrations. */
export async function hasTables(context: Context, { migrationsTables, target }: TargetSide): Promise<boolean> {
  const source = withoutExcluded(await context.source.read(readSchema), context.rules, { migrationsTables });
  const names = new Set(target.tables.map(({ name }) => name.toLowerCase()));
  const tools = new Set((source.tools ?? []).map(({ table }) => table));
  return [...tableNames(source, context)].some(([table, name]) => !tools.has(table) && names.has(name.toLowerCase()));
}

/** Lets the application's own migrations make the tables. What they were to make must be there afterwards. */
export async function makeBy(context: Context, session: TargetSession, makeSchema: MakeSchema): Promise<void> {
  if (await hasTables(context, await readTargetSide(session, context.rules))) {
    context.report({ kind: "step", message: "the target has tables already: the schema command is not run" });
    return;
  }
  context.report({ kind: "step", message: "the schema command makes the target's tables" });
  await makeSchema({ target: context.targetUrl, signal: context.signal });
  if (await hasTables(context, await readTargetSide(session, context.rules))) return;
  throw new RefusedError({
    code: "SCHEMA_COMMAND_MADE_NOTHING",
    message: `the schema command ended well, and ${context.target.location} has none of the source's tables`,
    hint: "it gets the target's URL in DATABASE_URL and CHANGEOVER_TARGET: see that it uses one of them",
  });
}

/**
 * Where another tool made the source's schema, its migrations make the better one in PostgreSQL: with the types that
 * its ORM expects. So it comes first, before any file is written.
 */
export async function refuseOtherMaker(context: Context, { migrationsTables }: TargetSide): Promise<void> {
  const source = withoutExcluded(await context.source.read(readSchema), context.rules, { migrationsTables });
  const tool = (source.tools ?? [])
    .map((found) => found.tool)
    .find(({ isForSqliteAlone }) => isForSqliteAlone !== true);
  if (tool !== undefined) throw ofTool(tool);
}

function ofTool({ command, name }: MigrationTool): RefusedError {
  const profile = profileOfTool(name);
  const isCommand = /^[\w./-]+ [\w:.-]/.test(command) && !command.startsWith("the ");
  return new RefusedError({
    code: "SCHEMA_OF_TOOL",
    message:
      `${name} made the source's schema, and the target has no tables: ${name}'s own migrations make the ones ` +
      "that the application expects",
    hint:
      `${isCommand ? `run \`${command}\`` : `have the tables made by ${command}`} with the target as its database; ` +
      `then run the same command again. Or let it be run: --schema-command '${isCommand ? command : "…"}'. ` +
      `Or let changeover make them: --schema-by changeover${profile === null ? "" : ` --profile ${profile}`}`,
    context: { tool: name, command },
  });
}
