// A process of the application's own that writes: told over IPC what, it answers with what then stood in the database.
// @ts-check
import Database from "libsql";

/** @type {InstanceType<typeof Database> | undefined} */
let database;
/** @type {ReturnType<InstanceType<typeof Database>["prepare"]>[]} */
let prepared = [];
/** total_changes() when the contents were last told. */
let seen = 0;

process.on("message", (/** @type {any} */ message) => {
  try {
    process.send?.({ id: message.id, ...answer(message) });
  } catch (error) {
    process.send?.({ id: message.id, error: error instanceof Error ? error.message : String(error) });
  }
});
process.on("disconnect", () => process.exit());

/** @param {any} message */
function answer(message) {
  if (message.kind === "create") return create(message);
  if (message.kind === "race") return race(message);
  if (message.kind === "close") {
    close();
    return {};
  }
  return write(message);
}

/**
 * Makes the database; says what stands in it. @param {{ path: string, journal: string, ddl: string[], queries: string[]
 * }} message
 */
function create({ path, journal, ddl, queries }) {
  const fresh = new Database(path);
  fresh.exec(`PRAGMA journal_mode = ${journal}`);
  fresh.close();
  write({ path, queries: [], statements: ddl, open: false });
  close();
  attach({ path, queries });
  return { states: [contents()], refusals: [] };
}

/**
 * Runs statements; each that leaves no transaction open may have committed. `open`: a transaction stays open.
 * @param {{ path: string, queries: string[], statements: string[], open: boolean }} message
 */
function write({ path, queries, statements, open }) {
  /** @type {unknown[]} */
  const states = [];
  /** @type {string[]} */
  const refusals = [];
  const attempt = (/** @type {() => void} */ work) => {
    try {
      work();
      return true;
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  // Even to read the schema takes a lock, which a killed writer's journal may hold back for a while.
  if (database === undefined && !attempt(() => attach({ path, queries }))) {
    close();
    return { states, refusals };
  }
  const run = (/** @type {string} */ sql) => {
    attempt(() => the().exec(sql));
    // A statement with OR FAIL keeps what it did before it failed. Of what changed nothing, nothing is read: even that
    // takes a lock.
    if (the().inTransaction || changes() === seen) return;
    seen = changes();
    states.push(contents());
  };
  for (const sql of statements) run(sql);
  if (!open && the().inTransaction) run("ROLLBACK");
  return { states, refusals };
}

/**
 * The same while others write at the same time: all is one transaction, so that what it commits is known before it
 * does.
 * @param {{ path: string, queries: string[], statements: string[] }} message
 */
function race({ path, queries, statements }) {
  if (database === undefined) attach({ path, queries });
  the().exec("PRAGMA busy_timeout = 5000");
  const refusals = [];
  const states = [];
  try {
    the().exec("BEGIN IMMEDIATE");
    for (const sql of statements) {
      try {
        the().exec(sql);
      } catch (error) {
        refusals.push(error instanceof Error ? error.message : String(error));
      }
      // OR ROLLBACK ended it: what came now would be a transaction of its own.
      if (!the().inTransaction) break;
    }
    if (the().inTransaction) {
      states.push(contents());
      the().exec("COMMIT");
    }
  } catch (error) {
    states.length = 0;
    refusals.push(error instanceof Error ? error.message : String(error));
  }
  if (the().inTransaction) the().exec("ROLLBACK");
  return { states, refusals };
}

/** @param {{ path: string, queries: string[] }} message */
function attach({ path, queries }) {
  // A lock of others is met, not waited for: whoever holds it may be waiting for this process.
  database = new Database(path, /** @type {any} */ ({ timeout: 5 }));
  database.exec("PRAGMA synchronous = OFF");
  seen = 0;
  prepared = queries.map((text) => the().prepare(text).raw());
}

function close() {
  prepared = [];
  database?.close();
  database = undefined;
}

/** Rows that this process has changed so far. */
function changes() {
  return the().prepare("SELECT total_changes()").raw().get()[0];
}

function contents() {
  // The lock of a commit elsewhere is over soon.
  the().exec("PRAGMA busy_timeout = 3000");
  try {
    return prepared.map((query) => query.all());
  } finally {
    the().exec("PRAGMA busy_timeout = 5");
  }
}

function the() {
  if (database === undefined) throw new Error("no database is open");
  return database;
}
