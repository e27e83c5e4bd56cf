import { runner } from "node-pg-migrate";
import { openMigration } from "../../../src/migration.ts";
import { project } from "../../support/migrations.ts";
import { emptyDatabase, query } from "../../support/target.ts";

/** One command on a project: with our library, or with node-pg-migrate, which knows no `redo`. */
export interface Step {
  readonly by: "ours" | "theirs";
  readonly command: "up" | "down" | "redo";
  readonly count: number;
}

export interface Life {
  readonly url: string;
  readonly cwd: string;
  readonly names: readonly string[];
  /** Runs a step; returns the names that it says it has done, in its order. */
  run(step: Step): Promise<string[]>;
  /** What the table of applied migrations says, and which tables are there: both in the order of the files. */
  state(): Promise<{ readonly applied: string[]; readonly tables: string[] }>;
  close(): Promise<void>;
}

/** A project of so many migrations, each of which makes one table, and undoes it again. */
export async function lifeOf(count: number): Promise<Life> {
  const names = Array.from({ length: count }, (_, index) => nameOf(index, count));
  const { cwd, directory } = project(Object.fromEntries(names.map((name) => [`${name}.sql`, oneTable(name)])));
  const url = await emptyDatabase();
  const migration = openMigration({ target: url, migrationsDirectory: directory });
  const theirs = async (command: "up" | "down", steps: number) => {
    const done = await runner({
      databaseUrl: url,
      dir: directory,
      direction: command,
      count: steps,
      migrationsTable: "pgmigrations",
      log: () => {},
    });
    return done.map(({ name }) => name);
  };
  return {
    url,
    cwd,
    names,
    run: ({ by, command, count: steps }) =>
      by === "theirs" && command !== "redo" ? theirs(command, steps) : migration.migrations[command]({ count: steps }),
    async state() {
      const [row] = await query<{ applied: string[]; tables: string[] }>(
        url,
        `select array(select m.name::text from pgmigrations m order by m.name) as applied,
                array(select substr(c.relname, 6) from pg_class c where c.relkind = 'r' and c.relname ~ '^made_'
                  order by c.relname) as tables`,
      );
      return row ?? { applied: [], tables: [] };
    },
    close: () => migration.close(),
  };
}

/** What must be done by a step where `applied` files stand, and how many stand then. */
export function expected(
  names: readonly string[],
  applied: number,
  { command, count }: Step,
): { readonly done: readonly string[]; readonly applied: number } {
  if (command === "up")
    return { done: names.slice(applied, applied + count), applied: Math.min(names.length, applied + count) };
  const left = Math.max(0, applied - count);
  const last = names.slice(left, applied);
  return command === "down" ? { done: last.toReversed(), applied: left } : { done: last, applied };
}

function nameOf(index: number, count: number): string {
  return `${String(index + 1).padStart(Math.max(4, String(count).length), "0")}_step`;
}

function oneTable(name: string): string {
  return `-- Up Migration\ncreate table "made_${name}" (id int);\n-- Down Migration\ndrop table "made_${name}";\n`;
}
