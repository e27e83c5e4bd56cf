import type { ProposedIndex, ProposedTable, ProposedView, SchemaProposal } from "../../model/proposal.ts";
import { renderName, renderNames } from "../names/render-name.ts";
import { renderForeignKey, renderTable, renderUntranslated } from "./render-table.ts";

export interface RenderedMigration {
  readonly name: string;
  readonly text: string;
}

/** The proposal as migration files for node-pg-migrate. Each one's down leaves what was there before its up. */
export function renderMigrations(proposal: SchemaProposal): RenderedMigration[] {
  const { tables, views, untranslated } = proposal;
  const indexes = tables.flatMap((table) => table.indexes.map((index) => ({ table: table.name, index })));
  const keys = tables.flatMap((table) => table.foreignKeys.map((key) => ({ table: table.name, key })));
  return [
    file(
      "0001_tables",
      [...collationChoice(tables), ...tables.map((table) => renderTable(table, proposal.findings))],
      tables.map(({ name }) => `drop table ${renderName(name)};`),
    ),
    file(
      "0002_indexes",
      indexes.map(({ table, index }) => renderIndex(table, index)),
      indexes.map(({ index }) => `drop index ${renderName(index.name)};`),
    ),
    file(
      "0003_foreign_keys",
      keys.map(({ table, key }) => renderForeignKey(table, key)),
      keys.map(({ table, key }) => `alter table ${renderName(table)} drop constraint ${renderName(key.name)};`),
    ),
    file(
      "0004_views",
      views.map(renderView),
      views.map(({ name }) => `drop view ${renderName(name)};`),
    ),
    file("0005_not_translated", untranslated.map(renderUntranslated), []),
  ].filter((migration) => migration !== null);
}

/** A table with its indexes, for a run that makes one itself. */
export function renderWholeTable(table: ProposedTable): string {
  return [renderTable(table), ...table.indexes.map((index) => renderIndex(table.name, index))].join("\n");
}

/** Why so many columns say it, once. */
function collationChoice(tables: SchemaProposal["tables"]): string[] {
  return tables.some(({ columns }) => columns.some(({ collation }) => collation !== null))
    ? [
        `-- collate "C": texts compare byte by byte, as in SQLite. \`--collation database\` writes this file ` +
          "without it.",
      ]
    : [];
}

function file(name: string, up: readonly string[], down: readonly string[]): RenderedMigration | null {
  if (up.length === 0) return null;
  const undo = [...down].reverse().join("\n");
  return {
    name: `${name}.sql`,
    text:
      `-- Up Migration\n\n${up.join(up.some((text) => text.includes("\n")) ? "\n\n" : "\n")}\n\n-- Down ` +
      `Migration\n${undo === "" ? "" : `\n${undo}\n`}`,
  };
}

/** CREATE INDEX. */
export function renderIndex(table: string, index: ProposedIndex): string {
  return (
    `create ${index.unique ? "unique " : ""}index ${renderName(index.name)} on ` +
    `${renderName(table)}${index.method === undefined ? "" : ` using ${index.method}`} ` +
    `(${index.terms.join(", ")})${index.where === null ? "" : ` where ${index.where}`};`
  );
}

/** CREATE VIEW. */
export function renderView({ name, columns, query }: ProposedView): string {
  return `create view ${renderName(name)} (${renderNames(columns)}) as\n${query};`;
}
