import { shrink } from "./shrink.ts";
import type { Event, SyncPlan } from "./sync-plan.ts";

/**
 * A plan with as little in it as still fails. What happens when is not wholly given by a plan, so each is tried a few
 * times.
 */
export async function shrinkPlan(plan: SyncPlan, once: (plan: SyncPlan) => Promise<boolean>): Promise<SyncPlan> {
  const fails = async (candidate: SyncPlan) => (await once(candidate)) || (await once(candidate));
  let least = plan;
  const attempt = async (candidate: SyncPlan) => {
    if (await fails(candidate)) least = candidate;
  };
  await attempt({ ...least, cutover: null });
  for (let round = 0; round < 2; round++) {
    least = { ...least, loading: await shrink(least.loading, (loading) => fails({ ...least, loading })) };
    least = { ...least, syncing: await shrink(least.syncing, (syncing) => fails({ ...least, syncing })) };
    const { cutover } = least;
    if (cutover !== null)
      least = { ...least, cutover: await shrink(cutover, (events) => fails({ ...least, cutover: events })) };
    least = { ...least, before: await shrink(least.before, (before) => fails({ ...least, before })) };
  }
  return { ...least, ddl: await shrink(least.ddl, (ddl) => fails({ ...least, ddl })) };
}

export function renderPlan(plan: SyncPlan): string {
  const events = (list: readonly Event[]) => list.map((event) => JSON.stringify(event));
  return [
    `journal mode ${plan.journal}, pages of ${plan.maxRows ?? "the usual number of"} rows, ` +
      `a clock ${plan.clock} times as fast`,
    ...plan.ddl,
    "-- before",
    ...plan.before.flat(),
    "-- until the first catch-up",
    ...events(plan.loading),
    "-- from there on",
    ...events(plan.syncing),
    ...(plan.cutover === null ? [] : ["-- cutover", ...events(plan.cutover)]),
  ].join("\n");
}
