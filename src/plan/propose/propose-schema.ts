import type { CheckViolations } from "../../model/check-violations.ts";
import type { ForeignKeyOrphans } from "../../model/foreign-key.ts";
import { ORM_PROFILES, type OrmName, type OrmProfile } from "../../model/orm-profile.ts";
import type { TableProfile } from "../../model/profile.ts";
import type { ProposedTable, SchemaProposal } from "../../model/proposal.ts";
import type { SourceSchema } from "../../model/source-schema.ts";
import type { CollationChoice } from "../../model/text-order.ts";
import { excludedFindings } from "../excluded-findings.ts";
import { toolFindings } from "../findings/tool-findings.ts";
import { isCatalogueName, takeNames } from "../names/choose-names.ts";
import { foldOf, type NameOptions, relationSpace, tableNames } from "../names/target-names.ts";
import { keepTexts, keptTextFindings } from "./keep-texts.ts";
import { orderTables } from "./order-tables.ts";
import { planTables } from "./plan-tables.ts";
import { proposeForeignKeys } from "./propose-foreign-keys.ts";
import { proposeIndexes } from "./propose-indexes.ts";
import { proposeOthers } from "./propose-others.ts";
import { proposeTable, type TableDraft } from "./propose-table.ts";
import { proposeViews } from "./propose-views.ts";
import { proposeVirtual } from "./propose-virtual.ts";
import type { TablePlan } from "./table-plan.ts";

export interface ProposalOptions extends NameOptions {
  /**
   * `plain`: types that take the values as they are; `enhanced`: uuid, jsonb, inet and dates where the values allow it.
   */
  readonly types: "plain" | "enhanced";
  /** Broken foreign keys, from {@link foreignKeyOrphans} of inspect. */
  readonly orphans?: readonly ForeignKeyOrphans[];
  /** Broken CHECKs, from {@link checkViolations} of inspect. */
  readonly violations?: readonly CheckViolations[];
  /** What an ORM expects of the tables. Default: plain. */
  readonly profile?: OrmName;
  /** Integers of 32 or 64 bits, whatever the profile says. */
  readonly integers?: "int4" | "int8";
  /** Default: bytes. */
  readonly collationChoice?: CollationChoice;
}

/**
 * A schema of PostgreSQL that holds every value that the profiles saw, and means what the
 * source's means. What it cannot say is in `untranslated` and in the findings, never left out without a word.
 */
export function proposeSchema(
  schema: SourceSchema,
  profiles: readonly TableProfile[],
  options: ProposalOptions,
): SchemaProposal {
  const relations = relationSpace();
  const fold = foldOf(options);
  const names = tableNames(schema, options, relations);
  const indexNames = takeNames(
    relations,
    schema.tables.flatMap(({ indexes }) => indexes.filter(({ origin }) => origin === "index").map(({ name }) => name)),
    { isRefused: isCatalogueName, fold },
  );
  const profile = ORM_PROFILES[options.profile ?? "plain"];
  const orm: OrmProfile = { ...profile, integers: options.integers ?? profile.integers };
  const plans = planTables(schema, profiles, names, {
    types: options.types,
    rules: options.rules ?? {},
    names: options.names ?? "keep",
    collationChoice: options.collationChoice ?? "C",
    orm,
  });
  const drafts = plans.map((plan) => ({
    plan,
    table: numberedBy(orm, proposeTable(plan, relations, options.violations ?? [])),
    ...proposeIndexes(plan, indexNames, relations),
  }));
  const virtual = proposeVirtual(schema, plans, relations);
  const withVirtual = drafts.map((draft) => ({
    ...draft,
    indexes: [
      ...draft.indexes,
      ...virtual.filter(({ plan }) => plan === draft.plan).map(({ plan: _, ...index }) => index),
    ],
  }));
  const tables = proposeForeignKeys(schema, withVirtual, options.orphans ?? [], relations);
  const { views, untranslated: lostViews, findings: viewFindings } = proposeViews(schema, plans, { names, fold });
  const { untranslated, findings } = proposeOthers(schema, plans);
  return {
    types: options.types,
    tables: orderTables(keepAllTexts(tables, plans)),
    views,
    untranslated: [...lostViews, ...untranslated],
    findings: [
      ...toolFindings(schema.tools ?? []),
      ...excludedFindings(schema.excluded ?? []),
      ...plans.flatMap((plan) => [...plan.findings, ...keptTextFindings(plan)]),
      ...viewFindings,
      ...findings,
    ],
  };
}

/** The tables, with the CHECKs that views and indexes need to hold texts alone. */
function keepAllTexts(tables: readonly ProposedTable[], plans: readonly TablePlan[]): readonly ProposedTable[] {
  const kept = new Map(plans.filter((plan) => plan.keptTexts.size > 0).map((plan) => [plan.source.name, plan]));
  return tables.map((table) => {
    const plan = kept.get(table.source);
    return plan === undefined ? table : keepTexts(table, plan);
  });
}

/** A sequence whose name is not the usual one comes with an identity column alone. */
function numberedBy({ keys }: OrmProfile, draft: TableDraft): TableDraft {
  if (keys === "identity") return draft;
  const columns = draft.columns.map((column) =>
    column.identity && column.sequence === undefined ? { ...column, isSerial: true as const } : column,
  );
  return { ...draft, columns };
}
