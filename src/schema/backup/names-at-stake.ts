import type { Effect, NamedTable } from "../prove/lint/taken-away.ts";
import type { TakenAway } from "./forecast-undo.ts";
import type { TableAtStake } from "./tables-at-stake.ts";

interface Entry {
  readonly table: TableAtStake;
  schema: string;
  name: string;
  /** Present names of columns, with those that they have in the database. */
  readonly columns: Map<string, string>;
}

/** The names of tables while migrations are undone one after the other: later ones see what earlier ones renamed. */
export class NamesAtStake {
  readonly #entries: Set<Entry>;
  readonly #places: ReadonlyMap<string, number | null>;

  constructor(tables: readonly TableAtStake[]) {
    this.#entries = new Set(
      tables.map((table) => ({
        table,
        schema: table.schema,
        name: table.name,
        columns: new Map(table.columns.map((column) => [column, column])),
      })),
    );
    this.#places = new Map(tables.map(({ place, schema }) => [schema, place]));
  }

  /** Applies an effect to the names; returns what it takes away of tables that are there now. */
  apply(effect: Effect): TakenAway[] {
    if (effect.kind === "unknown") return [];
    if (effect.kind === "schema-dropped") return this.#dropSchema(effect.schema);
    const entry = this.#find(effect.table);
    if (entry === undefined) return [];
    switch (effect.kind) {
      case "renamed":
        entry.name = effect.to;
        return [];
      case "moved":
        entry.schema = effect.to;
        return [];
      case "column-renamed":
        this.#renameColumn(entry, effect.column, effect.to);
        return [];
      case "column-dropped":
      case "column-retyped": {
        const column = entry.columns.get(effect.column);
        if (column === undefined) return [];
        if (effect.kind === "column-dropped") entry.columns.delete(effect.column);
        return [taken(entry, effect.kind, column)];
      }
      case "dropped":
        this.#entries.delete(entry);
        return [taken(entry, "dropped", null)];
      default:
        return [taken(entry, effect.kind, null)];
    }
  }

  #dropSchema(schema: string): TakenAway[] {
    const gone = [...this.#entries].filter((entry) => entry.schema === schema);
    for (const entry of gone) this.#entries.delete(entry);
    return gone.map((entry) => taken(entry, "dropped", null));
  }

  #renameColumn(entry: Entry, from: string, to: string): void {
    const column = entry.columns.get(from);
    if (column === undefined) return;
    entry.columns.delete(from);
    entry.columns.set(to, column);
  }

  #find({ name, schema }: NamedTable): Entry | undefined {
    const named = [...this.#entries].filter((entry) => entry.name === name);
    if (schema !== null) return named.find((entry) => entry.schema === schema);
    const place = (entry: Entry) => this.#places.get(entry.schema) ?? Number.POSITIVE_INFINITY;
    return named.filter((entry) => Number.isFinite(place(entry))).sort((a, b) => place(a) - place(b))[0];
  }
}

function taken({ table }: Entry, how: TakenAway["how"], column: string | null): TakenAway {
  const { bytes, counted, id, name, rows, schema } = table;
  return { schema, table: name, how, column, rows, counted, bytes, id };
}
