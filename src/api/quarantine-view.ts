import { historyOfRetry } from "../commands/history-details.ts";
import { type RetryResult, retryQuarantine } from "../commands/retry-quarantine.ts";
import type { Context } from "../run/context.ts";
import { recorded } from "../run/record-command.ts";
import {
  countQuarantine,
  listQuarantine,
  type QuarantineCount,
  type QuarantineEntry,
} from "../target/store/quarantine-store.ts";
import type { QuarantineFilter, QuarantinePage } from "./options.ts";
import { touchSource } from "./touch-source.ts";
import { withRun } from "./with-run.ts";

/** The rows that the target could not take: `migration.quarantine`. */
export interface Quarantine {
  /** Entries by table: rows kept out of the target, and values that became NULL there. */
  counts(): Promise<QuarantineCount[]>;
  /** A page of entries, oldest first. They hold the rows' values. */
  list(page?: QuarantinePage): Promise<QuarantineEntry[]>;
  /** All entries, oldest first, read page by page. They hold the rows' values. */
  export(filter?: QuarantineFilter): AsyncIterable<QuarantineEntry>;
  /** Tries the rows again, as they are in the source now. */
  retry(filter?: QuarantineFilter): Promise<RetryResult>;
}

const PAGE = 1_000;

export function quarantineView(context: Context): Quarantine {
  const list = ({ after, limit, table }: QuarantinePage) =>
    withRun(context, (session, run) =>
      listQuarantine(session, { run: run.id, table: table ?? null, after: after ?? 0n, limit: limit ?? PAGE }),
    );
  return {
    counts: () => withRun(context, (session, run) => countQuarantine(session, run.id)),
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

async function* allEntries(pageAfter: (id: bigint) => Promise<QuarantineEntry[]>): AsyncIterable<QuarantineEntry> {
  for (let after = 0n; ; ) {
    const entries = await pageAfter(after);
    const last = entries.at(-1);
    if (last === undefined) return;
    yield* entries;
    after = last.id;
  }
}
