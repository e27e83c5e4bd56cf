import type { ProposedIndex, ProposedTable, ProposedView, SchemaProposal } from "../../model/proposal.ts";
import { renderName, renderNames } from "../names/render-name.ts";
import { renderForeignKey, renderTable, renderUntranslated } from "./render-table.ts";

export interface RenderedMigration {
  readonly name: string;
  readonly text: string;
}

/** One statement of a file's up half, and what undoes it. */
interface Step {
  readonly up: string;
  readonly down: string | null;
}

/**
 * A file is a transaction, and a table with its key and its TOAST table takes five locks of it. A server as it comes
 * has some 7,000 for all its sessions.
 */
const STEPS_A_FILE = 250;

/** The proposal as migration files for node-pg-migrate. Each one's down leaves what was there before its up. */
export function renderMigrations(proposal: SchemaProposal): RenderedMigration[] {
  const { tables, views, untranslated } = proposal;
  const kinds: readonly {
    readonly name: string;
    readonly head?: readonly string[];
    readonly steps: readonly Step[];
  }[] = [
    {
      name: "tables",
      head: collationChoice(tables),
      steps: tables.map((table) => ({
        up: renderTable(table, proposal.findings),
        down: `drop table ${renderName(table.name)};`,
      })),
    },
    {
      name: "indexes",
      steps: tables.flatMap((table) =>
        table.indexes.map((index) => ({
          up: renderIndex(table.name, index),
          down: `drop index ${renderName(index.name)};`,
        })),
      ),
    },
    {
      name: "foreign_keys",
      steps: tables.flatMap(({ foreignKeys, name: table }) =>
        foreignKeys.map((key) => ({
          up: renderForeignKey(table, key),
          down: `alter table ${renderName(table)} drop constraint ${renderName(key.name)};`,
        })),
      ),
    },
    {
      name: "views",
      steps: views.map((view) => ({ up: renderView(view), down: `drop view ${renderName(view.name)};` })),
    },
    { name: "not_translated", steps: untranslated.map((object) => ({ up: renderUntranslated(object), down: null })) },
  ];
  const files = kinds.map((kind) => ({ ...kind, parts: inParts(kind.steps) }));
  // Files of a kind follow each other, so the kinds behind one of several files have higher numbers.
  let number = 0;
  return files.flatMap(({ head = [], name, parts }) => {
    if (parts.length === 0) number++;
    return parts.map((steps) => file(`${String(++number).padStart(4, "0")}_${name}`, head, steps));
  });
}

function inParts(steps: readonly Step[]): (readonly Step[])[] {
  return Array.from({ length: Math.ceil(steps.length / STEPS_A_FILE) }, (_, part) =>
    steps.slice(part * STEPS_A_FILE, (part + 1) * STEPS_A_FILE),
  );
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

function file(name: string, head: readonly string[], steps: readonly Step[]): RenderedMigration {
  const up = [...head, ...steps.map((step) => step.up)];
  const undo = steps
    .flatMap(({ down }) => down ?? [])
    .reverse()
    .join("\n");
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
