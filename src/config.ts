import { resolve } from "node:path";
import type { AppPreset } from "./app-preset.ts";
import type { ConfigFile } from "./config-file.ts";
import { type MigrateConfig, readMigrateConfig } from "./config-of-node-pg-migrate.ts";
import type { CheckedFlags } from "./config-schema.ts";
import { chooseTarget, type GivenTarget, type IgnoredTarget } from "./config-target.ts";
import { durationOf } from "./duration.ts";
import { readEnvFile, withoutEnvFile } from "./env-file.ts";
import type { OrmName } from "./model/orm-profile.ts";
import type { Rules } from "./model/rules.ts";
import type { CollationChoice } from "./model/text-order.ts";
import {
  findConfigFile,
  invalidConfig,
  overPreset,
  presetConfig,
  presetOf,
  readConfigFile,
} from "./read-config-file.ts";

/** Helps an editor complete the config file; returns it as it is. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}

export interface Config {
  readonly source: string | null;
  readonly sourceAuthToken: string | null;
  /** Null: none is given, or an embedded one is asked for. */
  readonly target: GivenTarget | null;
  /** Of the target's tables; null: the URL or the role's search_path says it. */
  readonly schema: string | null;
  /** Where the run's state lies in the target; null: in `changeover`, or as the URL says. */
  readonly stateSchema: string | null;
  /** Whether the schema is created where it is missing. */
  readonly createSchema: boolean;
  /** What a config file of node-pg-migrate says of `up`, `down` and `redo`. */
  readonly migrating: { readonly checkOrder?: boolean; readonly verbose?: boolean };
  /** Whether TLS is demanded with a certificate that is verified, or with any; null: as the URL says. */
  readonly rejectUnauthorized: boolean | null;
  /** `--embedded`: the embedded PostgreSQL, whatever else is given. */
  readonly embedded: boolean;
  /** What DATABASE_URL says, where it is no URL of PostgreSQL. */
  readonly ignoredTargets: readonly IgnoredTarget[];
  /** Why `./.env` could not be read; null if it was, or if there is none. */
  readonly envFileUnread: string | null;
  /** Null: not said, the default applies. */
  readonly migrationsDirectory: string | null;
  /** How migration files are found and recorded, as far as it was said. */
  readonly migrations: MigrationSettings;
  /** `wal`: a file source is to keep a write-ahead log from now on. */
  readonly sourceJournal: "wal" | null;
  /** The preset that settings come from where nothing else says them; null for none. */
  readonly app: AppPreset | null;
  /** Who makes the target's tables; null: not said. */
  readonly schemaBy: "changeover" | "application" | null;
  /** The command that makes them, by the application's own migrations. */
  readonly schemaCommand: string | null;
  readonly types: "plain" | "enhanced";
  readonly profile: OrmName;
  readonly integers: "int4" | "int8" | null;
  readonly names: "keep" | "snake_case";
  readonly collation: CollationChoice;
  readonly exclude: readonly string[];
  readonly maxRate: number | null;
  /** Null: by the number of processors. */
  readonly jobs: number | null;
  readonly maxDowntimeMs: number | null;
  readonly rules: Rules;
  /** Fingerprints of statements of the application that may fail or differ. */
  readonly acceptedQueries: readonly string[];
  /** Commands by the name of their hook. */
  readonly hooks: Readonly<Partial<Record<string, string>>>;
  /** Options of commands that the file says, by the name that the command line has for them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Path of the config file; null if there is none. */
  readonly file: string | null;
}

/** Settings of migration files, from flags or a config file. */
export interface MigrationSettings {
  readonly migrationsTable?: string;
  readonly migrationsSchema?: string;
  readonly ignorePattern?: string;
  readonly useGlob?: boolean;
  readonly decamelize?: boolean;
}

