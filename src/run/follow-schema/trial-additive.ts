import { arrivalAfter } from "../../follow/columns-after.ts";
import type { FollowPlan } from "../../follow/follow-plan.ts";
import { remap } from "../../follow/remap.ts";
import { readCatalogue } from "../../inspect/read-catalogue.ts";
import type { CatalogueTable } from "../../model/catalogue.ts";
import type { HeldSourceTable } from "../../model/held-table.ts";
import type { Run } from "../../model/run.ts";
import type { TargetSession, TargetTransaction } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { planResync, type TableResync } from "../resync/plan-resync.ts";
import { defaultsAgree } from "./defaults-agree.ts";
import { targetNames } from "./names-in-target.ts";

export type Copied = Extract<TableResync, { kind: "copy" }>;

/** How tables arrive once the changes are made. */
export interface AdditiveTrial {
  /** New tables, whose rows are copied. */
  readonly copied: readonly Copied[];
  /** Tables that have columns more: what the log has since is all that is missing. */
  readonly extended: readonly Copied[];
}

export interface AdditiveChanges {
  readonly run: Run;
  readonly plan: FollowPlan;
  readonly statements: string;
  readonly waiting: readonly HeldSourceTable[];
}

class RolledBack extends Error {}

/** Makes the changes in a transaction that is rolled back, and looks at what comes of them. Null: it waits. */
export async function tryAdditive(
  context: Context,
  session: TargetSession,
  changes: AdditiveChanges,
): Promise<AdditiveTrial | null> {
  let found: AdditiveTrial | null = null;
  try {
    await session.transaction(async (tx) => {
      await tx.run(LOCK_TIMEOUT);
      await tx.run(changes.statements);
      found = await arrivals(context, session, tx, changes);
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  return found;
}

/** Others may read the tables meanwhile; the sync must not stand behind them for long. */
export const LOCK_TIMEOUT = "set local lock_timeout = '5s'";

async function arrivals(
  context: Context,
  session: TargetSession,
  tx: TargetTransaction,
  { plan, run, waiting }: AdditiveChanges,
): Promise<AdditiveTrial | null> {
  const { tables } = await readCatalogue(tx);
  const extended: Copied[] = [];
  for (const held of waiting.filter(({ id }) => id !== null)) {
    const table = await extendedTable(context, tx, { held, plan, run, tables });
    if (table === null) return null;
    extended.push(table);
  }
  const fresh = waiting.filter(({ id }) => id === null).map(({ table }) => table);
  const planned = fresh.length === 0 ? [] : await planResync(context, session, run, fresh);
  const copied = planned.filter((table): table is Copied => table.kind === "copy");
  return copied.length === fresh.length ? { copied, extended } : null;
}

async function extendedTable(
  context: Context,
  tx: TargetTransaction,
  {
    held,
    plan,
    run,
    tables,
  }: Pick<AdditiveChanges, "plan" | "run"> & {
    readonly held: HeldSourceTable;
    readonly tables: readonly CatalogueTable[];
  },
): Promise<Copied | null> {
  const schema = run.sourceCatalogue?.schema;
  const before = run.mappings.find(({ id }) => id === held.id);
  const table = schema?.tables.find(({ name }) => name === held.now);
  if (schema === undefined || before === undefined || table === undefined) return null;
  const target = tables.find(({ name, schema: own }) => name === before.target.name && own === before.target.schema);
  if (target === undefined) return null;
  const arrival = arrivalAfter(before, held.changes, targetNames(context, schema));
  const mapping = remap(before, arrival, table, target);
  if (mapping === null) return null;
  const proposed = plan.now.tables.find(({ source }) => source === table.name)?.columns ?? [];
  const columns = proposed.filter(({ source }) =>
    held.changes.some((change) => change.kind === "column-added" && change.column === source),
  );
  if (!(await defaultsAgree(context, tx, { mapping, columns, since: BigInt(held.since) }))) return null;
  return { kind: "copy", table, mapping, before, rows: 0, notices: [] };
}
