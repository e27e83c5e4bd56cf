import { stateSql } from "../target/state-schema.ts";
import type { TargetSession, TargetStatement } from "../target/target.ts";
import { sqlState } from "../target/target-error.ts";
import { applyOf } from "./apply-staged.ts";
import type { Changes, TableChanges } from "./read-changes.ts";
import type { Batch, ReplayOptions } from "./replay-batch.ts";
import { renderStaging } from "./stage.ts";

/** Rows of a batch that goes in one message. More are faster by COPY, however far away the server is. */
export const MAX_MESSAGE_ROWS = 200;

/**
 * The statements of a batch that one pass has read whole, so that it takes one round trip. Null where rows may be
 * quarantined or came in chunks, or are too many: those need answers in between.
 */
export function renderSmallBatch(
  changes: Changes,
  options: ReplayOptions,
  watermark: bigint,
): TargetStatement[] | null {
  const { large, last, tables, through } = changes;
  if (options.replacing !== undefined || large !== null || last !== through) return null;
  if (tables.reduce((sum, { keys }) => sum + keys, 0) > MAX_MESSAGE_ROWS) return null;
  const statements: TargetStatement[] = [];
  for (const table of tables) {
    const staging = statementsOf(table);
    if (staging === null) return null;
    statements.push(...staging);
  }
  statements.push({
    text: stateSql(options.session, "target/advance-watermark-or-fail"),
    parameters: [options.run, watermark, through, last],
  });
  return statements;
}

function statementsOf({ hasDeleted, mapping, quarantine, refused, rows }: TableChanges): TargetStatement[] | null {
  if (quarantine !== null || mapping.quarantine === true || refused > 0) return null;
  const staging = rows.map((part) => renderStaging(mapping, part));
  if (staging.some((text) => text === null)) return null;
  const { remove, upsert } = applyOf(mapping);
  return [...staging, ...(hasDeleted ? [remove] : []), upsert].map((text) => ({ text: text ?? "" }));
}

/**
 * Commits such a batch; null if the target refused some of it. Then nothing has happened, and the statements one by one
 * find a way, or tell what is wrong.
 */
export async function commitSmallBatch(
  session: TargetSession,
  statements: readonly TargetStatement[],
  { changes, watermark, durable }: { readonly changes: Changes; readonly watermark: bigint; readonly durable: boolean },
): Promise<Batch | null> {
  try {
    const sets = await session.transactionAtOnce<{ lock_requested_by: string | null }>(statements, {
      isDurable: durable,
    });
    return {
      watermark: changes.through,
      entries: changes.through - watermark,
      rows: changes.tables.reduce((sum, { keys }) => sum + keys, 0),
      lastPass: { rows: changes.tables.reduce((sum, { keys }) => sum + keys, 0), durationMs: changes.durationMs },
      lockRequestedBy: sets[0]?.[0]?.lock_requested_by ?? null,
    };
  } catch (error) {
    if (!isAboutRows(error)) throw error;
    return null;
  }
}

/** A value, a constraint or the watermark; not a lost connection, a full disk or a lock that is not to be had. */
function isAboutRows(error: unknown): boolean {
  return /^(21|22|23|42|54|P0)/.test(sqlState(error) ?? "");
}
