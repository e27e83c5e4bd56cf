import type { SchemaChange } from "../../src/model/schema-change.ts";

/** Triggers with the names of capture's own, which is all that tells of it. */
export function capturedBy(tables: readonly string[]): string {
  return tables
    .map(
      (table, index) =>
        `CREATE TRIGGER "_changeover_${index + 1}_after_insert" AFTER INSERT ON "${table}" BEGIN SELECT 1; END`,
    )
    .join(";\n");
}

interface Column {
  readonly name: string;
  readonly first: string;
  /** Made by ALTER TABLE: a later one stands behind it. */
  readonly isAdded: boolean;
}

/**
 * Makes random tables and changes them, one change of each object. It keeps its own account of what it did: nothing of
 * the engine is asked.
 */
export class RandomChanges {
  readonly expected: string[] = [];
  readonly #next: () => number;
  readonly #tables = new Map<string, Column[]>();
  readonly #views = new Set<string>();
  #names = 0;

  constructor(seed: number) {
    let state = seed * 2654435761;
    this.#next = () => {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
      return (state >>> 0) / 2 ** 32;
    };
  }

  get tables(): readonly string[] {
    return [...this.#tables.keys()];
  }

  schema(): string {
    const texts: string[] = [];
    for (let table = this.#below(3) + 1; table > 0; table--) {
      const name = this.#name("t");
      const columns = Array.from({ length: this.#below(4) + 2 }, () => this.#column());
      this.#tables.set(name, columns);
      texts.push(`CREATE TABLE ${name}(id INTEGER PRIMARY KEY, ${columns.map(this.#define).join(", ")})`);
      if (this.#below(2) === 0) {
        const view = this.#name("v");
        this.#views.add(view);
        texts.push(`CREATE VIEW ${view} AS SELECT id FROM ${name}`);
      }
    }
    return texts.join(";\n");
  }

  /** Statements, in random order; what they come to is in `expected`. */
  change(): string[] {
    const statements: string[] = [];
    for (const table of this.#shuffled(this.tables))
      for (let count = this.#below(3); count > 0; count--) statements.push(...this.#changeOf(table));
    for (const view of this.#views)
      if (this.#below(4) === 0) {
        statements.unshift(`DROP VIEW ${view}`);
        this.expected.push(`view-dropped ${view}`);
      }
    if (this.#below(3) === 0) {
      const table = this.#name("n");
      statements.push(`CREATE TABLE ${table}(x INT, y TEXT)`);
      this.expected.push(`table-created ${table}`);
    }
    return statements;
  }

  /** What was found, in the words of `expected`: a rename that is only likely counts as one. */
  plainly(change: SchemaChange): string {
    const { kind } = change;
    const names = [
      "table" in change && !kind.startsWith("trigger") ? change.table : null,
      "column" in change ? change.column : null,
      "index" in change ? change.index : null,
      "view" in change ? change.view : null,
      "trigger" in change ? change.trigger : null,
      kind === "column-renamed" || kind === "table-renamed" ? change.to : null,
    ];
    return [kind, ...names.filter((name) => name !== null)].join(" ");
  }

  #changeOf(table: string): string[] {
    const columns = this.#tables.get(table) ?? [];
    switch (this.#below(6)) {
      case 0: {
        const column = { ...this.#column(), isAdded: true };
        columns.push(column);
        this.expected.push(`column-added ${table} ${column.name}`);
        return [`ALTER TABLE ${table} ADD COLUMN ${this.#define(column)}`];
      }
      case 1: {
        // One in front of a column of before: with the last, a rename could be no more than likely.
        const old = columns.filter(({ isAdded }) => !isAdded);
        const column = old.length < 2 ? undefined : old.find(({ first }) => first !== "renamed");
        if (column === undefined || column === old.at(-1)) return [];
        const to = this.#name("r");
        columns[columns.indexOf(column)] = { name: to, first: "renamed", isAdded: false };
        this.expected.push(`column-renamed ${table} ${column.name} ${to}`);
        return [`ALTER TABLE ${table} RENAME COLUMN ${column.name} TO ${to}`];
      }
      case 2: {
        const column = columns.findIndex(({ first, isAdded }) => !isAdded && first !== "renamed");
        const dropped = columns[column];
        // A dropped one next to a renamed one may be either: of that the cases speak.
        if (dropped === undefined || columns.some(({ first }) => first === "renamed")) return [];
        if (columns.filter(({ isAdded }) => !isAdded).length < 3) return [];
        columns.splice(column, 1);
        for (const [index, kept] of columns.entries()) columns[index] = { ...kept, first: "renamed" };
        this.expected.push(`column-dropped ${table} ${dropped.name}`);
        return [`ALTER TABLE ${table} DROP COLUMN ${dropped.name}`];
      }
      case 3: {
        const index = this.#name("i");
        this.expected.push(`index-created ${table} ${index}`);
        return [`CREATE INDEX ${index} ON ${table}(id)`];
      }
      case 4: {
        const trigger = this.#name("g");
        this.expected.push(`trigger-created ${trigger}`);
        return [`CREATE TRIGGER ${trigger} AFTER DELETE ON ${table} BEGIN SELECT 1; END`];
      }
      default: {
        const view = this.#name("w");
        this.expected.push(`view-created ${view}`);
        return [`CREATE VIEW ${view} AS SELECT id FROM ${table}`];
      }
    }
  }

  #column(): Column {
    return { name: this.#name("c"), first: "", isAdded: false };
  }

  readonly #define = ({ name }: Column): string => `${name} ${["INT", "TEXT", "REAL"][this.#below(3)] ?? "INT"}`;

  #name(prefix: string): string {
    return `${prefix}${++this.#names}`;
  }

  #shuffled<T>(items: readonly T[]): T[] {
    return [...items].sort(() => this.#next() - 0.5);
  }

  #below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }
}
