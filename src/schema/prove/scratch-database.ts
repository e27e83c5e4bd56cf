import { ChangeoverError, messageOf, RefusedError } from "../../errors.ts";
import { pgName } from "../../quote.ts";
import { runUrl } from "../../target/connection/render-connection.ts";
import { openTarget, type TargetSession } from "../../target/target.ts";
import { type MigrationConnection, openConnection } from "../migrate/migration-connection.ts";
import { type BeforeFile, runBefore } from "./before-file.ts";
import { scratchName } from "./scratch-name.ts";
import type { ScratchServer } from "./scratch-server.ts";

interface OpenScratch {
  readonly name: string;
  readonly url: string;
  readonly session: TargetSession;
  readonly close: () => Promise<void>;
  /** The one that migrations run on, opened for the first of them. */
  connection: MigrationConnection | null;
}

/** One scratch database, emptied by creating it again. */
export class ScratchDatabase {
  readonly #server: ScratchServer;
  readonly #before: BeforeFile | null;
  readonly #schema: string | null;
  #open: OpenScratch | null = null;

  /** `schema`: where the tables are to lie; null: in the first schema of the role's search_path. */
  constructor(
    server: ScratchServer,
    { before = null, schema }: { readonly before?: BeforeFile | null; readonly schema: string | null },
  ) {
    this.#server = server;
    this.#before = before;
    this.#schema = schema;
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
    const name = scratchName();
    const made = await this.#server.make(name);
    const url = runUrl(made, { schema: this.#schema });
    const target = openTarget({ url });
    try {
      if (this.#schema !== null) await makeSchema(runUrl(made, { schema: null }), this.#schema);
      if (this.#before !== null) await runBefore(url, this.#before);
      this.#open = { name, url, session: await target.session(), close: () => target.close(), connection: null };
    } catch (error) {
      await target.close();
      await this.#server.drop(name);
      throw error instanceof ChangeoverError
        ? error
        : new RefusedError({
            code: "SCRATCH_UNREACHABLE",
            message: `cannot connect to the scratch database: ${messageOf(error)}`,
            hint: "a pooler may know only its configured databases: give the server's own address",
            cause: error,
          });
    }
  }

  async drop(): Promise<void> {
    if (this.#open === null) return;
    const { name, close, connection } = this.#open;
    this.#open = null;
    await connection?.close();
    await close();
    await this.#server.drop(name);
  }

  get #current(): OpenScratch {
    if (this.#open === null) throw new Error("the scratch database does not exist yet");
    return this.#open;
  }
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
