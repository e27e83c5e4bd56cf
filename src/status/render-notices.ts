import type { Notice, ObjectKind, ReportedNotice } from "../model/left-out.ts";
import { renderCount } from "./render-count.ts";

/** What of a notice a list shows: the same from the library and from the JSON of a status. */
export type ListedNotice = Pick<Notice & ReportedNotice, "change" | "kind" | "name"> & { readonly table?: string };

const NOUNS: Readonly<Record<ObjectKind, string>> = {
  database: "database",
  table: "table",
  column: "column",
  "primary-key": "primary key",
  "unique-index": "unique index",
  index: "index",
  "foreign-key": "foreign key",
  check: "CHECK",
  default: "default",
  "not-null": "NOT NULL",
  identity: "identity",
  "generated-column": "generated column",
  collation: "collation",
  "on-conflict": "ON CONFLICT clause",
  trigger: "trigger",
  view: "view",
  "virtual-table": "virtual table",
  "migrations-table": "table of another tool's migrations",
};

const HEADS: Readonly<Record<Notice["change"], string>> = {
  "left-out": "left out",
  renamed: "renamed",
  changed: "changed in meaning",
  warning: "warnings",
};

/** Every one by name, a line for each kind; empty if there is none. */
export function renderNotices(notices: readonly ListedNotice[]): string[] {
  const changes = ["left-out", "changed", "renamed", "warning"] as const;
  return changes.flatMap((change) => {
    const those = notices.filter((notice) => notice.change === change);
    if (those.length === 0) return [];
    const kinds = [...new Set(those.map(({ kind }) => kind))];
    return [
      `${HEADS[change]} (${those.length.toLocaleString("en-US")}):`,
      ...kinds.map(
        (kind) =>
          `  ${renderKind(
            kind,
            those.filter((notice) => notice.kind === kind),
          )}`,
      ),
    ];
  });
}

function renderKind(kind: ObjectKind, notices: readonly ListedNotice[]): string {
  // Of one table there may be several warnings.
  const names = [...new Set(notices.map(nameOf))];
  return `${renderKindCount(kind, notices.length)}: ${names.join(", ")}`;
}

/** `2 triggers`, `1 unique index`. */
function renderKindCount(kind: ObjectKind, count: number): string {
  const noun = NOUNS[kind];
  if (count === 1 || kind === "not-null") return `${count.toLocaleString("en-US")} ${noun}`;
  const plural = noun.endsWith("index") ? `${noun}es` : noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return (
    `${count.toLocaleString("en-US")} ` +
    `${plural.replace("table of another tool's migrationss", "tables of other tools' migrations")}`
  );
}

const WITHIN_COLUMN: ReadonlySet<ObjectKind> = new Set([
  "column",
  "default",
  "not-null",
  "identity",
  "generated-column",
  "collation",
]);

/** As a person would look for it: `orders.note`, `orders_ai on orders`. */
function nameOf({ kind, name, table }: ListedNotice): string {
  const shown = name.replaceAll(/\s+/g, " ");
  if (table === undefined || table === name) return shown;
  return WITHIN_COLUMN.has(kind) ? `${table}.${shown}` : `${shown} on ${table}`;
}

/** `3 things did not come over as in the source`, of what is no warning. */
export function renderLeftOutCount(count: number): string {
  return `${renderCount(count, "thing")} of the schema did not come over as in the source`;
}
