import { setTimeout as delay } from "node:timers/promises";
import { ChangeoverError, messageOf, RefusedError } from "../errors.ts";
import { sqliteName, sqliteString } from "../quote.ts";
import { rolledBack } from "../source/rolled-back.ts";
import type { Source, SourceWriter } from "../source/source.ts";
import { isOutage } from "../source/source-error.ts";
import { type CapturePath, capturePaths } from "./capture-paths.ts";
import type { CapturedTable } from "./render-triggers.ts";
import { type Origin, TrialTable } from "./trial-table.ts";

/** A way of changing a table's rows that could not be tried: no row could be made for it. */
export interface UnprovedPath {
  readonly table: string;
  readonly path: string;
  readonly reason: string;
}

// The application's writers wait no longer than this, and as long between two trials they may write.
const LOCK_MS = 40;

// For a row that is deleted SQLite reads all of a table that refers to it by columns without an index: 5 s of 5 GB, with the lock held.
// A server may not take the pragma.
const WITHOUT_FOREIGN_KEYS = { file: { foreignKeys: "off" }, remote: {} } as const;

/**
 * Changes rows of each table in every way that its schema knows, in write transactions that are taken back, and
 * throws if one of the changes is not in the log, or if a statement fails only because of our triggers. Returns
 * the ways that could not be tried.
 */
export async function proveCapture(source: Source, tables: readonly CapturedTable[]): Promise<UnprovedPath[]> {
  const unproved: UnprovedPath[] = [];
  for (const table of tables) unproved.push(...(await proveTable(source, table)));
  return unproved;
}

async function proveTable(source: Source, captured: CapturedTable): Promise<UnprovedPath[]> {
  const trials = capturePaths(captured).map(
    (path): Trial => ({
      path,
      origins: ["made", "copied", "taken"],
      reason: "no row could be made, and there is none",
    }),
  );
  const failures = new Set<string>();
  while (trials.some(isOpen)) {
    await rolledBack(source, (tx) => proveSome(tx, { captured, trials, failures }), WITHOUT_FOREIGN_KEYS[source.kind]);
    if (trials.some(isOpen)) await delay(LOCK_MS);
  }
  return trials
    .filter(({ reason }) => reason !== null)
    .map(({ path, reason }) => ({ table: captured.table.name, path: path.name, reason: reason ?? "" }));
}

/** One path and how far its proof is. */
interface Trial {
  readonly path: CapturePath;
  /** Rows still to be tried it with. */
  origins: readonly Origin[];
  /** Why it is not proved; null once it is. */
  reason: string | null;
}

interface Proof {
  readonly captured: CapturedTable;
  readonly trials: readonly Trial[];
  /** Messages of failures that are the application's own: its statements fail without capture, too. */
  readonly failures: Set<string>;
}

function isOpen(trial: Trial): boolean {
  return trial.reason !== null && trial.origins.length > 0;
}

async function proveSome(tx: SourceWriter, proof: Proof): Promise<void> {
  const { captured, trials } = proof;
  const until = performance.now() + LOCK_MS;
  await prepareForAnyRow(tx);
  try {
    for (const trial of trials) {
      while (isOpen(trial)) {
        if (performance.now() > until) return;
        const [origin, ...others] = trial.origins;
        const outcome = await attempt(tx, proof, trial.path, origin ?? "made");
        trial.origins = others;
        if (outcome.kind === "unseen") throw unseen(captured, trial.path, outcome.detail);
        if (outcome.kind === "seen") trial.reason = null;
        else if (outcome.reason !== null) trial.reason = outcome.reason;
        // The application's own ROLLBACK clause ended our transaction.
        if (outcome.kind === "not-tried" && outcome.ended) return;
      }
    }
  } finally {
    await tx.run("PRAGMA ignore_check_constraints = OFF").catch(() => {});
  }
}

/** Rows that are made up meet no CHECK and no parent; what a trigger logs does not depend on either. */
async function prepareForAnyRow(tx: SourceWriter): Promise<void> {
  for (const pragma of ["ignore_check_constraints", "defer_foreign_keys"]) {
    await tx.run(`PRAGMA ${pragma} = ON`).catch((error: unknown) => {
      // A server may not take these; then such rows just cannot be made.
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
      for (const key of done.keys) seen &&= await table.isLogged(key, done.mark);
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
  const ended = !(await takeBack(tx));
  if (outcome.kind !== "not-tried") return outcome;
  if (suspect && !ended && outcome.reason !== null && !failures.has(outcome.reason)) {
    if (await succeedsWithoutCapture(tx, captured, path, origin))
      return { kind: "unseen", detail: `the statement fails because of a trigger of capture (${outcome.reason})` };
    failures.add(outcome.reason);
  }
  return { ...outcome, ended };
}

/** Our triggers break no constraint, since the log has none: the application's schema does. */
function isConstraint(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_CONSTRAINT");
}

async function takeBack(tx: SourceWriter): Promise<boolean> {
  try {
    await tx.run("ROLLBACK TO trial");
    await tx.run("RELEASE trial");
    return true;
  } catch (error) {
    if (isOutage(error)) throw error;
    return false;
  }
}

/** Whether what failed works once our triggers are gone: then the application's own statements would fail, too. */
async function succeedsWithoutCapture(
  tx: SourceWriter,
  { id, table, identity }: CapturedTable,
  path: CapturePath,
  origin: Origin,
): Promise<boolean> {
  await tx.run("SAVEPOINT trial");
  try {
    const ours = await tx.rows(
      `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ${sqliteString(`\\_changeover\\_${id}\\_%`)} ESCAPE '\\'`,
    );
    for (const [name] of ours) await tx.run(`DROP TRIGGER ${sqliteName(String(name))}`);
    const done = await path.exercise(new TrialTable(tx, { id, table, identity }), origin);
    return done?.changed === true;
  } catch (error) {
    if (isOutage(error)) throw error;
    return false;
  } finally {
    await takeBack(tx);
  }
}

function unseen({ table }: CapturedTable, path: CapturePath, detail: string): RefusedError {
  return new RefusedError({
    code: "CAPTURE_SELF_TEST_FAILED",
    message: `table ${table.name}: capture was tried and does not hold for ${path.name}: ${detail}. Nothing was copied`,
    hint: `leave the table behind with \`--exclude\`, and please report its CREATE TABLE, indexes and triggers: ${table.name} has something that changeover does not know`,
    context: { table: table.name, path: path.name },
  });
}
