import { Mutex } from "../mutex.ts";
import { chooseUp } from "../schema/migrate/choose-changes.ts";
import { type MigrationConnection, openConnection } from "../schema/migrate/migration-connection.ts";
import { migrate } from "../schema/migrate/migration-run.ts";
import { FLEET_MIGRATIONS } from "../schema/migrate/own-schema.ts";
import type { TargetParameter } from "../target/target.ts";
import { isConnectionLoss } from "../target/target-error.ts";

/** Where the fleet's own tables are. */
const FLEET_SCHEMA = "changeover_fleet";

/** Statements in the fleet's own tables. */
export interface FleetStatements {
  rows<Row extends object>(text: string, parameters?: readonly TargetParameter[]): Promise<Row[]>;
  run(text: string): Promise<void>;
}

/**
 * The one connection of a process for the fleet's tables and queue, whatever the number of its tenants. Opened again
 * when it was lost. `onOpen` runs on each new connection: it takes the locks that go with its life.
 */
export class FleetDatabase implements FleetStatements {
  readonly url: string;
  readonly #onOpen: (connection: FleetStatements) => Promise<void>;
  readonly #turns = new Mutex();
  #connection: MigrationConnection | null = null;

  constructor(url: string, onOpen: (connection: FleetStatements) => Promise<void> = async () => {}) {
    this.url = url;
    this.#onOpen = onOpen;
  }

  rows<Row extends object>(text: string, parameters: readonly TargetParameter[] = []): Promise<Row[]> {
    return this.#turns.run(() => this.#on((connection) => connection.rows<Row>(text, parameters)));
  }

  run(text: string): Promise<void> {
    return this.#turns.run(() => this.#on((connection) => connection.run(text)));
  }

  /** One transaction; nobody else's statements of this process come between. */
  transaction<T>(work: (tx: FleetStatements) => Promise<T>): Promise<T> {
    return this.#turns.run(() =>
      this.#on(async (connection) => {
        await connection.run("begin");
        try {
          const result = await work(connection);
          await connection.run("commit");
          return result;
        } catch (error) {
          await connection.run("rollback").catch(() => {});
          throw error;
        }
      }),
    );
  }

  async #on<T>(work: (connection: MigrationConnection) => Promise<T>): Promise<T> {
    if (this.#connection === null) {
      const opened = await openConnection(this.url);
      await this.#onOpen(opened);
      this.#connection = opened;
    }
    const connection = this.#connection;
    try {
      return await work(connection);
    } catch (error) {
      if (isConnectionLoss(error)) {
        this.#connection = null;
        await connection.close();
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#turns.run(async () => {
      await this.#connection?.close();
      this.#connection = null;
    });
  }
}

/** Makes the fleet's tables, or brings them up to date. */
export async function prepareFleet(url: string): Promise<void> {
  await migrate(
    {
      url,
      directory: FLEET_MIGRATIONS,
      migrationsTable: { schema: FLEET_SCHEMA, name: "migrations" },
      records: false,
    },
    { direction: "up", choose: (state) => chooseUp(state, {}) },
  );
}

/** Whether there is a fleet in this database. */
export async function hasFleet(database: FleetStatements): Promise<boolean> {
  const [row] = await database.rows<{ found: boolean }>(
    "select to_regclass('changeover_fleet.fleet') is not null as found",
  );
  return row?.found === true;
}
