import type { CatalogueTable, TargetCatalogue } from "../model/catalogue.ts";
import type { ProposedTable, SchemaProposal } from "../model/proposal.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { changedNames } from "../plan/names/target-names.ts";
import { findByName } from "../plan/propose/map-tables.ts";
import type { Context } from "./context.ts";
import type { Inspected } from "./inspect.ts";

export interface PairedTable {
  readonly source: SourceTable;
  readonly target: CatalogueTable;
  readonly names: ReadonlyMap<string, string>;
}

export function pairTables(context: Context, inspected: Inspected, catalogue: TargetCatalogue): PairedTable[] {
  const renamed = changedNames(inspected.schema, context);
  return inspected.schema.tables.flatMap((source) => {
    const target = findByName(catalogue.tables, renamed.get(source.name) ?? source.name);
    if (target === undefined) return [];
    const names = source.columns.flatMap(({ name }) => {
      const column = findByName(target.columns, renamed.get(`${source.name}.${name}`) ?? name);
      return column === undefined ? [] : [[name, column.name] as const];
    });
    return [{ source, target, names: new Map(names) }];
  });
}

/** The tables that are there, as if they had been proposed: so that values are judged by the types that they meet. */
export function asProposal(context: Context, pairs: readonly PairedTable[]): SchemaProposal {
  const tables = pairs.map(
    ({ names, source, target }): ProposedTable => ({
      source: source.name,
      name: target.name,
      columns: source.columns.flatMap(({ name }) => {
        const column = target.columns.find((candidate) => candidate.name === names.get(name));
        const type = column === undefined || column.generated ? null : spelledType(column.baseType, column.modifier);
        return type === null
          ? []
          : [
              {
                source: name,
                name: column?.name ?? name,
                type,
                collation: null,
                nullable: column?.notNull !== true,
                default: null,
                identity: false,
                generated: null,
                evidence: "the target's own",
              },
            ];
      }),
      primaryKey: null,
      uniques: [],
      checks: [],
      indexes: [],
      foreignKeys: [],
      untranslated: [],
    }),
  );
  return { types: context.types, tables, views: [], untranslated: [], findings: [] };
}

/** A type as people write it, domains as their base; null for types that only the server can judge by. */
function spelledType(baseType: string, modifier: number): string | null {
  const length = modifier < 4 ? "" : `(${modifier - 4})`;
  const decimals = modifier < 0 ? "" : `(${modifier})`;
  if (baseType.startsWith("_")) return `${spelledType(baseType.slice(1), -1) ?? baseType.slice(1)}[]`;
  switch (baseType) {
    case "int2":
      return "smallint";
    case "int4":
      return "integer";
    case "int8":
      return "bigint";
    case "float4":
      return "real";
    case "float8":
      return "double precision";
    case "numeric":
      return modifier < 4 ? "numeric" : `numeric(${(modifier - 4) >> 16},${(modifier - 4) & 0x7ff})`;
    case "text":
    case "citext":
      return "text";
    case "varchar":
      return `character varying${length}`;
    case "bpchar":
      return modifier < 4 ? "text" : `character${length}`;
    case "bool":
      return "boolean";
    case "timestamptz":
      return `timestamp${decimals} with time zone`;
    case "timestamp":
      return `timestamp${decimals} without time zone`;
    case "time":
      return `time${decimals}`;
    case "interval":
    case "bytea":
    case "date":
    case "json":
    case "jsonb":
    case "uuid":
    case "inet":
      return baseType;
    default:
      return null;
  }
}
