import type { SchemaChange } from "../model/schema-change.ts";
import type { FollowPlan } from "./follow-plan.ts";
import { followSteps } from "./render-follow.ts";

/**
 * Whether changes only add, and the target can make all of them: then nobody need be asked. What a file could say in a
 * comment alone is for a person.
 */
export function isAdditive(plan: FollowPlan): boolean {
  if (plan.changes.length === 0 || !plan.changes.every((change) => onlyAdds(change, plan.changes))) return false;
  return followSteps(plan).every(({ up }) => !up.split("\n").some((line) => line.startsWith("--")));
}

/** Whether a change takes nothing away, among all of its file. */
export function onlyAdds(change: SchemaChange, all: readonly SchemaChange[]): boolean {
  switch (change.kind) {
    case "table-created":
    case "view-created":
      return true;
    case "column-added":
      return !change.generated;
    case "index-created":
      return !change.unique || all.some((other) => other.kind === "table-created" && other.table === change.table);
    case "constraint-added":
      // Of a column that came with it: earlier rows have NULL there.
      return (
        change.constraint === "foreign-key" &&
        all.some((other) => other.kind === "column-added" && other.table === change.table && other.default === null)
      );
    default:
      return false;
  }
}

/**
 * Changes that only add, and all others: so that what one table loses keeps no other table waiting. What two of them
 * may share, a view say, goes with the others.
 */
export function splitAdditive(changes: readonly SchemaChange[]): {
  readonly adding: readonly SchemaChange[];
  readonly others: readonly SchemaChange[];
} {
  const isOther = changes.filter((change) => !onlyAdds(change, changes));
  const tables = new Set(isOther.flatMap((change) => ("table" in change ? [change.table] : [])));
  const adding = changes.filter(
    (change) => !isOther.includes(change) && ("table" in change ? !tables.has(change.table) : isOther.length === 0),
  );
  return { adding, others: changes.filter((change) => !adding.includes(change)) };
}
