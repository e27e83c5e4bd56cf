import Database from "libsql";

export const ACCOUNTS = 10_000;
const BYTES_A_ROW = 230;

/** Creates accounts and entries with about this many bytes: 5 GB take a minute. */
export function makeLedger(path: string, bytes: number): void {
  const database = new Database(path);
  // No writer is active, and a lost file can be created again.
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536");
  database.exec(
    "CREATE TABLE accounts(id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance INTEGER NOT NULL); CREATE TABLE " +
      "entries(id INTEGER PRIMARY KEY AUTOINCREMENT, writer_n INTEGER UNIQUE, account INTEGER NOT NULL REFERENCES " +
      "accounts(id), note TEXT NOT NULL, at DATETIME NOT NULL)",
  );
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS}) INSERT INTO accounts ` +
      "SELECT i, 'owner ' || i, 0 FROM n",
  );
  const rows = Math.ceil(bytes / BYTES_A_ROW);
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO ` +
      `entries(account, note, at) SELECT 1 + i % ${ACCOUNTS}, hex(randomblob(80)) || i, ` +
      "strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i, 'unixepoch') FROM n",
  );
  database.exec("PRAGMA synchronous = NORMAL; PRAGMA journal_mode = WAL");
  database.close();
}
