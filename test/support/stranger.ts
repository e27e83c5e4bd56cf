import pg from "pg";
import { onTestFinished } from "vitest";

/** A client of PostgreSQL that is none of ours: an application, a job, someone with psql. */
export interface Stranger {
  /** Runs the statements; the message of the refusal, else null. */
  tries(statements: string): Promise<string | null>;
  rows<Row extends object>(text: string): Promise<Row[]>;
}

export async function stranger(
  url: string,
  ended: (done: () => void | Promise<void>) => void = onTestFinished,
): Promise<Stranger> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  ended(() => client.end());
  return {
    async tries(statements) {
      try {
        await client.query(statements);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        await client.query("rollback").catch(() => {});
      }
    },
    rows: async <Row extends object>(text: string) => (await client.query(text)).rows as Row[],
  };
}
