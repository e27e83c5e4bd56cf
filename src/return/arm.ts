import type { TargetSession, TargetTransaction } from "../db/target.ts";
import { setSchemaThen, setWayBack } from "../db/way-back-store.ts";
import type { TableMapping } from "../model/mapping.ts";
import { renderDisarm, renderForget, renderLog, renderTriggers } from "./render-arming.ts";
import { readSchemaThen } from "./schema-then.ts";

/** Makes the logs and what writes them, before the fence. Nothing is logged yet; what an earlier attempt left is made anew. */
export async function prepareWayBack(session: TargetSession, mappings: readonly TableMapping[]): Promise<void> {
  await session.transaction(async (tx) => {
    for (const mapping of mappings) await tx.run(renderLog(mapping).join(";\n"));
  });
}

/** From the commit of this transaction on, the key of every changed row of the target is logged. */
export async function armWayBack(tx: TargetTransaction, run: string, mappings: readonly TableMapping[]): Promise<void> {
  if (mappings.length > 0) await tx.run(mappings.flatMap(renderTriggers).join(";\n"));
  await setWayBack(tx, run, "armed");
  await setSchemaThen(tx, run, await readSchemaThen(tx, mappings));
}

/** Takes the triggers off one table; its log stays until {@link forgetLogs}. Safe to run again. */
export function disarmTable(mapping: TableMapping): string {
  return renderDisarm(mapping).join(";\n");
}

export async function forgetLogs(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<void> {
  for (const mapping of mappings) await tx.run(renderForget(mapping).join(";\n"));
}
