import type { ColumnDefinitions } from "node-pg-migrate";
import type { DBConnection } from "node-pg-migrate/db";
import type { MigrationAction } from "node-pg-migrate/migration";
import type { MigrationBuilder } from "node-pg-migrate/migrationBuilder";
import type { MigrationBuilderActions } from "node-pg-migrate/sqlMigration";
import { MigrationFileError, messageOf } from "../../errors.ts";
import type { MigrationPlace } from "./migration-place.ts";
import type { MigrationFile } from "./read-migration-files.ts";

export type Direction = "up" | "down";

/** The statements that a migration file would run. */
export interface Steps {
  readonly sql: readonly string[];
  /** False if the file calls `pgm.noTransaction()`. */
  readonly transaction: boolean;
}

export interface LoadedMigration extends MigrationFile {
  /** Runs the file's function, which may query the given database, and collects the SQL. */
  steps(direction: Direction, database: DBConnection): Promise<Steps>;
  /** False for a SQL file without a down section, and for a file with `down = false`. */
  readonly undoes: boolean;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Loads files as node-pg-migrate does: SQL files by their comments, others as modules. Column shorthands of one file
 * apply to later files, too.
 */
export async function loadMigrations(
  files: readonly MigrationFile[],
  { decamelize = false }: Pick<MigrationPlace, "decamelize"> = {},
): Promise<LoadedMigration[]> {
  let shorthands: ColumnDefinitions = {};
  const loaded: LoadedMigration[] = [];
  for (const file of files) {
    const { up, down, ...rest } = await actionsOf(file);
    shorthands = { ...shorthands, ...rest.shorthands };
    const known = { ...shorthands };
    loaded.push({
      ...file,
      undoes: down !== false,
      async steps(direction, database) {
        const action = direction === "up" ? up : (down ?? up);
        if (typeof action !== "function") throw noHalf(file, direction);
        const { MigrationBuilder } = await import("node-pg-migrate/migrationBuilder");
        const pgm = new MigrationBuilder(database, known, decamelize, SILENT);
        if (direction === "down" && down === undefined) pgm.enableReverseMode();
        await perform(action, pgm);
        return { sql: [...pgm.getSqlSteps()], transaction: pgm.isUsingTransaction() };
      },
    });
  }
  return loaded;
}

async function actionsOf(file: MigrationFile): Promise<MigrationBuilderActions> {
  if (file.file.endsWith(".sql")) {
    // Its text is here already: a thousand files need not be read again.
    const { getActions } = await import("node-pg-migrate/sqlMigration");
    return getActions(file.text);
  }
  const { loadMigrationUnits } = await import("node-pg-migrate/migrationLoader");
  try {
    const [unit] = await loadMigrationUnits({ logger: SILENT }, [file.path]);
    if (unit !== undefined) return unit.actions;
  } catch (cause) {
    throw new MigrationFileError({
      code: "MIGRATION_UNREADABLE",
      message: `migration ${file.name} cannot be loaded: ${messageOf(cause)}`,
      hint: `correct ${file.path}; nothing was run`,
      context: { file: file.name },
      cause,
    });
  }
  throw new RangeError(`${file.path} was not loaded`);
}

/** Runs a file's function, which either returns a promise or takes a callback. */
async function perform(action: MigrationAction, pgm: MigrationBuilder): Promise<void> {
  if (action.length === 2) await new Promise<void>((resolve) => void action(pgm, resolve));
  else await action(pgm);
}

function noHalf(file: MigrationFile, direction: Direction): MigrationFileError {
  return new MigrationFileError({
    code: direction === "down" ? "MIGRATION_NO_DOWN" : "MIGRATION_NO_UP",
    message:
      `migration ${file.name} has no ${direction} section, so it cannot be ` +
      `${direction === "down" ? "undone" : "applied"}`,
    hint:
      direction === "down"
        ? "undo its changes by a new migration (`changeover new NAME`), or write its down section"
        : `write it in ${file.path}`,
    context: { file: file.name },
  });
}
