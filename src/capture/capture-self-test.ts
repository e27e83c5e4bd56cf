import { setTimeout as delay } from "node:timers/promises";
import { ChangeoverError, messageOf, RefusedError } from "../errors.ts";
import { sqliteName, sqliteString } from "../quote.ts";
import { rolledBack } from "../source/rolled-back.ts";
import type { Source, SourceWriter } from "../source/source.ts";
import { isOutage } from "../source/source-error.ts";
import { groupAlikeTables } from "./alike-tables.ts";
import { type CapturePath, capturePaths } from "./capture-paths.ts";
import type { CapturedTable } from "./render-triggers.ts";
import { type Origin, TrialTable } from "./trial-table.ts";

/** A way of changing rows that could not be tested, since no row could be made for it. */
export interface UntestedPath {
  readonly table: string;
  readonly path: string;
  readonly reason: string;
}

// Writers of the application wait 50 ms at most. The last trial and the end of the transaction come behind this time,
// so it is shorter. Between two transactions they get as much time.
const LOCK_MS = 20;

// To check a deleted row SQLite scans every table that refers to it by columns without an index: 5 s for 5 GB, while
// holding the lock. A server may reject the pragma.
const WITHOUT_FOREIGN_KEYS = { file: { foreignKeys: "off" }, remote: {} } as const;

/**
 * The capture self-test: changes rows of each table in every way that its schema allows, in transactions that are
 * rolled back. Of tables that differ only in their names one is tested; the others too, if it could not be tested in
 * each way. Throws if a change is not in the log, or if a statement fails only because of our triggers. Returns the
 * ways that could not be tested.
 */
export async function testCapture(source: Source, tables: readonly CapturedTable[]): Promise<UntestedPath[]> {
  const groups = await groupAlikeTables(source, tables);
  const untested = await testTables(
    source,
    groups.flatMap(([first]) => first ?? []),
  );
  const isUntested = new Set(untested.map(({ table }) => table));
  const others = groups.flatMap(([first, ...more]) => (isUntested.has(first?.table.name ?? "") ? more : []));
  return [...untested, ...(await testTables(source, others))];
}

async function testTables(source: Source, tables: readonly CapturedTable[]): Promise<UntestedPath[]> {
  const proofs = tables.map(
    (captured): Proof => ({
      captured,
      failures: new Set(),
      trials: capturePaths(captured).map(
        (path): Trial => ({
          path,
          origins: ["made", "copied", "taken"],
          reason: "no row could be made, and there is none",
        }),
      ),
    }),
  );
  for (let open = proofs; open.length > 0; ) {
    const began = performance.now();
    await rolledBack(source, (tx) => testSome(tx, open), WITHOUT_FOREIGN_KEYS[source.kind]);
    open = open.slice(Math.max(0, open.findIndex(hasOpenTrial)));
    if (!open.some(hasOpenTrial)) break;
    await delay(Math.min(LOCK_MS, performance.now() - began));
  }
  return proofs.flatMap(({ captured, trials }) =>
    trials
      .filter(({ reason }) => reason !== null)
      .map(({ path, reason }) => ({ table: captured.table.name, path: path.name, reason: reason ?? "" })),
  );
}

/** One path and the progress of its test. */
interface Trial {
  readonly path: CapturePath;
  /** Origins of rows that are still to be tried. */
  origins: readonly Origin[];
  /** Why it is not proved yet; null once it is. */
  reason: string | null;
}

interface Proof {
  readonly captured: CapturedTable;
  readonly trials: readonly Trial[];
  /** Failures that also occur without capture, by message: the application's own. */
  readonly failures: Set<string>;
}

function isOpen(trial: Trial): boolean {
  return trial.reason !== null && trial.origins.length > 0;
}

function hasOpenTrial({ trials }: Proof): boolean {
  return trials.some(isOpen);
}

/**
 * As many tables as fit into one transaction: a PRAGMA, of which each transaction needs some, visits every statement
 * that libsql has not yet finalized.
 */
async function testSome(tx: SourceWriter, proofs: readonly Proof[]): Promise<void> {
  const until = performance.now() + LOCK_MS;
  await prepareForAnyRow(tx);
  try {
    for (const proof of proofs) if (await testTable(tx, proof, until)) return;
  } finally {
    await tx.run("PRAGMA ignore_check_constraints = OFF").catch(() => {});
  }
}

