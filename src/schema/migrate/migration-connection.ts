import type pg from "pg";
import type { ChangeoverError } from "../../errors.ts";
import { sql } from "../../sql.ts";
import { connectionLocation, renderUrl } from "../../target/connection/render-connection.ts";
import { resolveConnection } from "../../target/connection/resolve-connection.ts";
import type { SchemasOfRun } from "../../target/connection/search-path.ts";
import type { ServerState } from "../../target/connection/server-state.ts";
import { lostError } from "../../target/liveness.ts";
import type { TargetParameter, TargetStatements } from "../../target/target.ts";
import { targetError } from "../../target/target-error.ts";
import { type OpenPgClient, openPgClient } from "./open-pg-client.ts";

/**
 * A connection for migrations. It keeps no session state between transactions, so it works through a pooler. It uses
 * node-postgres, since migration files that query the database expect it.
 */
export interface MigrationConnection extends TargetStatements {
  readonly client: pg.Client;
  /** Leads to the same server. */
  readonly url: string;
  readonly location: string;
  readonly server: ServerState;
  readonly schema: string | null;
  readonly stateSchema: string;
  close(): Promise<void>;
}

export async function openConnection(url: string): Promise<MigrationConnection> {
  const connection = resolveConnection(url);
  const location = connectionLocation(connection);
  try {
    const opened = await openPgClient(connection);
    return new PgConnection(opened, { ...connection, location });
  } catch (error) {
    throw targetError(error, location);
  }
}

/** Runs `work` with a connection that is closed afterwards. */
export async function withConnection<T>(
  url: string,
  work: (connection: MigrationConnection) => Promise<T>,
): Promise<T> {
  const connection = await openConnection(url);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Cancels the running statement of a backend. */
export async function cancelBackend(url: string, pid: number): Promise<void> {
  await withConnection(url, (connection) => connection.rows("select pg_cancel_backend($1)", [pid]));
}

/** Cancels a statement by its text, among those of this role. */
export async function cancelStatement(url: string, statement: string): Promise<void> {
  await withConnection(url, (connection) => connection.rows(sql("target/cancel-statement"), [statement]));
}

class PgConnection implements MigrationConnection {
  readonly client: pg.Client;
  readonly url: string;
  readonly location: string;
  readonly server: ServerState;
  readonly schema: string | null;
  readonly stateSchema: string;
  #savepoints = 0;
  #ended = false;

  constructor({ client, same, server }: OpenPgClient, told: SchemasOfRun & { readonly location: string }) {
    client.once("end", () => {
      this.#ended = true;
    });
    this.client = client;
    this.url = renderUrl(same);
    this.server = server;
    this.location = told.location;
    this.schema = told.schema;
    this.stateSchema = told.stateSchema;
  }

  async rows<Row extends object>(text: string, parameters: readonly TargetParameter[] = []): Promise<Row[]> {
    try {
      return (await this.client.query(text, [...parameters])).rows as Row[];
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async run(text: string): Promise<void> {
    try {
      await this.client.query(text);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `changeover_${++this.#savepoints}`;
    await this.run(`savepoint ${name}`);
    try {
      const result = await work();
      await this.run(`release savepoint ${name}`);
      return result;
    } catch (error) {
      await this.run(`rollback to savepoint ${name}; release savepoint ${name}`);
      throw error;
    }
  }

  /** An error after the connection's end has no code. */
  #failed(error: unknown): ChangeoverError {
    return this.#ended ? lostError(this.location) : targetError(error, this.location);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => {});
  }
}
