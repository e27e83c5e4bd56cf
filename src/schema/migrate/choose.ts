import { MigrationFileError, RefusedError } from "../../errors.ts";
import type { AppliedMigration } from "./ledger.ts";
import type { Direction } from "./load.ts";
import type { MigrationState } from "./status.ts";

/** One file to run one way. */
export interface Change {
  readonly name: string;
  readonly direction: Direction;
}

/** How far: a number of migrations, or the one that is to stand last. */
export interface HowFar {
  readonly count?: number;
  /** A migration's name, or the beginning of it. */
  readonly to?: string;
}

export function chooseUp({ applied, files }: MigrationState, { count, to }: HowFar): Change[] {
  const done = new Set(applied.map(({ name }) => name));
  const last = to === undefined ? files.length - 1 : files.findIndex(({ name }) => name === named(to, files));
  const pending = files.slice(0, last + 1).filter(({ name }) => !done.has(name));
  return pending.slice(0, count).map(({ name }) => ({ name, direction: "up" }));
}

/** The last first. With `to`, what was applied after that one. */
export function chooseDown({ applied }: MigrationState, howFar: HowFar): Change[] {
  const last = lastOf(applied, howFar);
  refuseUnclearOrder(last, lastOf([...applied].sort(byId), howFar));
  return last.map(({ name }) => ({ name, direction: "down" }));
}

/** The last first. */
function lastOf(applied: readonly AppliedMigration[], { count, to }: HowFar): AppliedMigration[] {
  const kept =
    to === undefined
      ? Math.max(0, applied.length - (count ?? 1))
      : applied.findIndex(({ name }) => name === named(to, applied)) + 1;
  return applied.slice(kept).reverse();
}

/** Ids are whole numbers beyond what a double holds. */
function byId(a: AppliedMigration, b: AppliedMigration): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}

/**
 * node-pg-migrate notes the local time, which goes back in autumn and differs between time zones. Where its order is not that of the
 * ids, nobody knows which migration came last, and the wrong one must not go.
 */
function refuseUnclearOrder(byTime: readonly AppliedMigration[], byNumber: readonly AppliedMigration[]): void {
  const at = byTime.findIndex(({ name }, index) => name !== byNumber[index]?.name);
  const [earlier, later] = [byTime[at], byNumber[at]];
  if (earlier === undefined) return;
  const shown = ({ id, name, runOn }: AppliedMigration) => `${name} (id ${id}, run_on ${runOn.replace("T", " ")})`;
  throw new RefusedError({
    code: "MIGRATION_ORDER_UNCLEAR",
    message: `by its time ${shown(earlier)} was applied last, by its number ${later === undefined ? "another" : shown(later)}. Nothing was undone`,
    hint: "a clock that went back, or a session in another time zone, wrote such times: correct run_on in the table of applied migrations so that it rises in the order in which they were applied, and run the same command again",
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
      found.length === 0
        ? `no migration is called ${given}, or none that is applied`
        : `${given} may be ${found.map(({ name }) => name).join(" or ")}`,
    hint: "`changeover migrations` lists them; a name, the beginning of one, or a number of migrations will do",
    context: { to: given },
  });
}
