import type { SchemaChange } from "../model/schema-change.ts";

/**
 * Whether a change is one of a table's rows or of what its capture rests on: then the table waits. An index that is
 * not unique, a view, all that only reads: no row arrives otherwise for it.
 */
export function touchesRows(change: SchemaChange): boolean {
  switch (change.kind) {
    case "index-created":
    case "index-dropped":
      return change.unique;
    case "view-created":
    case "view-changed":
    case "view-dropped":
      return false;
    default:
      return true;
  }
}

/**
 * Whether every change of the rows was logged by the triggers that were there, in whatever order it came. Then nothing
 * need be compared: what the log has since is all that is missing.
 */
export function areAllLogged(changes: readonly SchemaChange[], triggerText: (trigger: string) => string): boolean {
  return changes.every((change) => {
    switch (change.kind) {
      case "column-added":
        return !change.generated;
      case "column-dropped":
      case "index-dropped":
      case "trigger-dropped":
        return true;
      case "index-created":
        // Nobody looked for rows that are replaced through it.
        return !change.unique;
      case "column-renamed":
      case "table-renamed":
        return change.certainty === "sure";
      case "column-trait-changed":
        return change.trait === "default";
      case "trigger-created":
      case "trigger-changed":
        // RAISE(IGNORE) in a newer trigger keeps ours from being asked.
        return !/\braise\b/i.test(triggerText(change.trigger));
      default:
        return false;
    }
  });
}

/** Whether the target can be asked if it has the change, by its tables' and columns' names, or need not have any. */
export function isSeenInTarget({ kind }: SchemaChange): boolean {
  return [
    "table-created",
    "table-dropped",
    "table-renamed",
    "column-added",
    "column-dropped",
    "column-renamed",
    "rows-renumbered",
  ].includes(kind);
}
