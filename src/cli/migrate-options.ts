import type { MigrateOptions } from "../commands/migrate.ts";
import type { Config } from "../config.ts";
import { durationOf } from "../duration.ts";
import type { UndoOptions } from "../run/keep-undone-rows.ts";
import { howFar } from "./how-far.ts";
import { wholeNumber } from "./whole-number.ts";

/** What `up`, `down` and `redo` are told on the command line, and by a config file of node-pg-migrate. */
export function migrateOptions(
  options: Readonly<Record<string, unknown>>,
  positional: readonly string[],
  { createSchema, migrating }: Pick<Config, "createSchema" | "migrating"> = { createSchema: false, migrating: {} },
): MigrateOptions {
  const { lockTimeout, wait } = options;
  return {
    ...howFar(positional[0], options["timestamp"] === true),
    checkOrder: options["checkOrder"] !== false && migrating.checkOrder !== false,
    createSchema,
    fake: options["fake"] === true,
    singleTransaction: options["singleTransaction"] !== false,
    lock: options["lock"] !== false,
    verbose: options["verbose"] === true || migrating.verbose === true,
    acceptChanged: options["acceptChanged"] === true,
    ...(wait === false ? { waitMs: 0 } : typeof wait === "string" ? { waitMs: durationOf(wait, "--wait") } : {}),
    ...(typeof lockTimeout === "string" ? { lockTimeoutMs: durationOf(lockTimeout, "--lock-timeout") } : {}),
    ...(options["lockAttempts"] === undefined
      ? {}
      : { lockAttempts: wholeNumber(options["lockAttempts"], "--lock-attempts") }),
  };
}

/** What `down` and `redo` are told of the rows that they take away. */
export function undoOptions(options: Readonly<Record<string, unknown>>): UndoOptions {
  return {
    force: options["force"] === true,
    ...(typeof options["backupDir"] === "string" ? { backupDirectory: options["backupDir"] } : {}),
  };
}
