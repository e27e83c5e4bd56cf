import type { Finding, ProposedView, Untranslated } from "../../model/proposal.ts";
import type { SourceSchema } from "../../model/source-schema.ts";
import { NameSpace, takeNames } from "../names/choose-names.ts";
import type { FoldName } from "../names/fold-name.ts";
import { wordsOf } from "../schema-objects.ts";
import { type Relation, tableRelation } from "../translate/relation.ts";
import { outputTraits, type QueryOutput } from "../translate/translate-select.ts";
import { translateView } from "../translate/translate-view.ts";
import { type ColumnPlan, canKeepTexts, type TablePlan } from "./table-plan.ts";

export interface Views {
  readonly views: readonly ProposedView[];
  readonly untranslated: readonly Untranslated[];
  readonly findings: readonly Finding[];
}

export interface ViewNames {
  /** Of tables and views, by the source's. */
  readonly names: ReadonlyMap<string, string>;
  readonly fold: FoldName;
}

/** The views that have a sure translation, each after those that it reads. */
export function proposeViews(schema: SourceSchema, plans: readonly TablePlan[], { names, fold }: ViewNames): Views {
  const relations = relationsOf(plans, () => false);
  const ofKept = relationsOf(plans, canKeepTexts);
  const views: ProposedView[] = [];
  let waiting = schema.views.map((view) => ({ view, reason: "" }));
  for (let progress = true; progress; ) {
    progress = false;
    const left: typeof waiting = [];
    for (const { view } of waiting) {
      const name = names.get(view.name) ?? view.name;
      const width = view.columns?.length ?? null;
      const whole = translateView(view.sql, width, relations);
      const kept = translateView(view.sql, width, ofKept);
      const { query, outputs, reason } = whole.reason === null ? whole : kept;
      if (reason !== null) {
        left.push({ view, reason });
        continue;
      }
      const given = view.columns ?? namesOf(outputs);
      const columns = [...takeNames(new NameSpace(), given, { fold }).values()];
      views.push({ source: view.name, name, columns, query });
      const relation = (from: readonly QueryOutput[]): Relation => ({
        name,
        columns: from.map((output, index) => ({
          ...outputTraits(output),
          source: given[index] ?? "",
          name: columns[index] ?? "",
        })),
      });
      relations.set(view.name.toLowerCase(), relation(outputs));
      ofKept.set(view.name.toLowerCase(), relation(kept.reason === null ? kept.outputs : outputs));
      if (whole.reason !== null) keepTextsOf(view.sql, plans);
      progress = true;
    }
    waiting = left;
  }
  return {
    views,
    untranslated: waiting.map(({ view, reason }) => ({ what: `the view ${view.name}`, reason, sql: view.sql })),
    findings: waiting.map(
      ({ view, reason }): Finding => ({
        code: "VIEW_NOT_TRANSLATED",
        severity: "warning",
        table: view.name,
        object: { kind: "view", name: view.name, targetTable: names.get(view.name) ?? view.name },
        message: `the view ${view.name} has no sure translation: ${reason}`,
        hint: "it stands as a comment in the migration file: write it there as PostgreSQL has it, or do without",
      }),
    ),
  };
}

function relationsOf(plans: readonly TablePlan[], isKept: (column: ColumnPlan) => boolean): Map<string, Relation> {
  return new Map(
    plans.map((plan) => [(plan.source.virtual?.name ?? plan.source.name).toLowerCase(), tableRelation(plan, isKept)]),
  );
}

/** Of the columns that can be kept those that the view names; all of its tables, or all at all, where it names none. */
function keepTextsOf(sql: string, plans: readonly TablePlan[]): void {
  const words = wordsOf(sql);
  const all = plans.flatMap((plan) => plan.columns.filter(canKeepTexts).map((column) => ({ plan, column })));
  const ofTables = all.filter(({ plan }) => words.has(plan.source.name.toLowerCase()));
  const named = ofTables.filter(({ column }) => words.has(column.source.name.toLowerCase()));
  const [kept = all] = [named, ofTables].filter(({ length }) => length > 0);
  for (const { plan, column } of kept) plan.keptTexts.add(column);
}

/** As SQLite would call the columns, but that it makes up other names for the second of two and for expressions. */
function namesOf(outputs: readonly QueryOutput[]): string[] {
  const names: string[] = [];
  for (const [index, { name }] of outputs.entries()) {
    const wished = name ?? `column_${index + 1}`;
    names.push(names.includes(wished) ? `${wished}:${index + 1}` : wished);
  }
  return names;
}
