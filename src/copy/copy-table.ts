import type { Source } from "../source/source.ts";
import type { TargetSession } from "../target/target.ts";
import { copyFromStart, copyPosition } from "./copy-position.ts";
import { RowsMoved } from "./rows-moved.ts";
import { type CopyOptions, TableCopy } from "./table-copy.ts";

/**
 * Copies a table page by page, in the order of its rowids or of its key. Begins where the last run ended, and goes on
 * to the end of the table or until another process needs the run. Each page is a snapshot of its own; rows and position
 * commit together.
 */
export async function copyTable(
  source: Source,
  session: TargetSession,
  options: CopyOptions,
): Promise<"done" | "wanted"> {
  const place = await copyPosition(source, session, { ...options, isAtRest: options.loggedSince === null });
  try {
    return await new TableCopy(source, session, options, place).run();
  } catch (error) {
    if (!(error instanceof RowsMoved)) throw error;
    return new TableCopy(source, session, options, await copyFromStart(session, options)).run();
  }
}
