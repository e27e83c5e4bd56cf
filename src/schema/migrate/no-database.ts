import type { DBConnection } from "node-pg-migrate/db";

/** Thrown where a migration file asks the database while there is none to ask. */
class AskedDatabase extends Error {
  constructor() {
    super("this migration asks the database while it runs");
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new AskedDatabase());
}

/** What a file's function gets where nothing may be asked. */
export const NO_DATABASE: DBConnection = noDatabase(() => {});

/** The same, and `asked` is told, whatever the file makes of the refusal. */
export function noDatabase(asked: () => void): DBConnection {
  const query = () => {
    asked();
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
