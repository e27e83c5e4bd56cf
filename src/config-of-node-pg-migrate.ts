import { readFile } from "node:fs/promises";
import { importConfig } from "./config-import.ts";
import { messageOf, UsageError } from "./errors.ts";

/** What a config file of node-pg-migrate says that our own settings hold, too. */
export interface MigrateConfig {
  readonly target?: string;
  readonly schema?: string;
  readonly createSchema?: boolean;
  readonly migrationsDir?: string;
  readonly migrationsTable?: string;
  readonly migrationsSchema?: string;
  readonly ignorePattern?: string;
  readonly useGlob?: boolean;
  readonly decamelize?: boolean;
  readonly checkOrder?: boolean;
  readonly verbose?: boolean;
}

/**
 * Reads a config file as node-pg-migrate's `--config-file` does: JSON or a module, whose section `--config-value` (or
 * `db`) counts, if it has one. Its keys are the names of options, and `url`, or `host`, `database` and so on.
 */
export async function readMigrateConfig(
  path: string,
  { configValue = "db" }: { readonly configValue?: string },
): Promise<MigrateConfig> {
  let content: unknown;
  try {
    content = path.endsWith(".json") ? JSON.parse(await readFile(path, "utf8")) : await importConfig(path);
  } catch (cause) {
    throw invalid(path, messageOf(cause), cause);
  }
  const whole = objectOf(content);
  const section = whole?.[configValue] ?? content;
  if (typeof section === "string") return { target: section };
  const said = objectOf(section);
  if (said === null) throw invalid(path, "it holds neither an object nor a URL");
  return pickStrings(path, said);
}

function pickStrings(path: string, said: Readonly<Record<string, unknown>>): MigrateConfig {
  const text = (key: string) => {
    const value = said[key];
    if (value === undefined || typeof value === "string") return value;
    throw invalid(path, `${key} is not a text`);
  };
  const flag = (key: string) => {
    const value = said[key];
    if (value === undefined || typeof value === "boolean") return value;
    throw invalid(path, `${key} is neither true nor false`);
  };
  const read = {
    target: text("database-url-var") ?? text("url") ?? urlOf(path, said),
    schema: Array.isArray(said["schema"]) ? onlySchema(path, said["schema"]) : text("schema"),
    createSchema: flag("create-schema"),
    migrationsDir: text("migrations-dir"),
    migrationsTable: text("migrations-table"),
    migrationsSchema: text("migrations-schema"),
    ignorePattern: text("ignore-pattern"),
    useGlob: flag("use-glob"),
    decamelize: flag("decamelize"),
    checkOrder: flag("check-order"),
    verbose: flag("verbose"),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** Several would be a search_path, which the target's URL says. */
function onlySchema(path: string, names: readonly unknown[]): string {
  const [only, ...others] = names;
  if (typeof only === "string" && others.length === 0) return only;
  throw invalid(path, "schema is not one name: name the first, and set the role's search_path to the others");
}

/** `host`, `port`, `user`, `password`, `ssl` and `database`, or `name`, as a URL. */
function urlOf(path: string, said: Readonly<Record<string, unknown>>): string | undefined {
  const { database, host, name, password, port, user } = said;
  if ([host, port, name, database].every((part) => part === undefined || part === "")) return undefined;
  const url = new URL("postgres://localhost:5432");
  if (typeof host === "string") url.hostname = host;
  url.port = String(port ?? 5432);
  if (typeof user === "string") url.username = encodeURIComponent(user);
  if (typeof password === "string") url.password = encodeURIComponent(password);
  url.pathname = `/${encodeURIComponent(String(name ?? database ?? ""))}`;
  for (const [parameter, value] of Object.entries(tlsOf(path, said["ssl"]))) url.searchParams.set(parameter, value);
  return url.href;
}

/** What node-postgres means by `ssl`, as libpq says it. */
function tlsOf(path: string, ssl: unknown): Readonly<Record<string, string>> {
  if (ssl === undefined || ssl === null) return {};
  if (ssl === false) return { sslmode: "disable" };
  const { rejectUnauthorized = true, ...others } = ssl === true ? {} : (objectOf(ssl) ?? { ssl });
  if (typeof rejectUnauthorized !== "boolean" || Object.keys(others).length > 0)
    throw invalid(
      path,
      "of ssl only true, false and rejectUnauthorized are read: give a URL with sslrootcert, sslcert",
    );
  return rejectUnauthorized ? { sslmode: "verify-full", sslrootcert: "system" } : { sslmode: "require" };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}

function invalid(path: string, why: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "CONFIG_INVALID",
    message: `${path} cannot be read as a config file of node-pg-migrate: ${why}`,
    hint: "docs/guides/migrations.md lists what is read of it; our own config file is given with --config",
    cause,
  });
}
