import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { MigrationOptions } from "../api/options.ts";
import type { Config } from "../config.ts";
import { type GivenTarget, isPostgresUrl, schemeOf } from "../config-target.ts";
import { type EmbeddedPostgres, embeddedStatus } from "../embedded/embedded.ts";
import { InterruptedError, UsageError } from "../errors.ts";
import type { EventListener } from "../events.ts";
import { type Migration, openMigration } from "../migration.ts";
import { OWN_MIGRATIONS } from "../schema/migrate/own-schema.ts";
import { filesIn, isMigrationsDirectory } from "../schema/migrate/read-migration-files.ts";
import { connectionLocation, runUrl, withCertificateCheck } from "../target/connection/render-connection.ts";
import { resolveConnection } from "../target/connection/resolve-connection.ts";
import {
  DEFAULT_DATABASE,
  EMBEDDED_DIRECTORY,
  HOME,
  hasEmbedded,
  nameOfSource,
  onlyDatabase,
} from "./embedded-home.ts";
import { openOrInstall } from "./open-or-install.ts";
import { describeIgnoredTarget, targetRequired } from "./target-required.ts";
import type { TargetPolicy } from "./targets.ts";

export interface ConnectionsOptions {
  readonly config: Config;
  readonly policy: TargetPolicy;
  readonly onEvent: EventListener;
  /** Prints a sentence for a person. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** Ends a progress line that is still open. */
  readonly settle: () => void;
  readonly yes: boolean;
  /** What the command line says of a source that is not where the run knows it. */
  readonly source: Pick<MigrationOptions, "sourceMoved" | "onlySource">;
}

function noPostgresUrl({ from, url }: GivenTarget): UsageError {
  return new UsageError({
    code: "TARGET_URL",
    message: `the target is not a PostgreSQL URL: ${describeIgnoredTarget({ from, scheme: schemeOf(url) })}`,
    hint: "give --target postgres://user:password@host:5432/database",
  });
}

/** Source, target and migrations directory of a command, from its config; opened when first asked for. */
export class Connections {
  readonly config: Config;
  /** Called with the events of the migration, after they were shown. */
  readonly listeners: EventListener[] = [];
  readonly #options: ConnectionsOptions;
  #embedded: EmbeddedPostgres | null = null;
  #migration: Migration | null = null;
  /** Without a source: the database of the only one that was brought here. */
  #only: string | null = null;

  constructor(options: ConnectionsOptions) {
    this.config = options.config;
    this.#options = options;
  }

  get yes(): boolean {
    return this.#options.yes;
  }

  source(): string {
    const { source } = this.config;
    if (source !== null) return source;
    throw new UsageError({
      code: "SOURCE_MISSING",
      message: "no source is given",
      hint: "give --source path/to/app.db, or set CHANGEOVER_SOURCE",
    });
  }

