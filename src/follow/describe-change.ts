import type { SchemaChange } from "../model/schema-change.ts";

/** A change in a sentence without its full stop. */
export function describeChange(change: SchemaChange): string {
  switch (change.kind) {
    case "table-created":
      return `table ${change.table} is new`;
    case "table-dropped":
      return `table ${change.table} was dropped`;
    case "table-renamed":
      return `table ${change.table} was renamed to ${change.to}${doubt(change.certainty)}`;
    case "table-rebuilt":
      return `table ${change.table} was made again: its rows are to be compared`;
    case "rows-renumbered":
      return `table ${change.table} has no key, and VACUUM may have renumbered its rows: they are to be compared`;
    case "table-option-changed":
      return `table ${change.table} is ${change.on ? "now" : "no longer"} ${change.option}`;
    case "column-added":
      return (
        `table ${change.table}: column ${change.column} ${change.type} was added` +
        (change.generated ? ", generated" : change.default === null ? "" : `, ${change.default} in earlier rows`)
      );
    case "column-dropped":
      return `table ${change.table}: column ${change.column} was dropped`;
    case "column-renamed":
      return `table ${change.table}: column ${change.column} was renamed to ${change.to}${doubt(change.certainty)}`;
    case "column-type-changed":
      return `table ${change.table}: column ${change.column} is ${typed(change.to)}, and was ${typed(change.from)}`;
    case "column-trait-changed":
      return (
        `table ${change.table}: ${TRAITS[change.trait]} of column ${change.column} is ${change.to ?? "gone"}` +
        (change.from === null ? "" : `, and was ${change.from}`)
      );
    case "constraint-added":
      return `table ${change.table}: ${change.sql} was added`;
    case "constraint-dropped":
      return `table ${change.table}: ${change.sql} was dropped`;
    case "index-created":
      return `table ${change.table}: ${change.unique ? "unique " : ""}index ${change.index} is new`;
    case "index-dropped":
      return `table ${change.table}: ${change.unique ? "unique " : ""}index ${change.index} was dropped`;
    case "view-created":
      return `view ${change.view} is new`;
    case "view-dropped":
      return `view ${change.view} was dropped`;
    case "view-changed":
      return `view ${change.view} was changed`;
    case "trigger-created":
      return `table ${change.table}: trigger ${change.trigger} is new`;
    case "trigger-dropped":
      return `table ${change.table}: trigger ${change.trigger} was dropped`;
    case "trigger-changed":
      return `table ${change.table}: trigger ${change.trigger} was changed`;
  }
}

const TRAITS = {
  "not-null": "NOT NULL",
  default: "the default",
  collation: "the collation",
  generated: "the expression",
} as const;

function doubt(certainty: "sure" | "likely"): string {
  return certainty === "sure" ? "" : " (likely: dropped and added looks the same)";
}

function typed(type: string): string {
  return type === "" ? "untyped" : type;
}
