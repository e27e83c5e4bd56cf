import { pathToFileURL } from "node:url";
import { type Client, createClient, LibsqlError } from "@libsql/client";
import type { Random } from "./random.ts";
import type { Effect, Write } from "./writes/write.ts";

export type Outcome =
  | { readonly kind: "committed"; readonly effect: Effect }
  | { readonly kind: "nothing" }
  | { readonly kind: "busy" }
  /** Another program has closed this database to writes, and its message says so. */
  | { readonly kind: "fenced"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

export interface Connection {
  /** Runs one write in one BEGIN IMMEDIATE transaction; never throws for what SQLite says. */
  attempt(write: Write, random: Random): Promise<Outcome>;
  close(): void;
}

export async function connect(path: string, busyTimeout: number): Promise<Connection> {
  // One connection, so that what is set on it holds for all that follows.
  const client = createClient({ url: pathToFileURL(path).href, concurrency: 1, timeout: busyTimeout });
  await prepare(client);
  return {
    close: () => client.close(),
    async attempt(write, random) {
      try {
        const tx = await client.transaction("write");
        try {
          const effect = await write.run(tx, random);
          if (effect === null) return { kind: "nothing" };
          // Not tx.commit(): when that meets a reader of a rollback-journal database, its COMMIT
          // stays unfinished and holds the lock, even once the connection is closed.
          await tx.executeMultiple("COMMIT");
          return { kind: "committed", effect };
        } finally {
          tx.close();
        }
      } catch (error) {
        if (!(error instanceof LibsqlError)) throw error;
        if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) {
          // After BUSY a libsql connection (0.5.29) says OK to the next write and does not commit it.
          await client.reconnect();
          await prepare(client);
          return { kind: "busy" };
        }
        return { kind: /changeover|PostgreSQL/i.test(error.message) ? "fenced" : "failed", message: error.message };
      }
    },
  };
}

/** Settings that belong to a connection, not to the file. */
async function prepare(client: Client): Promise<void> {
  await client.execute("PRAGMA foreign_keys = ON");
  await client.execute("PRAGMA synchronous = NORMAL");
}