/** Whether the transaction is over. */
async function testTable(tx: SourceWriter, proof: Proof, until: number): Promise<boolean> {
  const { captured, trials } = proof;
  for (const trial of trials) {
    while (isOpen(trial)) {
      if (performance.now() > until) return true;
      const [origin, ...others] = trial.origins;
      const outcome = await attempt(tx, proof, trial.path, origin ?? "made");
      trial.origins = others;
      if (outcome.kind === "unseen") throw selfTestFailed(captured, trial.path, outcome.detail);
      if (outcome.kind === "seen") trial.reason = null;
      else if (outcome.reason !== null) trial.reason = outcome.reason;
      // A ROLLBACK clause of the application's schema ended our transaction.
      if (outcome.kind === "not-tried" && outcome.ended) return true;
    }
  }
  return false;
}

/** Lets invented rows violate CHECKs and foreign keys, on which logging does not depend. */
async function prepareForAnyRow(tx: SourceWriter): Promise<void> {
  for (const pragma of ["ignore_check_constraints", "defer_foreign_keys"]) {
    await tx.run(`PRAGMA ${pragma} = ON`).catch((error: unknown) => {
      // A server may reject these pragmas; then some rows cannot be made.
      if (isOutage(error)) throw error;
    });
  }
}

type Outcome =
  | { readonly kind: "seen" }
  | { readonly kind: "unseen"; readonly detail: string }
  | { readonly kind: "not-tried"; readonly reason: string | null; readonly ended: boolean };

async function attempt(
  tx: SourceWriter,
  { captured, failures }: Proof,
  path: CapturePath,
  origin: Origin,
): Promise<Outcome> {
  const table = new TrialTable(tx, captured);
  await tx.run("SAVEPOINT trial");
  let outcome: Outcome;
  let suspect = false;
  try {
    const done = await path.exercise(table, origin);
    if (done === null) outcome = { kind: "not-tried", reason: null, ended: false };
    else {
      let seen = true;
      for (const key of done.keys) seen &&= await table.isLogged(key, done.since);
      outcome = seen
        ? { kind: "seen" }
        : done.changed
          ? { kind: "unseen", detail: "the change is not in the log" }
          : { kind: "not-tried", reason: "the statement changed nothing", ended: false };
    }
  } catch (error) {
    if (isOutage(error) || error instanceof ChangeoverError) throw error;
    outcome = { kind: "not-tried", reason: messageOf(error), ended: false };
    suspect = !isConstraint(error);
  }
  const ended = !(await rollBack(tx));
  if (outcome.kind !== "not-tried") return outcome;
  if (suspect && !ended && outcome.reason !== null && !failures.has(outcome.reason)) {
    if (await succeedsWithoutCapture(tx, captured, path, origin))
      return { kind: "unseen", detail: `the statement fails because of a trigger of capture (${outcome.reason})` };
    failures.add(outcome.reason);
  }
  return { ...outcome, ended };
}

/** Our triggers cannot violate a constraint, since the log has none: it is the application's schema. */
function isConstraint(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_CONSTRAINT");
}

async function rollBack(tx: SourceWriter): Promise<boolean> {
  try {
    await tx.run("ROLLBACK TO trial");
    await tx.run("RELEASE trial");
    return true;
  } catch (error) {
    if (isOutage(error)) throw error;
    return false;
  }
}

/** Whether a failed change succeeds without our triggers: then the application's own statements would fail, too. */
async function succeedsWithoutCapture(
  tx: SourceWriter,
  { id, table, identity }: CapturedTable,
  path: CapturePath,
  origin: Origin,
): Promise<boolean> {
  await tx.run("SAVEPOINT trial");
  try {
    const ours = await tx.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE " +
        `${sqliteString(`\\_changeover\\_${id}\\_%`)} ESCAPE '\\'`,
    );
    for (const [name] of ours) await tx.run(`DROP TRIGGER ${sqliteName(String(name))}`);
    const done = await path.exercise(new TrialTable(tx, { id, table, identity }), origin);
    return done?.changed === true;
  } catch (error) {
    if (isOutage(error)) throw error;
    return false;
  } finally {
    await rollBack(tx);
  }
}

function selfTestFailed({ table }: CapturedTable, path: CapturePath, detail: string): RefusedError {
  return new RefusedError({
    code: "CAPTURE_SELF_TEST_FAILED",
    message: `table ${table.name}: the capture self-test failed for ${path.name}: ${detail}. Nothing was copied`,
    hint:
      "leave the table out with `--exclude`, and please report its CREATE TABLE, indexes and triggers: " +
      `${table.name} uses something that changeover does not know`,
    context: { table: table.name, path: path.name },
  });
}
