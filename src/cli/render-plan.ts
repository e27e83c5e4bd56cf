import type {
  ProposedColumn,
  ProposedForeignKey,
  ProposedIndex,
  ProposedTable,
  SchemaProposal,
  Untranslated,
} from "../model/proposal.ts";
import { renderCount } from "../status/render-count.ts";
import { renderFindings } from "./render-findings.ts";

/**
 * The plan for a person: what becomes of each table and column and why, then what has no translation, then the
 * findings.
 */
export function renderPlan(proposal: SchemaProposal): string {
  const { tables, views, untranslated, findings } = proposal;
  const lost = [
    ...tables.flatMap((table) => table.untranslated.map((item) => renderLost(item, table.source))),
    ...untranslated.map((item) => renderLost(item, null)),
  ];
  const others = findings.filter(({ code }) => !SHOWN_AS_LOST.has(code));
  return [
    ...tables.map(renderTable),
    ...(views.length === 0
      ? []
      : [`views\n${views.map((view) => `  ${titleOf(view)} (${view.columns.join(", ")})`).join("\n")}\n`]),
    ...(lost.length === 0
      ? []
      : [
          `not translated: ${renderCount(lost.length, "thing")}, as comments in the migration ` +
            `files\n${lost.join("\n")}\n`,
        ]),
    ...(others.length === 0 ? [] : [`findings\n${renderFindings(others)}`]),
  ].join("\n");
}

/** Findings that say of one thing what stands under "not translated" already. */
const SHOWN_AS_LOST: ReadonlySet<string> = new Set([
  "DEFAULT_NOT_TRANSLATED",
  "GENERATED_AS_PLAIN",
  "CHECK_NOT_TRANSLATED",
  "INDEX_NOT_TRANSLATED",
  "INDEX_TOO_WIDE",
  "FOREIGN_KEY_NOT_TRANSLATED",
  "FOREIGN_KEY_TYPES",
  "TRIGGER_NOT_TRANSLATED",
  "VIEW_NOT_TRANSLATED",
  "VIRTUAL_TABLE",
]);

function renderTable(table: ProposedTable): string {
  const rows = [
    ["column", "type", "null", "default", "why"],
    ...table.columns.map((column) => [
      titleOf(column),
      column.type,
      column.nullable ? "yes" : "no",
      defaultOf(column),
      column.evidence,
    ]),
  ];
  const others = [
    ...(table.primaryKey === null ? [] : [`primary key (${table.primaryKey.columns.join(", ")})`]),
    ...table.uniques.map(({ columns }) => `unique (${columns.join(", ")})`),
    ...table.checks.map(({ expression, notValid }) => `check (${expression})${notValid ? " not valid" : ""}`),
    ...table.indexes.map(renderIndex),
    ...table.foreignKeys.map(renderForeignKey),
  ];
  return `${titleOf(table)}\n${inColumns(rows)}\n${others.map((line) => `  ${line}\n`).join("")}`;
}

function titleOf({ source, name }: { readonly source: string; readonly name: string }): string {
  return source === name ? name : `${source} → ${name}`;
}

function defaultOf(column: ProposedColumn): string {
  if (column.identity) return "identity";
  const text = column.generated === null ? (column.default ?? "") : `generated: ${column.generated}`;
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 1)}…`;
}

function renderIndex({ name, unique, method, terms, where }: ProposedIndex): string {
  return (
    `${unique ? "unique " : ""}index ${name}${method === undefined ? "" : ` using ${method}`} ` +
    `(${terms.join(", ")})${where === null ? "" : ` where ${where}`}`
  );
}

function renderForeignKey(key: ProposedForeignKey): string {
  const actions = [
    ...(key.onUpdate === "NO ACTION" ? [] : [` on update ${key.onUpdate.toLowerCase()}`]),
    ...(key.onDelete === "NO ACTION" ? [] : [` on delete ${key.onDelete.toLowerCase()}`]),
    ...(key.deferred ? [" deferred"] : []),
    ...(key.notValid ? [" not valid"] : []),
  ];
  return (
    `foreign key (${key.columns.join(", ")}) → ${key.parentTable} ` +
    `(${key.parentColumns.join(", ")})${actions.join("")}`
  );
}

function renderLost({ what, reason, sql }: Untranslated, table: string | null): string {
  const lines = sql.trim().split(/\r\n|\r|\n/);
  const shown =
    lines.length <= MAX_LINES
      ? lines
      : [...lines.slice(0, MAX_LINES - 1), `… (${lines.length - MAX_LINES + 1} more lines)`];
  return (
    `  ${table === null ? "" : `${table}: `}${what}: ` + `${reason}\n${shown.map((line) => `      ${line}`).join("\n")}`
  );
}

const MAX_LINES = 4;
/** One very long text should not push everything to the right. */
const WIDEST = 40;

function inColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) =>
    Math.min(WIDEST, Math.max(...rows.map((row) => row[index]?.length ?? 0))),
  );
  return rows
    .map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}
