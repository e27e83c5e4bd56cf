import type { CatalogueTable } from "../model/catalogue.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { ProposedColumn, ProposedTable, SchemaProposal } from "../model/proposal.ts";
import type { SchemaChange } from "../model/schema-change.ts";

/** What a migration file for changes of the source is made from. */
export interface FollowPlan {
  readonly changes: readonly SchemaChange[];
  /** What would be proposed for the source as it is now, and as it was. */
  readonly now: SchemaProposal;
  readonly before: SchemaProposal;
  /** How tables arrived so far: the target's names are those that someone gave it. */
  readonly mappings: readonly TableMapping[];
  /** The target's tables as they are. */
  readonly tables: readonly CatalogueTable[];
}

/** One table's side of the plan, by its name in the source before the changes. */
export class FollowedTable {
  readonly source: string;
  readonly now: ProposedTable | null;
  readonly before: ProposedTable | null;
  readonly #mapping: TableMapping | undefined;
  readonly #target: CatalogueTable | undefined;
  readonly #renamed = new Map<string, string>();

  constructor(plan: FollowPlan, source: string) {
    this.source = source;
    const to = plan.changes.find((change) => change.kind === "table-renamed" && change.table === source);
    const present = to?.kind === "table-renamed" ? to.to : source;
    this.now = plan.now.tables.find((table) => table.source === present) ?? null;
    this.before = plan.before.tables.find((table) => table.source === source) ?? null;
    this.#mapping = plan.mappings.find((mapping) => mapping.source === source);
    const target = this.#mapping?.target;
    this.#target = plan.tables.find(({ name, schema }) => name === target?.name && schema === target.schema);
    for (const change of plan.changes)
      if (change.kind === "column-renamed" && change.table === source) this.#renamed.set(change.to, change.column);
  }

  /** The target's name of the table before the changes. */
  get name(): string {
    return this.#mapping?.target.name ?? this.before?.name ?? this.now?.name ?? this.source;
  }

  /** The target's name of a column before the changes, by its name in the source before. */
  columnBefore(column: string): string {
    return (
      this.#mapping?.columns.find(({ source }) => source === column)?.target ??
      this.before?.columns.find(({ source }) => source === column)?.name ??
      column
    );
  }

  /** The target's name of a column, by its name in the source now: one that was there keeps what someone called it. */
  columnNow(column: string): string {
    const was = this.#renamed.get(column);
    const kept = was === undefined ? this.#mapping?.columns.find(({ source }) => source === column) : undefined;
    return kept?.target ?? this.proposed(column)?.name ?? column;
  }

  proposed(column: string): ProposedColumn | undefined {
    return this.now?.columns.find(({ source }) => source === column);
  }

  /** The type that a column has in the target, by its name in the source now. */
  typeBefore(column: string): string | null {
    const name = this.columnBefore(this.#renamed.get(column) ?? column);
    return this.#target?.columns.find((candidate) => candidate.name === name)?.type ?? null;
  }

  /** The table as the target has it, for the Down migration. */
  get whole(): ProposedTable | null {
    if (this.before === null) return null;
    return {
      ...this.before,
      name: this.name,
      columns: this.before.columns.map((column) => ({
        ...column,
        name: this.columnBefore(column.source),
        type: this.#target?.columns.find(({ name }) => name === this.columnBefore(column.source))?.type ?? column.type,
      })),
    };
  }
}