export interface ConfigFlags {
  readonly source?: string;
  readonly target?: string;
  readonly schema?: string;
  readonly stateSchema?: string;
  readonly embedded?: boolean;
  readonly config?: string;
  readonly migrationsDir?: string;
  readonly migrationsTable?: string;
  readonly migrationsSchema?: string;
  readonly ignorePattern?: string;
  readonly useGlob?: boolean;
  readonly decamelize?: boolean;
  readonly databaseUrlVar?: string;
  readonly envPath?: string;
  readonly configFile?: string;
  readonly configValue?: string;
  readonly createSchema?: boolean;
  readonly rejectUnauthorized?: boolean;
  readonly sourceJournal?: string;
  readonly app?: string;
  readonly schemaBy?: string;
  readonly schemaCommand?: string;
  readonly types?: string;
  readonly profile?: string;
  readonly integers?: string;
  readonly names?: string;
  readonly collation?: string;
  readonly exclude?: readonly string[];
  readonly maxRate?: string;
  readonly jobs?: string;
  readonly maxDowntime?: string;
  readonly accept?: readonly string[];
  readonly onBadValue?: string;
  readonly seeded?: string;
}

/** Flags, environment, config file and `./.env` as one object. */
export async function loadConfig(
  flags: ConfigFlags,
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<Config> {
  const path = findConfigFile(flags.config ?? null, directory);
  const written = path === null ? {} : await readConfigFile(path);
  const app = presetOf(flags.app ?? written.app);
  const own = app === null ? written : overPreset(await presetConfig(app), written);
  const theirs: MigrateConfig =
    flags.configFile === undefined ? {} : await readMigrateConfig(resolve(directory, flags.configFile), flags);
  const { checkOrder, createSchema, verbose, ...read } = theirs;
  const file = { ...own, ...read };
  return {
    ...databasesOf(flags, { file, environment, directory }),
    ...settingsOf(flags, await checkFlags(flags), file),
    migrations: migrationSettings(flags, file),
    migrationsDirectory: flags.migrationsDir ?? file.migrationsDir ?? null,
    createSchema: flags.createSchema ?? createSchema ?? false,
    migrating: { ...(checkOrder === undefined ? {} : { checkOrder }), ...(verbose === undefined ? {} : { verbose }) },
    rejectUnauthorized: flags.rejectUnauthorized ?? null,
    app,
    file: path,
  };
}

interface ConfigSources {
  readonly file: ConfigFile;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
}

type Databases = Pick<
  Config,
  "source" | "sourceAuthToken" | "target" | "schema" | "stateSchema" | "embedded" | "ignoredTargets" | "envFileUnread"
>;

/** Which databases are meant: a flag counts before a variable, that before the file, and `./.env` last. */
function databasesOf(flags: ConfigFlags, { directory, environment, file }: ConfigSources): Databases {
  const envFile = readEnvFile(directory, flags.envPath);
  const inEnvFile = envFile?.values ?? {};
  const variables = "Bun" in globalThis ? withoutEnvFile(environment, inEnvFile) : environment;
  const named = (name: string, inFile: string | undefined) =>
    nonEmpty(variables[name]) ?? inFile ?? nonEmpty(inEnvFile[name]) ?? null;
  const { ignoredTargets, target } = chooseTarget({
    flag: flags.target,
    ...(flags.databaseUrlVar === undefined ? {} : { variable: flags.databaseUrlVar }),
    environment: variables,
    configFile: file.target,
    envFile: inEnvFile,
  });
  return {
    source: flags.source ?? named("CHANGEOVER_SOURCE", file.source),
    sourceAuthToken: named("CHANGEOVER_SOURCE_AUTH_TOKEN", file.sourceAuthToken),
    target,
    schema: flags.schema ?? named("CHANGEOVER_SCHEMA", file.schema),
    stateSchema: flags.stateSchema ?? named("CHANGEOVER_STATE_SCHEMA", file.stateSchema),
    embedded: flags.embedded === true,
    ignoredTargets,
    envFileUnread: envFile?.unread ?? null,
  };
}

type Settings = Omit<
  Config,
  | keyof Databases
  | "migrations"
  | "migrationsDirectory"
  | "migrating"
  | "createSchema"
  | "rejectUnauthorized"
  | "app"
  | "file"
>;

function settingsOf(flags: ConfigFlags, given: CheckedFlags, file: ConfigFile): Settings {
  const maxDowntime = flags.maxDowntime ?? file.maxDowntime;
  return {
    sourceJournal: given.sourceJournal ?? file.sourceJournal ?? null,
    schemaBy: given.schemaBy ?? file.schemaBy ?? null,
    schemaCommand: flags.schemaCommand ?? file.schemaCommand ?? null,
    types: given.types ?? file.types ?? "plain",
    profile: given.profile ?? file.profile ?? "plain",
    integers: given.integers ?? file.integers ?? null,
    names: given.names ?? file.names ?? "keep",
    collation: given.collation ?? file.collation ?? "C",
    exclude: [...(flags.exclude ?? []), ...(file.exclude ?? [])],
    maxRate: given.maxRate ?? file.maxRate ?? null,
    jobs: given.jobs ?? file.jobs ?? null,
    maxDowntimeMs: maxDowntime === undefined ? null : durationOf(maxDowntime, "--max-downtime"),
    acceptedQueries: file.queries?.accept ?? [],
    hooks: file.hooks ?? {},
    options: optionsIn(file),
    rules: withoutUndefined({
      accept: [...(flags.accept ?? []), ...(file.accept ?? [])],
      onBadValue: given.onBadValue ?? file.onBadValue,
      seeded: given.seeded ?? file.seeded,
      tables: file.tables,
    }),
  };
}

/** What a command takes from the command line, or from here. Lengths of time may be numbers of ms. */
function optionsIn(file: ConfigFile): Readonly<Record<string, unknown>> {
  const text = (given: number | string | undefined) => (given === undefined ? undefined : String(given));
  const options = {
    listen: file.listen,
    serve: file.serve,
    notify: file.notify,
    report: file.report,
    logFormat: file.logFormat,
    followSchema: file.followSchema,
    verifyEvery: text(file.verifyEvery),
    verifiedWithin: text(file.verifiedWithin),
    failback: file.failback,
    failbackWindow: text(file.failbackWindow),
    postponeUntil: file.postponeUntil,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function migrationSettings(flags: ConfigFlags, file: ConfigFile): MigrationSettings {
  return withoutUndefined({
    migrationsTable: flags.migrationsTable ?? file.migrationsTable,
    migrationsSchema: flags.migrationsSchema ?? file.migrationsSchema,
    ignorePattern: flags.ignorePattern ?? file.ignorePattern,
    useGlob: flags.useGlob ?? file.useGlob,
    decamelize: flags.decamelize ?? file.decamelize,
  });
}

/** Flags that are words or numbers of a kind; the others are texts as they come. */
const CHECKED_FLAGS = [
  "schemaBy",
  "sourceJournal",
  "types",
  "profile",
  "integers",
  "names",
  "collation",
  "maxRate",
  "jobs",
  "onBadValue",
  "seeded",
] as const satisfies readonly (keyof ConfigFlags & keyof CheckedFlags)[];

async function checkFlags(given: ConfigFlags): Promise<CheckedFlags> {
  const flags = Object.fromEntries(
    CHECKED_FLAGS.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
  if (Object.keys(flags).length === 0) return {};
  const { flagSchema } = await import("./config-schema.ts");
  const checked = flagSchema.safeParse(flags);
  if (!checked.success)
    throw invalidConfig(checked.error.issues.map(({ message }) => message).join("; "), "see --help of the command");
  return checked.data;
}

/** zod gives absent keys as undefined; in {@link Rules} and settings they are absent. */
function withoutUndefined(rules: object): Rules & MigrationSettings {
  return JSON.parse(JSON.stringify(rules)) as Rules & MigrationSettings;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
