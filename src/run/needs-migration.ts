import { resyncCommand } from "../capture/drift-error.ts";
import { RefusedError } from "../errors.ts";

export interface Unfit {
  readonly table: string;
  readonly column?: string;
  /** What is wrong, after "table x". */
  readonly problem: string;
  /** SQL that would put it right; none: it takes the whole table. */
  readonly statements: readonly string[];
}

/** The target's table must change first, and what changes it is the person's own migration file. */
export function needsMigration({ table, column, problem, statements }: Unfit): RefusedError {
  const what = statements.length === 0 ? "`changeover schema` prints its CREATE TABLE" : `\`${statements.join(" ")}\``;
  return new RefusedError({
    code: "RESYNC_NEEDS_MIGRATION",
    message: `table ${table} ${problem}. Nothing was changed`,
    hint:
      `write a migration file with ${statements.length === 0 ? "that table" : "that change"} (${what}), ` +
      `apply it with \`changeover up\`, then run \`${resyncCommand([table])}\` again`,
    context: { table, ...(column === undefined ? {} : { column }), statements },
  });
}
