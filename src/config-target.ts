import { UsageError } from "./errors.ts";

/** A target as someone gave it, and where. */
export interface GivenTarget {
  readonly url: string;
  /** Such as `--target` or `DATABASE_URL in ./.env`. */
  readonly from: string;
}

/** A DATABASE_URL that is another database's. Its text may hold a password: only its scheme is kept. */
export interface IgnoredTarget {
  readonly from: string;
  /** Such as `mysql:`; null where the text has none. */
  readonly scheme: string | null;
}

export interface TargetSources {
  readonly flag: string | undefined;
  /** The variable that holds the URL, if the command line names one. */
  readonly variable?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly configFile: string | undefined;
  readonly envFile: Readonly<Record<string, string | undefined>>;
}

/**
 * The first target that is given. DATABASE_URL is everybody's name: where it is of another database (Prisma's
 * `file:./dev.db`), it was not meant for us, and the next one counts. What was said to us by our own names is never
 * passed over.
 */
export function chooseTarget({ configFile, envFile, environment, flag, variable }: TargetSources): {
  readonly target: GivenTarget | null;
  readonly ignoredTargets: readonly IgnoredTarget[];
} {
  const candidates = [
    { url: flag, from: "--target" },
    ...(variable === undefined ? [] : [{ url: namedUrl(variable, environment, envFile), from: variable }]),
    { url: environment["CHANGEOVER_TARGET"], from: "CHANGEOVER_TARGET" },
    { url: configFile, from: "the config file" },
    { url: environment["DATABASE_URL"], from: "DATABASE_URL", isShared: true },
    { url: envFile["CHANGEOVER_TARGET"], from: "CHANGEOVER_TARGET in ./.env" },
    { url: envFile["DATABASE_URL"], from: "DATABASE_URL in ./.env", isShared: true },
  ];
  const ignoredTargets: IgnoredTarget[] = [];
  for (const { from, isShared, url } of candidates) {
    if (url === undefined || url === "") continue;
    if (isShared !== true || isPostgresUrl(url)) return { target: { url, from }, ignoredTargets };
    ignoredTargets.push({ from, scheme: schemeOf(url) });
  }
  return { target: null, ignoredTargets };
}

export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//i.test(url.trim()) || isKeyValueString(url);
}

/** libpq's other form: `host=… dbname=…`. */
function isKeyValueString(text: string): boolean {
  return /^\s*(host|hostaddr|port|dbname|user|service|password|sslmode)\s*=/.test(text);
}

/** What stands before the `//`, or one of those that have none: `user:password@…` begins with no scheme. */
export function schemeOf(url: string): string | null {
  return /^(?:[a-z][a-z0-9+.-]*:(?=\/\/)|(?:file|jdbc|sqlite):)/i.exec(url)?.[0].toLowerCase() ?? null;
}

/** A variable that was named and says nothing is a mistake: another database must not be taken in its place. */
function namedUrl(variable: string, ...among: readonly TargetSources["environment"][]): string {
  const value = among.map((variables) => variables[variable]).find((found) => found !== undefined && found !== "");
  if (value !== undefined) return value;
  throw new UsageError({
    code: "TARGET_REQUIRED",
    message: `the environment variable ${variable}, which --database-url-var names, is not set`,
    hint: `set ${variable} to the URL of the target, in the environment or in ./.env`,
  });
}
