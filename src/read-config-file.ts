import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type AppPreset, appPreset } from "./app-preset.ts";
import type { ConfigFile } from "./config-file.ts";
import { importConfig } from "./config-import.ts";
import { messageOf, UsageError } from "./errors.ts";

const NAMES = ["changeover.config.json", "changeover.config.ts", "changeover.config.js", "changeover.config.mjs"];

/** The config file that was named, or the one in the directory; null for none. */
export function findConfigFile(given: string | null, directory: string): string | null {
  if (given === null) return NAMES.map((name) => resolve(directory, name)).find(existsSync) ?? null;
  const path = resolve(directory, given);
  if (!existsSync(path)) throw invalidConfig(`there is no config file ${path}`, "check the path given to --config");
  return path;
}

export async function readConfigFile(path: string): Promise<ConfigFile> {
  let content: unknown;
  try {
    content = path.endsWith(".json") ? JSON.parse(await readFile(path, "utf8")) : await importConfig(path);
  } catch (cause) {
    throw invalidConfig(
      `the config file ${path} cannot be read: ${messageOf(cause)}`,
      "correct it; a .ts or .js config exports an object by default",
      cause,
    );
  }
  const { describeError, fileSchema } = await import("./config-schema.ts");
  const checked = fileSchema.safeParse(content);
  if (checked.success) return checked.data;
  throw invalidConfig(
    `the config file ${path} is not right: ${describeError(checked.error)}`,
    "docs/reference/config.md lists what it may hold",
  );
}

export function presetOf(name: string | undefined): AppPreset | null {
  return name === undefined ? null : appPreset(name);
}

/** The settings of a preset. */
export async function presetConfig({ config, name }: AppPreset): Promise<ConfigFile> {
  const { describeError, fileSchema } = await import("./config-schema.ts");
  const checked = fileSchema.safeParse(config);
  if (checked.success) return checked.data;
  throw invalidConfig(`apps/${name}.json is not right: ${describeError(checked.error)}`, "correct its config");
}

export function invalidConfig(message: string, hint: string, cause?: unknown): UsageError {
  return new UsageError({ code: "CONFIG_INVALID", message, hint, cause });
}
