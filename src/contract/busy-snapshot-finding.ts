import type { Finding } from "../model/proposal.ts";
import type { SourceMigrationsTable } from "../model/source-schema.ts";

/**
 * How an ORM's transactions take the write lock when they begin, and wait for it. By the name of its migration tool.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  Django: 'OPTIONS {"transaction_mode": "IMMEDIATE", "timeout": 20} in DATABASES (from 5.1 on)',
  Rails: "default_transaction_mode: IMMEDIATE and timeout: 5000 in config/database.yml (Rails 8 has them by default)",
  Alembic: 'SQLAlchemy: isolation_level None at "connect", and BEGIN IMMEDIATE at "begin", as its pages on SQLite say',
  Drizzle: 'db.transaction(work, { behavior: "immediate" }), and PRAGMA busy_timeout = 5000',
  Payload: 'transactionOptions { behavior: "immediate" } of sqliteAdapter, and PRAGMA busy_timeout = 5000',
  TypeORM: "PRAGMA busy_timeout = 5000 in prepareDatabase; BEGIN IMMEDIATE where a transaction reads first",
  Knex: "PRAGMA busy_timeout = 5000 in pool.afterCreate; BEGIN IMMEDIATE where a transaction reads first",
  Sequelize: "transactionType: Sequelize.Transaction.TYPES.IMMEDIATE, and retry of SQLITE_BUSY",
  Prisma: "connection_limit=1 and socket_timeout in the URL, and a retry of interactive transactions",
  Laravel: "'busy_timeout' => 5000 and 'transaction_mode' => 'IMMEDIATE' of the connection",
};

/**
 * Who will meet SQLITE_BUSY during a sync: an application whose transactions read first, and take the write lock
 * later. SQLite does not wait then, since another connection's commit made the read stale. Known by the tool.
 */
export function busySnapshotFindings({
  isFile,
  tools,
}: {
  readonly isFile: boolean;
  readonly tools: readonly SourceMigrationsTable[];
}): Finding[] {
  const names = [...new Set(tools.map(({ tool }) => tool.name))].filter((name) => name in SETTINGS);
  if (!isFile) return [];
  return names.map((name) => ({
    code: "SOURCE_BUSY_SNAPSHOT",
    severity: "info",
    table: "",
    message:
      `${name}'s transactions may read before they write: where another connection commits in between, SQLite ` +
      "answers " +
      `"database is locked" at once, whatever the timeout. changeover commits as rarely as it can, but not never`,
    hint: `${SETTINGS[name] ?? ""}: such a transaction then waits for its turn`,
  }));
}
