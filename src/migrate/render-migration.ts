import { MigrationBuilder, jiti } from "node-pg-migrate";
import type { TargetReader } from "../db/target.ts";
import { MigrationFileError, messageOf } from "../errors.ts";
import type { MigrationSource } from "./read-migrations.ts";

/** One direction of a migration as the SQL that it runs. */
export interface MigrationSql {
  readonly steps: readonly MigrationStep[];
  /** Whether it runs in a transaction. A script can do without: `pgm.noTransaction()`. */
  readonly transaction: boolean;
  /** Whether the script asks the database something, on which its SQL may depend. */
  readonly queries: boolean;
}

export interface MigrationStep {
  readonly sql: string;
  /** Where it begins in the file; null where a script built it. */
  readonly line: number | null;
}

export interface RenderOptions {
  readonly direction: "up" | "down";
  /** Answers what scripts ask; without it they find no rows. */
  readonly reader?: TargetReader;
}

type Action = ((pgm: MigrationBuilder, done?: () => void) => unknown) | false;
type Shorthands = ConstructorParameters<typeof MigrationBuilder>[1];

/** A migration that is ready to say its SQL. */
export interface LoadedMigration {
  readonly source: MigrationSource;
  readonly actions: Actions | null;
  /** Of this file and those before it. */
  readonly shorthands: Shorthands;
}

interface Actions {
  readonly up?: Action;
  readonly down?: Action;
  readonly shorthands?: Shorthands;
}

/** Loads the scripts among the files, which are given in order: shorthands of one hold for those after it. */
export async function loadMigrations(sources: readonly MigrationSource[]): Promise<LoadedMigration[]> {
  const loaded: LoadedMigration[] = [];
  let shorthands: Shorthands;
  for (const source of sources) {
    const actions = source.language === "sql" ? null : await load(source);
    shorthands = { ...shorthands, ...actions?.shorthands };
    loaded.push({ source, actions, shorthands });
  }
  return loaded;
}

/** The SQL of a migration; null where it cannot go in that direction. */
export async function renderMigration(migration: LoadedMigration, options: RenderOptions): Promise<MigrationSql | null> {
  const { actions, shorthands, source } = migration;
  return actions === null ? renderSqlFile(source.text, options.direction) : renderScript(source, actions, shorthands, options);
}

/** As node-pg-migrate divides a file: by its two comments, in either order. */
function renderSqlFile(text: string, direction: "up" | "down"): MigrationSql | null {
  const up = text.search(/^\s*--[\s-]*up\s+migration/im);
  const down = text.search(/^\s*--[\s-]*down\s+migration/im);
  const start = direction === "up" ? Math.max(up, 0) : down;
  if (start < 0) return null;
  const other = direction === "up" ? down : up;
  const end = direction === "up" && up < 0 ? text.length : other > start ? other : text.length;
  return { steps: [{ sql: text.slice(start, end), line: lineAt(text, start) }], transaction: true, queries: false };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

async function load({ file, path }: MigrationSource): Promise<Actions> {
  try {
    return await jiti.import<Actions>(path);
  } catch (cause) {
    throw notRendered(file, cause);
  }
}

async function renderScript({ file }: MigrationSource, actions: Actions, shorthands: Shorthands, { direction, reader }: RenderOptions): Promise<MigrationSql | null> {
  // A script without a down is undone by its up, backwards.
  const reverse = direction === "down" && actions.down === undefined;
  const action = reverse ? actions.up : actions[direction];
  if (typeof action !== "function") return null;
  let queries = false;
  const ask = async (given: unknown, values?: unknown): Promise<Record<string, unknown>[]> => {
    queries = true;
    return reader === undefined ? [] : reader.rows(textOf(given), parametersOf(given, values));
  };
  const database = { query: async (given: unknown, values?: unknown) => ({ rows: await ask(given, values) }), select: ask };
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  try {
    const builder = new MigrationBuilder(database as unknown as ConstructorParameters<typeof MigrationBuilder>[0], shorthands, false, quiet);
    if (reverse) builder.enableReverseMode();
    if (action.length === 2) await new Promise<void>((done) => void action(builder, done));
    else await action(builder);
    return { steps: builder.getSqlSteps().map((sql) => ({ sql, line: null })), transaction: builder.isUsingTransaction(), queries };
  } catch (cause) {
    if (reverse && /automatically infer down/.test(messageOf(cause))) return null;
    throw notRendered(file, cause);
  }
}

function textOf(given: unknown): string {
  return typeof given === "string" ? given : String((given as { text: unknown }).text);
}

function parametersOf(given: unknown, values: unknown): readonly string[] {
  const found = values ?? (typeof given === "string" ? [] : ((given as { values?: unknown }).values ?? []));
  return (found as unknown[]).map(String);
}

function notRendered(file: string, cause: unknown): MigrationFileError {
  return new MigrationFileError({
    code: "MIGRATION_UNREADABLE",
    message: `${file} does not say what it would run: ${messageOf(cause)}`,
    hint: "correct the file; a script may ask the database with pgm.db.select, but must not write before its statements run",
    context: { file },
    cause,
  });
}
