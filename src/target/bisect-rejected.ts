import type { RowRejection } from "./row-rejection.ts";

/** Rows by their places: from one, up to another. */
export interface RowSpan {
  readonly from: number;
  readonly to: number;
}

export interface BisectOptions {
  /** Sends rows in a savepoint; null if PostgreSQL took all of them. */
  readonly attempt: (rows: RowSpan) => Promise<RowRejection | null>;
  /** Called for each rejected row, in the order of the rows. */
  readonly onRejected: (row: number, rejection: RowRejection) => Promise<void>;
}

/**
 * Sends so many rows such that a rejected one does not take its neighbours with it. Where PostgreSQL names the line,
 * the search begins there; else the rows are halved. All other rows are in afterwards.
 */
export async function bisectRejected(rows: number, { attempt, onRejected }: BisectOptions): Promise<void> {
  const send = async ({ from, to }: RowSpan): Promise<void> => {
    if (from >= to) return;
    const rejection = await attempt({ from, to });
    if (rejection === null) return;
    if (to - from === 1) return onRejected(from, rejection);
    for (const part of parts({ from, to }, rejection.line)) await send(part);
  };
  await send({ from: 0, to: rows });
}

/** `line`: where PostgreSQL met the first rejected row, from 1. */
function parts({ from, to }: RowSpan, line: number | null): RowSpan[] {
  if (line === null) return halves({ from, to });
  const at = Math.min(Math.max(from + line - 1, from), to - 1);
  // If all the rest were rejected, each attempt at the rest would end at its first line: so the rest is halved, too.
  return [{ from, to: at }, { from: at, to: at + 1 }, ...halves({ from: at + 1, to })];
}

function halves({ from, to }: RowSpan): RowSpan[] {
  const middle = from + Math.ceil((to - from) / 2);
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}
