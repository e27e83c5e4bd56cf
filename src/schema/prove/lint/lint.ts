import type { LoadedMigration } from "../../migrate/load-migrations.ts";
import type { MigrationSql } from "../../migrate/render-migration.ts";
import { type Allowance, allowancesOf, isAllowed } from "../allowances.ts";
import { concernsOf } from "./concerns.ts";
import { lockedTables } from "./locks.ts";
import { type PgStatement, parsePgStatements } from "./pg-statements.ts";
import type { Concern, Warning } from "./warning.ts";
import { World, type WorldOptions } from "./world.ts";

export interface LintedMigration {
  readonly migration: LoadedMigration;
  /** Null if its SQL is unknown. */
  readonly sql: MigrationSql | null;
  /** Whether it is not applied yet: only pending migrations cause warnings. */
  readonly pending: boolean;
  /** Tables that it rewrote when it ran; null if it was not run. */
  readonly rewritten: readonly string[] | null;
}

/** Warns of pending migrations that would block or damage production. */
export async function lint(migrations: readonly LintedMigration[], options: WorldOptions): Promise<Warning[]> {
  const world = new World(options);
  const warnings: Warning[] = [];
  for (const { migration, pending, rewritten, sql } of migrations) {
    world.beginFile({ pending, transaction: sql?.transaction !== false });
    const allowances = allowancesOf(migration);
    const warn = ({ code, hint, message, object }: Concern, line: number | null) => {
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
      warn(
        {
          code: "SQL_UNREADABLE",
          object: migration.name,
          message: "writes to the database before its SQL is known: it was not checked for hazards",
          hint: "use pgm.sql(…) in place of pgm.db.query(…) where possible",
        },
        null,
      );
      continue;
    }
    const parsed = await parsePgStatements(sql);
    if ("unreadable" in parsed) {
      warn(
        {
          code: "SQL_UNREADABLE",
          object: migration.name,
          message: `PostgreSQL's parser rejects it: ${parsed.unreadable}`,
          hint: "correct the statement",
        },
        parsed.line,
      );
      continue;
    }
    lintStatements(parsed.statements, world, warn, rewritten);
  }
  return warnings;
}

type Warn = (concern: Concern, line: number | null) => void;

function lintStatements(
  statements: readonly PgStatement[],
  world: World,
  warn: Warn,
  rewritten: readonly string[] | null,
): void {
  const waiting: { readonly tables: string[]; line: number | null | undefined } = { tables: [], line: undefined };
  const emptied = new Set<string>();
  const seen = new Set<string>();
  for (const statement of statements) {
    // Ask before the statement creates or renames tables.
    const locked = world.lockTimeout
      ? []
      : lockedTables(statement.node, world).filter((table) => !waiting.tables.includes(table));
    if (locked.length > 0 && waiting.line === undefined) waiting.line = statement.line;
    waiting.tables.push(...locked);
    for (const concern of concernsOf(statement, world)) {
      if (concern.code === "DROPS_DATA") emptied.add(concern.object);
      if (concern.code === "TABLE_REWRITE") {
        // A trial run shows which type changes need no rewrite.
        if (rewritten !== null && !rewritten.includes(concern.object)) continue;
        seen.add(concern.object);
      }
      warn(concern, statement.line);
    }
  }
  for (const table of rewritten ?? []) {
    if (seen.has(table) || emptied.has(table) || !world.isLarge(table)) continue;
    warn(
      {
        code: "TABLE_REWRITE",
        object: table,
        message: `rewrote all of ${table} in the trial run: reads and writes of it would wait`,
        hint: "look in the file for a type change, or for a default with a different value in each row",
      },
      null,
    );
  }
  if (waiting.tables.length > 0) {
    const tables = [...new Set(waiting.tables)].join(", ");
    warn(
      {
        code: "NO_LOCK_TIMEOUT",
        object: tables,
        message: `waits for a lock on ${tables} until its longest transaction ends, and later queries wait behind it`,
        hint:
          "let `changeover up` set lock_timeout, or begin the file with SET LOCAL lock_timeout = '2s' and retry " +
          "when it fails",
      },
      waiting.line ?? null,
    );
  }
}

function covers(allowances: readonly Allowance[], { code, object }: Pick<Concern, "code" | "object">): boolean {
  return isAllowed(allowances, code, object);
}
