import { createHash } from "node:crypto";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Config } from "../config.ts";
import { type EmbeddedPostgres, embeddedStatus, openEmbedded } from "../db/embedded.ts";
import { InterruptedError, UsageError } from "../errors.ts";
import type { Report } from "../log.ts";
import { isMigrationsDirectory } from "../migrate/files.ts";
import { OWN_MIGRATIONS } from "../migrate/own-schema.ts";
import { type Migration, openMigration } from "../migration.ts";

export interface EndsOptions {
  readonly config: Config;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Ends a progress line that is still open. */
  readonly settle: () => void;
  readonly yes: boolean;
}

/** Where the embedded PostgreSQL and what else belongs to this directory is kept. */
export const HOME = ".changeover";
export const EMBEDDED_DIRECTORY = join(HOME, "postgres");

/** Source, target and migrations directory of a command, from its config; opened when first asked for. */
export class Ends {
  readonly config: Config;
  readonly #options: EndsOptions;
  #embedded: EmbeddedPostgres | null = null;
  #migration: Migration | null = null;

  constructor(options: EndsOptions) {
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

  get isEmbedded(): boolean {
    return this.config.target === null;
  }

  /** The target's URL; starts the embedded PostgreSQL where none is given. */
  async target(): Promise<string> {
    if (this.config.target !== null) return this.config.target;
    return (await this.embedded()).database(this.#sourceName());
  }

  /** The target for a question: neither user nor password. */
  async shownTarget(): Promise<string> {
    return this.isEmbedded ? "the embedded PostgreSQL" : (await this.target()).replace(/^(\w+:\/\/)([^@/]*@)?/, "$1");
  }

  /** The embedded PostgreSQL of this directory, started if need be. */
  async embedded(): Promise<EmbeddedPostgres> {
    if (this.#embedded !== null) return this.#embedded;
    if (!existsSync(join(EMBEDDED_DIRECTORY, "PG_VERSION")))
      this.#options.report({
        kind: "step",
        message: `${this.isEmbedded ? "no --target is given: " : ""}starting an embedded PostgreSQL under ./${EMBEDDED_DIRECTORY}`,
      });
    this.#embedded = await openEmbedded({ directory: resolve(EMBEDDED_DIRECTORY), signal: this.#options.signal });
    return this.#embedded;
  }

  /** The embedded server stays up when this command ends: the application's data lives there now. */
  async keepEmbedded(): Promise<void> {
    await this.#embedded?.keepRunning(true);
  }

  migrationsDirectory(): string {
    const { migrationsDirectory } = this.config;
    if (migrationsDirectory !== null) return resolve(migrationsDirectory);
    const usual = resolve("migrations");
    // Another tool's migrations, or this tool's own in its own checkout, are not the target's.
    const taken =
      existsSync(usual) &&
      (realpathSync(usual) === realpathSync(OWN_MIGRATIONS) ||
        (readdirSync(usual).length > 0 && !isMigrationsDirectory(usual)));
    return taken ? resolve(HOME, "migrations", this.#sourceName()) : usual;
  }

  /** `needs` says whether the command cannot do without a source. */
  async migration(needs: "source" | "target-only" = "source"): Promise<Migration> {
    if (this.#migration !== null) return this.#migration;
    const { config } = this;
    const source = needs === "source" ? this.source() : config.source;
    this.#migration = openMigration({
      ...(source === null ? {} : { source }),
      target: await this.target(),
      migrationsDirectory: this.migrationsDirectory(),
      types: config.types,
      names: config.names,
      textOrder: config.textOrder,
      exclude: config.exclude,
      rules: config.rules,
      report: this.#options.report,
      signal: this.#options.signal,
      ...(config.sourceAuthToken === null ? {} : { sourceAuthToken: config.sourceAuthToken }),
      ...(config.jobs === null ? {} : { jobs: config.jobs }),
      ...(config.maxRate === null ? {} : { maxRate: config.maxRate }),
    });
    return this.#migration;
  }

  /** Whether there is a target to look at without starting one. */
  async hasTarget(): Promise<boolean> {
    return this.config.target !== null || (await embeddedStatus(resolve(EMBEDDED_DIRECTORY))).state === "running";
  }

  /** For commands that never look at the target: none is started for them. */
  async sourceOnly(): Promise<Migration> {
    const { config } = this;
    this.#migration ??= openMigration({
      source: this.source(),
      target: config.target ?? "postgres://nowhere",
      migrationsDirectory: this.migrationsDirectory(),
      types: config.types,
      names: config.names,
      textOrder: config.textOrder,
      exclude: config.exclude,
      rules: config.rules,
      report: this.#options.report,
      signal: this.#options.signal,
      ...(config.sourceAuthToken === null ? {} : { sourceAuthToken: config.sourceAuthToken }),
    });
    return this.#migration;
  }

  /** Asks before something is removed; without a terminal only --yes says yes. */
  async confirm(what: string): Promise<void> {
    if (this.#options.yes) return;
    if (!this.isTerminal) {
      throw new UsageError({
        code: "NEEDS_YES",
        message: `this ${what}`,
        hint: "run it again with --yes if that is what you want",
      });
    }
    await this.ask(`This ${what}.`);
  }

  /** Whether a person can be asked. */
  get isTerminal(): boolean {
    return process.stdin.isTTY === true && process.stderr.isTTY === true;
  }

  /** Asks at the terminal; anything but yes ends the command. */
  async ask(text: string): Promise<void> {
    this.#options.settle();
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await prompt.question(`${text} Go on? [y/N] `, { signal: this.#options.signal });
      if (/^y(es)?$/i.test(answer.trim())) return;
    } catch (error) {
      if (this.#options.signal.aborted) throw new InterruptedError();
      throw error;
    } finally {
      prompt.close();
    }
    throw new UsageError({ code: "NOT_CONFIRMED", message: "nothing was done", hint: "answer y, or give --yes" });
  }

  async close(): Promise<void> {
    await this.#migration?.close();
    await this.#embedded?.release();
  }

  /** One embedded database and one migrations directory a source, so that two sources do not meet. */
  #sourceName(): string {
    const { source } = this.config;
    if (source === null) return "changeover";
    const path = /^[a-z]+:\/\//.test(source) ? source : resolve(source.replace(/^file:/, ""));
    const name = basename(path)
      .replace(/\.[^.]*$/, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .slice(0, 40);
    return `${name === "" ? "source" : name}_${createHash("sha256").update(path).digest("hex").slice(0, 6)}`;
  }
}