  /** URL of the target that was given; null where the embedded PostgreSQL is asked for instead. */
  get given(): string | null {
    const { embedded, rejectUnauthorized, target } = this.config;
    if (target === null || (embedded && this.#options.policy !== "server")) return null;
    return rejectUnauthorized === null || !isPostgresUrl(target.url)
      ? target.url
      : withCertificateCheck(target.url, rejectUnauthorized);
  }

  get isEmbedded(): boolean {
    return this.given === null;
  }

  /** Before a command begins: refuses where it has no target and needs one, and says where the target comes from. */
  settleTarget(): void {
    const { config } = this;
    const { policy, say } = this.#options;
    if (policy === "none") return;
    if (config.embedded && policy !== "server" && config.target?.from === "--target")
      throw new UsageError({ code: "USAGE", message: "--embedded is a target, and so is --target", hint: "give one" });
    if (policy === "required" && this.isEmbedded) this.#refuseToMakeOne();
    for (const ignored of config.ignoredTargets) say(`${describeIgnoredTarget(ignored)}: ignored`);
    if (config.envFileUnread !== null) say(`./.env cannot be read, and is ignored: ${config.envFileUnread}`);
    if (this.isEmbedded || config.target === null) return;
    if (!isPostgresUrl(config.target.url)) throw noPostgresUrl(config.target);
    const connection = resolveConnection(config.target.url);
    if (config.target.from.endsWith(".env"))
      say(`the target is ${connectionLocation(connection)} (${config.target.from})`);
    for (const { name, why } of connection.leftOut) say(`${name} of the target is left out: ${why}`);
    if (connection.passwordFileIgnored !== null) say(`the password file is ignored: ${connection.passwordFileIgnored}`);
  }

  /** The target's URL; that of the embedded PostgreSQL where none is given. */
  async target(): Promise<string> {
    if (this.given !== null) return this.given;
    const embedded = await this.embedded();
    if (this.config.source === null && this.#only === null)
      this.#only = await onlyDatabase(embedded.url, this.#options.say);
    return embedded.database(this.#name());
  }

  /** The target with the schemas that were given apart from it. */
  async runUrl(): Promise<string> {
    const { schema, stateSchema } = this.config;
    return runUrl(await this.target(), { schema: schema ?? undefined, stateSchema: stateSchema ?? undefined });
  }

  /** The target for a question: neither user nor password. */
  async shownTarget(): Promise<string> {
    if (this.isEmbedded) return "the embedded PostgreSQL";
    return connectionLocation(resolveConnection(await this.target())).replace(/^(\w+:\/\/)([^@/]*@)?/, "$1");
  }

  /**
   * The embedded PostgreSQL of this directory, started if need be; made only where the command may, or was asked to.
   */
  async embedded(): Promise<EmbeddedPostgres> {
    if (this.#embedded !== null) return this.#embedded;
    this.#refuseToMakeOne();
    if (!hasEmbedded())
      this.#options.say(
        `${this.config.embedded ? "" : "no --target is given: "}starting an embedded PostgreSQL under ` +
          `./${EMBEDDED_DIRECTORY}`,
      );
    this.#embedded = await openOrInstall(
      { directory: resolve(EMBEDDED_DIRECTORY), signal: this.#options.signal },
      { isTerminal: this.isTerminal, ask: (question) => this.ask(question) },
    );
    return this.#embedded;
  }

  /** The embedded server stays up when this command ends: the application's data lives there now. */
  async keepEmbedded(): Promise<void> {
    await this.#embedded?.keepRunning(true);
  }

  migrationsDirectory(): string {
    const { migrationsDirectory } = this.config;
    if (migrationsDirectory !== null && this.config.migrations.useGlob === true) return migrationsDirectory;
    if (migrationsDirectory !== null) return resolve(migrationsDirectory);
    const common = resolve("migrations");
    // Another tool's migrations, or this tool's own in its own checkout, are not the target's.
    const taken =
      existsSync(common) &&
      (realpathSync(common) === realpathSync(OWN_MIGRATIONS) ||
        (filesIn(common).length > 0 && !isMigrationsDirectory(common)));
    return taken ? resolve(HOME, "migrations", this.#name()) : common;
  }

  /** `needs` says whether the command cannot do without a source. */
  async migration(needs: "source" | "target-only" = "source"): Promise<Migration> {
    if (this.#migration !== null) return this.#migration;
    const { config } = this;
    const source = needs === "source" ? this.source() : config.source;
    this.#migration = openMigration({
      ...(source === null ? {} : { source }),
      ...this.#options.source,
      ...(await this.fleetOptions()),
      onEvent: (event) => {
        this.#options.onEvent(event);
        for (const listener of this.listeners) listener(event);
      },
      ...(config.sourceJournal === null ? {} : { sourceJournal: config.sourceJournal }),
      ...(config.schema === null ? {} : { schema: config.schema }),
      ...(config.stateSchema === null ? {} : { stateSchema: config.stateSchema }),
    });
    return this.#migration;
  }

  /** What of the config holds for every source. */
  async fleetOptions(): Promise<MigrationOptions> {
    const { config } = this;
    return {
      target: await this.target(),
      ...this.#decisions(),
      ...config.migrations,
      ...(config.jobs === null ? {} : { jobs: config.jobs }),
      ...(config.maxRate === null ? {} : { maxRate: config.maxRate }),
    };
  }

  /** Whether there is a target to look at without starting one. */
  async hasTarget(): Promise<boolean> {
    if (!this.isEmbedded || this.config.embedded) return true;
    return (await embeddedStatus(resolve(EMBEDDED_DIRECTORY))).state === "running";
  }

  /** For commands that never look at the target: none is started for them. */
  async sourceOnly(): Promise<Migration> {
    this.#migration ??= openMigration({
      source: this.source(),
      target: "postgres://nowhere",
      ...this.#decisions(),
      onEvent: this.#options.onEvent,
    });
    return this.#migration;
  }

  /** What of the config says how the schema and the values become PostgreSQL's. */
  #decisions(): Omit<MigrationOptions, "target"> {
    const { config } = this;
    return {
      migrationsDirectory: this.migrationsDirectory(),
      types: config.types,
      names: config.names,
      profile: config.profile,
      ...(config.integers === null ? {} : { integers: config.integers }),
      collation: config.collation,
      exclude: config.exclude,
      rules: config.rules,
      signal: this.#options.signal,
      ...(config.sourceAuthToken === null ? {} : { sourceAuthToken: config.sourceAuthToken }),
    };
  }

  /** Whether a person can be asked. */
  get isTerminal(): boolean {
    return process.stdin.isTTY === true && process.stderr.isTTY === true;
  }

  /** A question that --yes does not answer; only at a terminal. */
  async ask(question: string): Promise<boolean> {
    this.#options.settle();
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await prompt.question(`${question} [y/N] `, { signal: this.#options.signal });
      return /^y(es)?$/i.test(answer.trim());
    } catch (error) {
      if (this.#options.signal.aborted) throw new InterruptedError();
      throw error;
    } finally {
      prompt.close();
    }
  }

  /** Asks before something is removed; without a terminal only --yes says yes. */
  async confirm(what: string): Promise<void> {
    if (this.#options.yes) return;
    if (!this.isTerminal) {
      throw new UsageError({
        code: "CONFIRMATION_REQUIRED",
        message: `this ${what}`,
        hint: "run it again with --yes if that is what you want",
      });
    }
    await this.demand(`This ${what}.`);
  }

  /** Asks at the terminal; anything but yes ends the command. */
  async demand(text: string): Promise<void> {
    if (await this.ask(`${text} Go on?`)) return;
    throw new UsageError({ code: "NOT_CONFIRMED", message: "nothing was done", hint: "answer y, or give --yes" });
  }

  async close(): Promise<void> {
    await this.#migration?.close();
    await this.#embedded?.release();
  }

  #refuseToMakeOne(): void {
    const mayMake = this.config.embedded || this.#options.policy === "embedded";
    if (!mayMake && !hasEmbedded()) throw targetRequired(this.config);
  }

  /** What the source's database in the embedded PostgreSQL is called, and its migrations' directory there. */
  #name(): string {
    const { source } = this.config;
    return source === null ? (this.#only ?? DEFAULT_DATABASE) : nameOfSource(source);
  }
}
