import { MigrationFileError } from "../errors.ts";
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
export function chooseDown({ applied }: MigrationState, { count, to }: HowFar): Change[] {
  const kept =
    to === undefined
      ? Math.max(0, applied.length - (count ?? 1))
      : applied.findIndex(({ name }) => name === named(to, applied)) + 1;
  return applied
    .slice(kept)
    .reverse()
    .map(({ name }) => ({ name, direction: "down" }));
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
