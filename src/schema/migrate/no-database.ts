import type { DBConnection } from "node-pg-migrate/db";

/** Thrown if a migration file queries the database where it must not. */
class DatabaseQueried extends Error {
  constructor() {
    super("this migration queries the database while it runs");
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new DatabaseQueried());
}

/** A database connection that rejects every query. */
export const NO_DATABASE: DBConnection = noDatabase(() => {});

/** A database connection that calls `asked` and rejects every query. */
export function noDatabase(onQuery: () => void): DBConnection {
  const query = () => {
    onQuery();
    return refuse();
  };
  return {
    query,
    select: query,
    column: query,
    createConnection: () => Promise.resolve(),
    connected: () => false,
    addBeforeCloseListener: () => 0,
    close: () => Promise.resolve(),
  };
}
