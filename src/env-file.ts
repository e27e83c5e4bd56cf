import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import * as util from "node:util";
import { UsageError } from "./errors.ts";

/** What the `.env` of a directory says; null where there is none. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Why it says nothing; null where it was read. */
  readonly unread: string | null;
}

/** Reads `.env` by Node's own parser, as `node --env-file` does. A directory of that name is a Python environment's. */
export function readEnvFile(directory: string, given?: string): EnvFile | null {
  const path = given === undefined ? join(directory, ".env") : resolve(directory, given);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    if (given === undefined) return null;
    throw new UsageError({
      code: "CONFIG_INVALID",
      message: `there is no file ${path}`,
      hint: "check the path given to --envPath",
    });
  }
  const { parseEnv } = util as Partial<Pick<typeof util, "parseEnv">>;
  if (parseEnv === undefined)
    return { values: {}, unread: "this runtime has no util.parseEnv (Deno has it from 2.7 on)" };
  try {
    return { values: parseEnv(readFileSync(path, "utf8").replace(/^\uFEFF/, "")), unread: null };
  } catch (error) {
    // The code only: whatever else such an error says may be what is in the file.
    return { values: {}, unread: String((error as NodeJS.ErrnoException).code ?? "it is no text") };
  }
}

/** Bun puts `./.env` into the environment by itself. What is there by that still counts as the file's. */
export function withoutEnvFile(
  environment: Readonly<Record<string, string | undefined>>,
  values: EnvFile["values"],
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(environment).filter(([name, value]) => values[name] !== value));
}
