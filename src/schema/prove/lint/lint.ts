import type { LoadedMigration } from "../../migrate/load.ts";
import type { MigrationSql } from "../../migrate/render-migration.ts";
import { type Allowance, allowancesOf, isAllowed } from "../allowances.ts";
import { judge } from "./judge.ts";
import { lockedTables } from "./locks.ts";
import { parseStatements, type Statement } from "./statements.ts";
import type { Concern, Warning } from "./warning.ts";
import { World, type WorldOptions } from "./world.ts";

export interface LintedMigration {
  readonly migration: LoadedMigration;
  /** Null where it does not say what it would run. */
  readonly sql: MigrationSql | null;
  /** Whether it is yet to be applied: only then it is warned of. */
  readonly pending: boolean;
  /** Tables that it was seen to write anew; null where it was not run. */
  readonly rewritten: readonly string[] | null;
}

/** What the pending migrations would do to production that hurts. */
export async function lint(migrations: readonly LintedMigration[], options: WorldOptions): Promise<Warning[]> {
  const world = new World(options);
  const warnings: Warning[] = [];
  for (const { migration, pending, rewritten, sql } of migrations) {
    world.beginFile({ pending, transaction: sql?.transaction !== false });
    const allowances = allowancesOf(migration);
    const say = ({ code, hint, message, object }: Concern, line: number | null) => {
      if (pending && !covers(allowances, { code, object }))
        warnings.push({
          code,
          migration: migration.name,
          file: migration.file,
          line,
          object,
          rows: world.rowsOf(object),
          message,
          hint,
        });
    };
    if (sql === null) {
      say(
        {
          code: "SQL_UNREADABLE",
          object: migration.name,
          message: "writes to the database while it says what it would run: it was not looked at for what hurts",
          hint: "let pgm.sql(…) do what pgm.db.query(…) does, where it can",
        },
        null,
      );
      continue;
    }
    const parsed = await parseStatements(sql);
    if ("unreadable" in parsed) {
      say(
        {
          code: "SQL_UNREADABLE",
          object: migration.name,
          message: `PostgreSQL's grammar does not take it: ${parsed.unreadable}`,
          hint: "correct the statement",
        },
        parsed.line,
      );
      continue;
    }
    lintStatements(parsed.statements, world, say, rewritten);
  }
  return warnings;
}

type Say = (concern: Concern, line: number | null) => void;

function lintStatements(
  statements: readonly Statement[],
  world: World,
  say: Say,
  rewritten: readonly string[] | null,
): void {
  const waiting: { readonly tables: string[]; line: number | null | undefined } = { tables: [], line: undefined };
  const emptied = new Set<string>();
  const seen = new Set<string>();
  for (const statement of statements) {
    // Before the statement makes or renames anything.
    const locked = world.lockTimeout
      ? []
      : lockedTables(statement.node, world).filter((table) => !waiting.tables.includes(table));
    if (locked.length > 0 && waiting.line === undefined) waiting.line = statement.line;
    waiting.tables.push(...locked);
    for (const concern of judge(statement, world)) {
      if (concern.code === "DROPS_DATA") emptied.add(concern.object);
      if (concern.code === "TABLE_REWRITE") {
        // PostgreSQL knows better which change of a type needs no rewrite.
        if (rewritten !== null && !rewritten.includes(concern.object)) continue;
        seen.add(concern.object);
      }
      say(concern, statement.line);
    }
  }
  for (const table of rewritten ?? []) {
    if (seen.has(table) || emptied.has(table) || !world.isLarge(table)) continue;
    say(
      {
        code: "TABLE_REWRITE",
        object: table,
        message: `writes all of ${table} anew, as was seen when it was tried, while neither reads nor writes of it get through`,
        hint: "look in the file for what changes a type, or sets a default that is another for each row",
      },
      null,
    );
  }
  if (waiting.tables.length > 0) {
    const tables = [...new Set(waiting.tables)].join(", ");
    say(
      {
        code: "NO_LOCK_TIMEOUT",
        object: tables,
        message: `waits for a lock on ${tables} as long as the longest transaction there lasts, and whoever comes after waits behind it`,
        hint: "leave lock_timeout to `changeover up`, or begin the file with SET LOCAL lock_timeout = '2s' and try again when it fails",
      },
      waiting.line ?? null,
    );
  }
}

function covers(allowances: readonly Allowance[], { code, object }: Pick<Concern, "code" | "object">): boolean {
  return isAllowed(allowances, code, object);
}
