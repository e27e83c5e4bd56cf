import { followName } from "../follow/follow-name.ts";
import { renderFollow } from "../follow/render-follow.ts";
import type { HeldSourceTable } from "../model/held-table.ts";
import type { SchemaChange } from "../model/schema-change.ts";
import { type Context, withSession } from "../run/context.ts";
import { readNoticed } from "../run/follow-schema/notice-changes.ts";
import { planFollow } from "../run/follow-schema/plan-follow.ts";
import { mustLoad } from "../run/require-run.ts";

/** What happened to the source's schema during the run. */
export interface SourceChanges {
  /** False in a run that does not know yet what its source was like; a sync learns it. */
  readonly known: boolean;
  /** What no sync has noticed yet. */
  readonly changes: readonly SchemaChange[];
  /** The migration file that would follow it; null where nothing changed. */
  readonly file: { readonly name: string; readonly text: string } | null;
  /** Tables that wait until the target has their changes. */
  readonly waiting: readonly HeldSourceTable[];
}

/** Compares the source with what the run captured. Writes nothing. */
export function readSourceChanges(context: Context): Promise<SourceChanges> {
  return withSession(
    context,
    async (session) => {
      const run = await mustLoad(session);
      const noticed = await readNoticed(context, run);
      const waiting = run.held;
      if (noticed === null || run.sourceCatalogue === null) return { known: false, changes: [], file: null, waiting };
      const { changes, now } = noticed;
      if (changes.length === 0) return { known: true, changes, file: null, waiting };
      const plan = await planFollow(context, session, run, { before: run.sourceCatalogue, now, changes });
      return { known: true, changes, file: { name: `${followName(changes)}.sql`, text: renderFollow(plan) }, waiting };
    },
    { mayBeShared: true },
  );
}
