import { getNumericPrefix } from "node-pg-migrate/utils/fileNameUtils";
import { MigrationFileError, RefusedError } from "../../errors.ts";
import type { Direction } from "./load-migrations.ts";
import type { MigrationState } from "./migration-status.ts";
import type { AppliedMigration } from "./migrations-table.ts";

/** One migration to apply or undo. */
export interface Change {
  readonly name: string;
  readonly direction: Direction;
}

/** How far to go: a number of migrations, or the one that should be the last applied. */
export interface HowFar {
  /** How many migrations. */
  readonly count?: number;
  /** A migration's name, or its beginning. */
  readonly to?: string;
  /** A timestamp: `up` applies files with this one or earlier ones, `down` undoes those with this one or later ones. */
  readonly timestamp?: number;
}

export function chooseUp({ applied, files }: MigrationState, { count, timestamp, to }: HowFar): Change[] {
  const done = new Set(applied.map(({ name }) => name));
  const last = to === undefined ? files.length - 1 : files.findIndex(({ name }) => name === named(to, files));
  const pending = files.slice(0, last + 1).filter(({ name }) => !done.has(name));
  const wanted = timestamp === undefined ? pending : pending.filter(({ name }) => timestampOf(name) <= timestamp);
  return wanted.slice(0, count).map(({ name }) => ({ name, direction: "up" }));
}

/** Migrations to undo, the last one first. With `to`: all that were applied after that one. */
export function chooseDown({ applied }: MigrationState, howFar: HowFar): Change[] {
  const last = lastOf(applied, howFar);
  refuseUnclearOrder(last, lastOf([...applied].sort(byId), howFar));
  return last.map(({ name }) => ({ name, direction: "down" }));
}

/** The last first. */
function lastOf(applied: readonly AppliedMigration[], { count, timestamp, to }: HowFar): AppliedMigration[] {
  if (timestamp !== undefined) return applied.filter(({ name }) => timestampOf(name) >= timestamp).reverse();
  const keptCount =
    to === undefined
      ? Math.max(0, applied.length - (count ?? 1))
      : applied.findIndex(({ name }) => name === named(to, applied)) + 1;
  return applied.slice(keptCount).reverse();
}

/** The number in front of a name; of 17 digits, as node-pg-migrate's `utc` format has it, the time in ms. */
function timestampOf(name: string): number {
  return /^\d/.test(name) ? getNumericPrefix(name) : Number.NaN;
}

/** Compares ids numerically: they may exceed what a double holds. */
function byId(a: AppliedMigration, b: AppliedMigration): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}

/**
 * Throws if it is unclear which migration was applied last, since the wrong one could be undone. node-pg-migrate stores
 * the local time, which goes back in autumn and differs between time zones. The order is clear only if times and ids
 * agree.
 */
function refuseUnclearOrder(byTime: readonly AppliedMigration[], byNumber: readonly AppliedMigration[]): void {
  const at = byTime.findIndex(({ name }, index) => name !== byNumber[index]?.name);
  const [earlier, later] = [byTime[at], byNumber[at]];
  if (earlier === undefined) return;
  const shown = ({ id, name, runOn }: AppliedMigration) => `${name} (id ${id}, run_on ${runOn.replace("T", " ")})`;
  throw new RefusedError({
    code: "MIGRATION_ORDER_UNCLEAR",
    message:
      `by its time ${shown(earlier)} was applied last, by its id ` +
      `${later === undefined ? "another migration" : shown(later)}. Nothing was undone`,
    hint:
      "this happens when the clock goes back, or when a session has another time zone. Correct run_on in the " +
      "migrations table so that it increases in the order of application, and run the same command again",
    context: { byTime: earlier.name, byNumber: later?.name },
  });
}

export function chooseRedo(state: MigrationState, howFar: HowFar): Change[] {
  const down = chooseDown(state, howFar);
  return [...down, ...[...down].reverse().map(({ name }): Change => ({ name, direction: "up" }))];
}

function named(given: string, among: readonly { readonly name: string }[]): string {
  const wanted = given.replace(/\.(sql|[cm]?[jt]s)$/, "");
  const exact = among.find(({ name }) => name === wanted);
  const found = exact === undefined ? among.filter(({ name }) => name.startsWith(wanted)) : [exact];
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.name;
  throw new MigrationFileError({
    code: "MIGRATION_UNKNOWN",
    message:
      found.length === 0 ? `no migration, or no applied one, is named ${given}` : `${given} may be ${someOf(found)}`,
    hint: "`changeover migrations` lists them; give a name, the beginning of one, or a number of migrations",
    context: { to: given },
  });
}

const SHOWN = 3;

function someOf(found: readonly { readonly name: string }[]): string {
  const shown = found.slice(0, SHOWN).map(({ name }) => name);
  const others = found.length - shown.length;
  return `${shown.join(" or ")}${others === 0 ? "" : `, or one of ${others} others`}`;
}
