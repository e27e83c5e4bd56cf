import type { Run } from "../model/run.ts";
import { setVerified } from "../target/store/verified-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";

/** A table that was recreated, triggers and all, looks as before. Only comparing its rows tells. */
export async function voidVerification(
  context: Context,
  { run, session }: { readonly run: Run; readonly session: TargetSession },
): Promise<void> {
  await setVerified(session, run.id, null);
  context.report({
    kind: "warning",
    message:
      "the source's schema was changed and changed back, or VACUUM ran: all rows will be compared again " +
      "before the cutover",
  });
}
