import { type RetryResult, retryQuarantine } from "../commands/retry-quarantine.ts";
import type { Context } from "../run/context.ts";
import { recorded } from "../run/record-command.ts";
import { countQuarantine, listQuarantine } from "../target/store/quarantine-store.ts";
import { historyOfRetry } from "./history-details.ts";
import type { QuarantineFilter, QuarantinePage } from "./options.ts";
import type { QuarantineItem, QuarantineTotals } from "./results.ts";
import { touchSource } from "./touch-source.ts";
import { withRun } from "./with-run.ts";

/** The rows that the target could not take: `migration.quarantine`. */
export interface Quarantine {
  /**
   * Entries by table: rows kept out of the target, and values that became NULL there.
   * @throws RefusedError: `NO_RUN`.
   */
  counts(): Promise<QuarantineTotals[]>;
  /**
   * A page of entries, oldest first. They hold the rows' values.
   * @throws RefusedError: `NO_RUN`.
   */
  list(page?: QuarantinePage): Promise<QuarantineItem[]>;
  /**
   * All entries, oldest first, read page by page. They hold the rows' values.
   * @throws RefusedError: `NO_RUN`.
   */
  export(filter?: QuarantineFilter): AsyncIterable<QuarantineItem>;
  /**
   * Tries the rows again, as they are in the source now.
   * @throws RefusedError: `NO_RUN`, `NOT_COPIED`, `REPLICATION_LAG_TOO_HIGH`.
   */
  retry(filter?: QuarantineFilter): Promise<RetryResult>;
}

const PAGE = 1_000;

export function quarantineView(context: Context): Quarantine {
  const list = ({ after = 0, limit = PAGE, table }: QuarantinePage) =>
    withRun(context, async (session, run) => {
      const entries = await listQuarantine(session, { run: run.id, table: table ?? null, after: BigInt(after), limit });
      return entries.map(({ tableId: _, id, ...entry }) => ({ id: Number(id), ...entry }));
    });
  return {
    counts: () =>
      withRun(context, async (session, run) => {
        const counts = await countQuarantine(session, run.id);
        return counts.map(({ table, rows, values }) => ({ table, rows, values }));
      }),
    list: (page = {}) => list(page),
    export: (filter = {}) => allEntries((after) => list({ ...filter, after })),
    async retry({ table } = {}) {
      await touchSource(context);
      return recorded(context, { command: "quarantine retry", keep: historyOfRetry }, (own) =>
        retryQuarantine(own, { table: table ?? null }),
      );
    },
  };
}

async function* allEntries(pageAfter: (id: number) => Promise<QuarantineItem[]>): AsyncIterable<QuarantineItem> {
  for (let after = 0; ; ) {
    const entries = await pageAfter(after);
    const last = entries.at(-1);
    if (last === undefined) return;
    yield* entries;
    after = last.id;
  }
}
