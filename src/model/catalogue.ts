/** What the target's catalogue says of its tables. */
export interface TargetCatalogue {
  readonly schema: string;
  readonly tables: readonly CatalogueTable[];
}

export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly CatalogueColumn[];
  /** Column lists of unique indexes without expression or condition. */
  readonly keys: readonly (readonly string[])[];
}

export interface CatalogueColumn {
  readonly name: string;
  /** As PostgreSQL writes it: `numeric(10,2)`. */
  readonly type: string;
  /** pg_type.typname, domains followed to their base: `int8`. */
  readonly baseType: string;
  readonly modifier: number;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated: boolean;
  readonly identity: boolean;
}
