import { readdirSync, readFileSync } from "node:fs";

/** What `test/apps/NAME/app.json` says. */
export interface AppSpec {
  readonly name: string;
  readonly title: string;
  /** As `--app` takes it. */
  readonly preset?: string;
  /** Takes `schema` or `serve` as its last argument. */
  readonly program: readonly string[];
  /** npm packages with their versions. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Debian packages. */
  readonly debian?: readonly string[];
  /** The npm or Debian package whose version is the application's. */
  readonly version_of: string;
  /** The name of its SQLite file, where that is not app.db. */
  readonly file?: string;
  /** True where the program has checks of its own (`checks`), false for the common list. */
  readonly own_checks?: boolean;
  /** Where the ORM keeps no fractions of a second. */
  readonly whole_seconds?: boolean;
  /** Whether writes go on during the move and the return. */
  readonly live: boolean;
  /** Additional arguments of `full`, by who makes the tables. */
  readonly directions: Partial<Readonly<Record<Direction, readonly string[]>>>;
  /** The settings of changeover.config.json that a person had to write, by who makes the tables. */
  readonly config?: Partial<Readonly<Record<Direction, object>>>;
  /** What a person had to find out besides. */
  readonly by_hand?: Partial<Readonly<Record<Direction, string>>>;
  /** Settings of the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export type Direction = "application" | "changeover";

const APPS = new URL("../", import.meta.url);

export function readAppSpec(name: string): AppSpec {
  return { name, ...(JSON.parse(readFileSync(new URL(`${name}/app.json`, APPS), "utf8")) as Omit<AppSpec, "name">) };
}

export function appNames(): string[] {
  return readdirSync(APPS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["support", "results"].includes(entry.name))
    .map(({ name }) => name)
    .sort();
}
