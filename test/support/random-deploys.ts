import { Random } from "../fuzz/random.ts";

interface Table {
  name: string;
  readonly columns: string[];
  readonly key: "rowid" | "text" | "none";
}

/**
 * What an application and its deployments do to a source, at random: rows and schema changes in any order, VACUUM in
 * between. It knows the names of its tables, and nothing of changeover.
 */
export class RandomDeploys {
  readonly #random: Random;
  readonly #tables: Table[] = [];
  #names = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  chance(probability: number): boolean {
    return this.#random.chance(probability);
  }

  schema(): string {
    return (["rowid", "text", "none"] as const).map((key) => this.#create(key)).join(";\n");
  }

  statements(): string[] {
    return Array.from({ length: 1 + this.#random.int(5) }, () =>
      this.#random.chance(0.45) ? this.#write(this.#table()) : this.#change(this.#table()),
    ).concat(this.#random.chance(0.3) ? this.#renumber(this.#table()) : []);
  }

  #table(): Table {
    return this.#random.pick(this.#tables);
  }

  #name(prefix: string): string {
    return `${prefix}${++this.#names}`;
  }

  #create(key: Table["key"]): string {
    const table: Table = { name: this.#name("t"), columns: [this.#name("c"), this.#name("c")], key };
    this.#tables.push(table);
    const keys = { rowid: "id INTEGER PRIMARY KEY, ", text: "k TEXT PRIMARY KEY NOT NULL, ", none: "" };
    const rows = Array.from({ length: 3 + this.#random.int(5) }, () => this.#insert(table)).join(";\n");
    const columns = table.columns.map((name) => `${name} TEXT`).join(", ");
    return `CREATE TABLE ${table.name}(${keys[key]}${columns});\n${rows}`;
  }

  #insert({ columns, key, name }: Table): string {
    const values = columns.map(() => this.#value());
    const names = key === "text" ? ["k", ...columns] : columns;
    const given = key === "text" ? [`'k${this.#random.int(40)}'`, ...values] : values;
    return `INSERT OR REPLACE INTO ${name}(${names.join(", ")}) VALUES(${given.join(", ")})`;
  }

  #value(): string {
    return this.#random.chance(0.1) ? "NULL" : `'v${this.#random.int(1_000)}'`;
  }

  #write(table: Table): string {
    const column = this.#random.pick(table.columns);
    const some = `rowid % ${2 + this.#random.int(3)} = 0`;
    return this.#random.pick([
      this.#insert(table),
      `UPDATE ${table.name} SET ${column} = ${this.#value()} WHERE ${some}`,
      `DELETE FROM ${table.name} WHERE ${some}`,
    ]);
  }

  /** Where the table has no key, rows behind the gap get other rowids. */
  #renumber({ columns, name }: Table): string {
    return (
      `DELETE FROM ${name} WHERE rowid = (SELECT min(rowid) FROM ${name}); VACUUM; ` +
      `UPDATE ${name} SET ${columns[0]} = ${this.#value()} WHERE rowid = (SELECT min(rowid) FROM ${name})`
    );
  }

  #change(table: Table): string {
    const { columns, name } = table;
    switch (this.#random.int(9)) {
      case 0: {
        columns.push(this.#name("c"));
        const suffix = this.#random.pick(["", " DEFAULT 'd'", " NOT NULL DEFAULT 'n'"]);
        return `ALTER TABLE ${name} ADD COLUMN ${columns.at(-1)} TEXT${suffix}`;
      }
      case 1: {
        const at = this.#random.int(columns.length);
        const [old, to] = [columns[at], this.#name("c")];
        columns[at] = to;
        return `ALTER TABLE ${name} RENAME COLUMN ${old} TO ${to}`;
      }
      case 2:
        return columns.length < 3 ? "VACUUM" : `ALTER TABLE ${name} DROP COLUMN ${columns.pop()}`;
      case 3:
        table.name = this.#name("t");
        return `ALTER TABLE ${name} RENAME TO ${table.name}`;
      case 4:
        return this.#tables.length > 5 ? "VACUUM" : this.#create(this.#random.pick(["rowid", "text", "none"]));
      case 5:
        if (this.#tables.length < 3) return "VACUUM";
        this.#tables.splice(this.#tables.indexOf(table), 1);
        return `DROP TABLE ${name}`;
      case 6:
        return `CREATE INDEX ${this.#name("i")} ON ${name}(${this.#random.pick(columns)})`;
      case 7:
        return `BEGIN; CREATE TABLE made AS SELECT * FROM ${name}; DELETE FROM ${name}; INSERT INTO ${name}
          SELECT * FROM made; DROP TABLE made; COMMIT`;
      default:
        return "VACUUM";
    }
  }
}
