import { readdirSync, readFileSync } from "node:fs";
import { UsageError } from "./errors.ts";

/** What one has to find out to move an application: a file in `apps/`, which anybody can contribute. */
export interface AppPreset {
  /** As `--app` takes it. */
  readonly name: string;
  readonly title: string;
  /** Settings of the config file that apply where neither that nor a flag says otherwise. */
  readonly config: PresetConfig;
  /** What to change in the application, so that it uses PostgreSQL. */
  readonly setting: string;
  readonly restart: string;
  /** A command that shows, after the restart, that the application works. */
  readonly smokeTest: string;
  readonly notes: string | null;
  /** Pages of the application's own documentation. */
  readonly sources: readonly string[];
  /** Versions that were moved there and back, with their own tests passed. */
  readonly proved: readonly AppProof[];
}

export interface AppProof {
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly on: string;
}

/** The part of a config file that says what is true of every installation. */
export interface PresetConfig {
  readonly schemaCommand?: string;
  readonly seeded?: string;
  readonly profile?: string;
  readonly types?: string;
  /** Tables that stay behind, such as an index that the application makes by a command of its own. */
  readonly exclude?: readonly string[];
  readonly tables?: Readonly<Record<string, object>>;
}

// src/ and dist/ are both one level below the root.
const APPS = new URL("../apps/", import.meta.url);

/** All presets, by name. */
export function readAppPresets(): AppPreset[] {
  return readdirSync(APPS)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort()
    .map(readPreset);
}

/** The preset of an application; throws where there is none of that name. */
export function appPreset(name: string): AppPreset {
  const known = readdirSync(APPS).map((file) => file.replace(/\.json$/, ""));
  if (known.includes(name)) return readPreset(name);
  throw new UsageError({
    code: "APP_UNKNOWN",
    message: `there is no preset for ${name}`,
    hint: `\`changeover apps\` lists them: ${known.sort().join(", ")}`,
    context: { app: name },
  });
}

interface PresetFile extends Omit<AppPreset, "name" | "smokeTest" | "notes"> {
  readonly smoke_test: string;
  readonly notes?: string;
}

function readPreset(name: string): AppPreset {
  const {
    smoke_test,
    notes = null,
    ...rest
  } = JSON.parse(readFileSync(new URL(`${name}.json`, APPS), "utf8")) as PresetFile;
  return { name, ...rest, smokeTest: smoke_test, notes };
}
