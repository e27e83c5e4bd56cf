import type { CheckViolations } from "../model/check-violations.ts";
import type { ForeignKeyOrphans } from "../model/foreign-key.ts";
import type { TableProfile } from "../model/profile.ts";
import type { SchemaProposal } from "../model/proposal.ts";
import { type Rules, rulesOfTable } from "../model/rules.ts";
import type { SourceSchema } from "../model/schema.ts";
import type { TextOrder } from "../model/text-order.ts";
import { NameSpace, isCatalogueName, takeNames } from "./choose-names.ts";
import { type FoldName, keepName, snakeCase } from "./fold-name.ts";
import { orderTables } from "./order-tables.ts";
import { planTables } from "./plan-tables.ts";
import { proposeForeignKeys } from "./propose-foreign-keys.ts";
import { proposeIndexes } from "./propose-indexes.ts";
import { proposeOthers } from "./propose-others.ts";
import { proposeTable } from "./propose-table.ts";
import { proposeVirtual } from "./propose-virtual.ts";
import { toolFindings } from "./tool-findings.ts";
import { proposeViews } from "./propose-views.ts";

export interface ProposeOptions {
  /** `plain`: types that take the values as they are; `enhanced`: uuid, jsonb, inet and dates where the values allow it. */
  readonly types: "plain" | "enhanced";
  /** Broken foreign keys, from {@link foreignKeyOrphans} of inspect. */
  readonly orphans?: readonly ForeignKeyOrphans[];
  /** Broken CHECKs, from {@link checkViolations} of inspect. */
  readonly violations?: readonly CheckViolations[];
  readonly rules?: Rules;
  /** `keep` (default) leaves names as they are, `snake_case` folds them. */
  readonly names?: "keep" | "snake_case";
  /** Default: bytes. */
  readonly textOrder?: TextOrder;
}

// The tool that runs the migrations keeps its own table beside the application's.
const TAKEN = ["pgmigrations", "pgmigrations_pkey", "pgmigrations_id_seq"];

/**
 * A schema of PostgreSQL that holds every value that the profiles saw, and means what the
 * source's means. What it cannot say is in `untranslated` and in the findings, never left out without a word.
 */
export function proposeSchema(schema: SourceSchema, profiles: readonly TableProfile[], options: ProposeOptions): SchemaProposal {
  const relations = new NameSpace(TAKEN);
  const rules = options.rules ?? {};
  const fold = options.names === "snake_case" ? snakeCase : keepName;
  const names = relationNames(schema, relations, { rules, fold });
  const indexNames = takeNames(relations, schema.tables.flatMap(({ indexes }) => indexes.filter(({ origin }) => origin === "index").map(({ name }) => name)), { isRefused: isCatalogueName, fold });
  const plans = planTables(schema, profiles, names, { types: options.types, rules, fold, textOrder: options.textOrder ?? "bytes" });
  const drafts = plans.map((plan) => ({ plan, table: proposeTable(plan, relations, options.violations ?? []), ...proposeIndexes(plan, indexNames, relations) }));
  const virtual = proposeVirtual(schema, plans, relations);
  const tables = proposeForeignKeys(schema, drafts.map((draft) => ({ ...draft, indexes: [...draft.indexes, ...virtual.filter(({ plan }) => plan === draft.plan).map(({ plan: _, ...index }) => index)] })), options.orphans ?? [], relations);
  const { views, untranslated: lostViews, findings: viewFindings } = proposeViews(schema, plans, { names, fold });
  const { untranslated, findings } = proposeOthers(schema, plans);
  return {
    types: options.types,
    tables: orderTables(tables),
    views,
    untranslated: [...lostViews, ...untranslated],
    findings: [...toolFindings(schema.tools ?? []), ...plans.flatMap((plan) => plan.findings), ...viewFindings, ...findings],
  };
}

/** The names of the target's tables by the source's, as far as they follow from names alone. */
export function tableNames(schema: SourceSchema, options: Pick<ProposeOptions, "names" | "rules">): ReadonlyMap<string, string> {
  return relationNames(schema, new NameSpace(TAKEN), { rules: options.rules ?? {}, fold: options.names === "snake_case" ? snakeCase : keepName });
}

/** Rows of a virtual table go by its name, not by that of the table in which its module keeps them. */
function relationNames(schema: SourceSchema, relations: NameSpace, { rules, fold }: { readonly rules: Rules; readonly fold: FoldName }): Map<string, string> {
  const wished = new Map(schema.tables.map(({ name, virtual }) => [name, virtual?.name ?? name]));
  return takeNames(relations, [...schema.tables, ...schema.views].map(({ name }) => name), { isRefused: isCatalogueName, ruled: (name) => rulesOfTable(rules, name).name, fold: (name) => fold(wished.get(name) ?? name) });
}
