import type { ProposedIndex } from "../../model/proposal.ts";
import type { SearchIndex, SkippedObject, SourceSchema } from "../../model/source-schema.ts";
import { pgString } from "../../quote.ts";
import { defaultName, type NameSpace } from "../names/choose-names.ts";
import { renderName } from "../names/render-name.ts";
import { type ColumnPlan, columnPlanOf, leaveOut, type TablePlan } from "./table-plan.ts";

export interface VirtualIndex extends ProposedIndex {
  readonly plan: TablePlan;
}

/** The indexes that do in PostgreSQL what virtual tables do in SQLite: GIN for full text search, GiST for boxes. */
export function proposeVirtual(
  schema: SourceSchema,
  plans: readonly TablePlan[],
  relations: NameSpace,
): VirtualIndex[] {
  const own = plans.flatMap((plan) => ownIndexes(plan, relations));
  const elsewhere = schema.skipped.flatMap((object) => {
    const plan = contentOf(object, plans);
    return plan === undefined || object.search === undefined
      ? []
      : searchOf(plan, object.search, { virtual: object, name: plan.fold(object.name) }, relations);
  });
  return [...own, ...elsewhere];
}

/** The plan of the table whose texts a virtual table searches. */
export function contentOf({ search }: SkippedObject, plans: readonly TablePlan[]): TablePlan | undefined {
  return search === undefined
    ? undefined
    : plans.find(({ source }) => source.name.toLowerCase() === search.content.toLowerCase());
}

function ownIndexes(plan: TablePlan, relations: NameSpace): VirtualIndex[] {
  const { virtual } = plan.source;
  if (virtual?.search !== undefined)
    return searchOf(plan, virtual.search, { virtual, name: defaultName(plan.name, [], "search") }, relations);
  if (virtual?.boxes !== undefined) return boxIndex(plan, virtual.boxes, relations);
  if (virtual !== undefined)
    recordMoved(
      plan,
      `the rows of the virtual table ${virtual.name} (${virtual.module}) become the table ${plan.name}`,
      "make an index in a migration of yours if queries look for shapes",
    );
  return [];
}

interface SearchOrigin {
  readonly virtual: { readonly name: string; readonly sql: string | null };
  readonly name: string;
}

/** A row of `to_tsvector` has to stay below 1 MB, and lexemes may take twice the room of their words. */
const MAX_BYTES = 250_000;

function searchOf(
  plan: TablePlan,
  search: SearchIndex,
  { virtual, name }: SearchOrigin,
  relations: NameSpace,
): VirtualIndex[] {
  const columns = search.columns.map((column) =>
    plan.columns.find(({ source }) => source.name.toLowerCase() === column.toLowerCase()),
  );
  const texts = columns.filter((column): column is ColumnPlan => column !== undefined && isSearchable(column));
  const bytes = texts.reduce((sum, { profile }) => sum + profile.maxBytes, 0);
  const fail = (code: "VIRTUAL_TABLE" | "INDEX_TOO_WIDE", reason: string): [] => {
    leaveOut(plan, {
      code,
      object: { kind: "virtual-table", name: virtual.name, targetTable: plan.name },
      what: `the full text search ${virtual.name}`,
      reason,
      sql: virtual.sql ?? "",
      hint: "write an index in a migration of yours, on what its queries need",
    });
    return [];
  };
  if (/trigram/i.test(search.tokenizer))
    return fail("VIRTUAL_TABLE", "it searches by trigrams, for which PostgreSQL needs the extension pg_trgm");
  if (texts.length === 0 || columns.some((column) => column === undefined))
    return fail("VIRTUAL_TABLE", "its columns are no texts in PostgreSQL");
  if (bytes > MAX_BYTES)
    return fail("INDEX_TOO_WIDE", `texts of up to ${bytes} bytes may not fit PostgreSQL's to_tsvector`);
  const language = pgString(/porter/i.test(search.tokenizer) ? "english" : "simple");
  const words = texts
    .map(({ name: column, type }) => `coalesce(${renderName(column)}${type === "text" ? "" : "::text"}, '')`)
    .join(" || ' ' || ");
  const vector = `to_tsvector(${language}, ${words})`;
  const moved =
    plan.source.virtual === undefined
      ? ""
      : `the rows of the virtual table ${virtual.name} become the table ${plan.name}; `;
  recordMoved(
    plan,
    `${moved}the full text search ${virtual.name} becomes a GIN index`,
    `write its MATCH as \`${vector} @@ websearch_to_tsquery(${language}, …)\`; ` +
      "words are split otherwise than by SQLite" +
      (/remove_diacritics/i.test(search.tokenizer)
        ? ", and accents count unless the extension unaccent takes them off"
        : ""),
    virtual.name,
  );
  return [{ plan, name: relations.take(name), unique: false, method: "gin", terms: [vector], where: null }];
}

function isSearchable({ type }: ColumnPlan): boolean {
  return type === "text" || type === "bigint";
}

function boxIndex(
  plan: TablePlan,
  boxes: readonly (readonly [string, string])[],
  relations: NameSpace,
): VirtualIndex[] {
  const { virtual } = plan.source;
  const corners = boxes.map((pair) => pair.map((name) => renderName(columnPlanOf(plan, name)?.name ?? name)));
  const moved = `the rows of the R-Tree ${virtual?.name ?? ""} become the table ${plan.name}`;
  if (corners.length > 2) {
    recordMoved(
      plan,
      `${moved}; its ${corners.length} dimensions become an ordinary index on the least coordinates`,
      "for a spatial index of more than two dimensions PostgreSQL needs the extension cube",
    );
    return [
      {
        plan,
        name: relations.take(defaultName(plan.name, [], "box")),
        unique: false,
        terms: corners.map(([least]) => least ?? ""),
        where: null,
      },
    ];
  }
  const corner = (which: 0 | 1) => `point(${[corners[0]?.[which], corners[1]?.[which] ?? "0"].join(", ")})`;
  const box = `box(${corner(0)}, ${corner(1)})`;
  recordMoved(
    plan,
    `${moved}, with a GiST index on its boxes`,
    `ask for rows that overlap with \`${box} && box(point(…), point(…))\``,
  );
  return [
    {
      plan,
      name: relations.take(defaultName(plan.name, [], "box")),
      unique: false,
      method: "gist",
      terms: [box],
      where: null,
    },
  ];
}

function recordMoved(plan: TablePlan, message: string, hint: string, searched?: string): void {
  const name = plan.source.virtual?.name ?? searched ?? plan.source.name;
  plan.findings.push({
    code: "VIRTUAL_TABLE_MOVED",
    severity: "info",
    table: plan.source.name,
    object: { kind: "virtual-table", name, targetTable: plan.name },
    message,
    hint,
  });
}
