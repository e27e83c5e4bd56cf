import type { LoadedMigration } from "./load-migrations.ts";
import type { MigrationConnection } from "./migration-connection.ts";
import { statementStarts } from "./split-statements.ts";

/** The text of a migration that was sent, and what is known of its failure. */
export interface FailedText {
  /** As the file has it. */
  readonly written: string;
  /** As it was sent: what is not to be tried is blank. */
  readonly sent: string;
  /** How many of its statements were completed before. */
  readonly completed: number;
}

/** Runs a text of any number of statements; an error is passed on with the number of those completed before it. */
export async function runText(
  { client }: Pick<MigrationConnection, "client">,
  sql: string,
  failed: (error: unknown, completed: number) => Error,
): Promise<void> {
  let completed = 0;
  const count = () => {
    completed++;
  };
  client.connection.on("commandComplete", count);
  try {
    await client.query(sql);
  } catch (error) {
    throw failed(error, completed);
  } finally {
    client.connection.off("commandComplete", count);
  }
}

/**
 * The line of the file for PostgreSQL's position in what was sent. Most errors of running have none, such as a table
 * that is there already: then the line where the failing statement begins. Null where the file has no such text.
 */
export function failedLine(error: unknown, { text }: LoadedMigration, failed: FailedText): number | null {
  const { completed, sent, written } = failed;
  // node-pg-migrate appends a missing semicolon.
  const from = Math.max(text.indexOf(written), text.indexOf(written.replace(/;$/, "")));
  const at = positionOf(error, sent) ?? statementStarts(sent)?.[completed];
  return from < 0 || at === undefined ? null : text.slice(0, from + at).split("\n").length;
}

/** PostgreSQL counts characters from 1, JavaScript some of them double. */
function positionOf(error: unknown, sent: string): number | null {
  const position = error instanceof Error && "position" in error ? Number(error.position) : Number.NaN;
  return position > 0 ? [...sent].slice(0, position - 1).join("").length : null;
}
