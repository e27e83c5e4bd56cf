import { ChangeoverError, messageOf, RefusedError } from "../../errors.ts";
import { pgName } from "../../quote.ts";
import { runUrl } from "../../target/connection/render-connection.ts";
import { openTarget, type TargetSession } from "../../target/target.ts";
import { type MigrationConnection, openConnection } from "../migrate/migration-connection.ts";
import { type BeforeFile, runBefore } from "./before-file.ts";
import { type ScratchPurpose, scratchName } from "./scratch-name.ts";
import type { ScratchServer } from "./scratch-server.ts";

interface OpenScratch {
  readonly name: string;
  readonly url: string;
  readonly session: TargetSession;
  readonly close: () => Promise<void>;
  /** The one that migrations run on, opened for the first of them. */
  connection: MigrationConnection | null;
}

export interface ScratchOptions {
  readonly purpose: ScratchPurpose;
  readonly before?: BeforeFile | null;
  /** Where the tables are to lie; null: in the first schema of the role's search_path. */
  readonly schema: string | null;
}

/** It has the first `applied` migrations; nobody is connected to it. */
interface Template extends Pick<OpenScratch, "name" | "url"> {
  readonly applied: number;
}

/** A clone takes a tenth of a second or so, and twice that where connections are still closing. */
const CLONED_FROM_MS = 500;

/** One scratch database, emptied by creating it again. */
export class ScratchDatabase {
  readonly #server: ScratchServer;
  readonly #options: ScratchOptions;
  #open: OpenScratch | null = null;
  #template: Template | null = null;
  #clones = true;

  constructor(server: ScratchServer, options: ScratchOptions) {
    this.#server = server;
    this.#options = options;
  }

  get url(): string {
    return this.#current.url;
  }

  /** The session that inspects the database; no migration runs on it. */
  get session(): TargetSession {
    return this.#current.session;
  }

  /** The connection that migrations run on; a new one if the last has ended. */
  async connection(): Promise<MigrationConnection> {
    const open = this.#current;
    const isUsable = await open.connection?.run("select 1").then(
      () => true,
      () => false,
    );
    if (isUsable !== true) open.connection = await openConnection(open.url);
    return open.connection ?? openConnection(open.url);
  }

  async renew(): Promise<void> {
    await this.drop();
    await this.#create();
  }

  /**
   * The same, and applies the first `count` migrations, one with each call. Where that takes longer than cloning, the
   * database becomes a template: work goes on in a clone, and the next time only those that the template lacks are
   * applied, to it.
   */
  async renewTo(count: number, apply: () => Promise<void>): Promise<void> {
    await this.#dropOpen();
    const template = this.#template;
    this.#template = null;
    if (template === null) await this.#create();
    else await this.#connect(template);
    const started = performance.now();
    for (let applied = template?.applied ?? 0; applied < count; applied++) await apply();
    const isSlow = template !== null || performance.now() - started > CLONED_FROM_MS;
    if (isSlow && this.#clones) await this.#continueInClone(count);
  }

  async drop(): Promise<void> {
    await this.#dropOpen();
    const template = this.#template;
    this.#template = null;
    if (template !== null) await this.#server.drop(template.name);
  }

  async #create(): Promise<void> {
    const { before = null, purpose, schema } = this.#options;
    const name = scratchName(purpose);
    const made = await this.#server.make(name);
    await this.#connect({ name, url: runUrl(made, { schema }) }, async (url) => {
      if (schema !== null) await makeSchema(runUrl(made, { schema: null }), schema);
      if (before !== null) await runBefore(url, before);
    });
  }

  /** Drops the database if that fails. */
  async #connect(
    { name, url }: Pick<OpenScratch, "name" | "url">,
    prepare: (url: string) => Promise<void> = async () => {},
  ): Promise<void> {
    const target = openTarget({ url });
    try {
      await prepare(url);
      this.#open = { name, url, session: await target.session(), close: () => target.close(), connection: null };
    } catch (error) {
      await target.close();
      await this.#server.drop(name);
      throw error instanceof ChangeoverError ? error : unreachable(error);
    }
  }

  async #continueInClone(applied: number): Promise<void> {
    const { name, url } = this.#current;
    this.#clones = await this.#server.clonesWhole(name);
    if (!this.#clones) return;
    await this.#disconnect();
    const clone = scratchName(this.#options.purpose);
    const made = await this.#server.make(clone, name).catch(() => null);
    if (made === null) {
      // Someone else is connected to it, or there is no room for two: it is as good as its clone.
      this.#clones = false;
      await this.#connect({ name, url });
      return;
    }
    this.#template = { name, url, applied };
    await this.#connect({ name: clone, url: runUrl(made, { schema: this.#options.schema }) });
  }

  async #dropOpen(): Promise<void> {
    const name = await this.#disconnect();
    if (name !== null) await this.#server.drop(name);
  }

  /** Returns the name of the database. */
  async #disconnect(): Promise<string | null> {
    if (this.#open === null) return null;
    const { close, connection, name } = this.#open;
    this.#open = null;
    await connection?.close();
    await close();
    return name;
  }

  get #current(): OpenScratch {
    if (this.#open === null) throw new Error("the scratch database does not exist yet");
    return this.#open;
  }
}

function unreachable(error: unknown): RefusedError {
  return new RefusedError({
    code: "SCRATCH_UNREACHABLE",
    message: `cannot connect to the scratch database: ${messageOf(error)}`,
    hint: "a pooler may know only its configured databases: give the server's own address",
    cause: error,
  });
}

/** In the real target its owner has made it. */
async function makeSchema(url: string, schema: string): Promise<void> {
  const target = openTarget({ url });
  try {
    await (await target.session()).run(`create schema if not exists ${pgName(schema)}`);
  } finally {
    await target.close();
  }
}
