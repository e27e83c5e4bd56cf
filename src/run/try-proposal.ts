import { messageOf, TargetError } from "../errors.ts";
import type { FindingCode } from "../model/finding-code.ts";
import type { SchemaObject } from "../model/left-out.ts";
import type {
  PlannedFinding,
  ProposedIndex,
  ProposedTable,
  ProposedView,
  SchemaProposal,
  Untranslated,
} from "../model/proposal.ts";
import type { SourceSchema } from "../model/source-schema.ts";
import { renderName, renderNames } from "../plan/names/render-name.ts";
import { renderIndex, renderView } from "../plan/render/render-migrations.ts";
import { pgName } from "../quote.ts";
import type { TargetSession } from "../target/target.ts";
import { sqlState } from "../target/target-error.ts";
import { type Context, withSession } from "./context.ts";

/** One thing that PostgreSQL may refuse, and what becomes of the proposal then. */
interface Attempt {
  readonly sql: string;
  readonly kind: "column" | "default" | "generated" | "check" | "unique" | "index" | "view";
  /** The source's table, or the view. */
  readonly table: string;
  readonly place: number;
}

interface Refusal extends Attempt {
  readonly reason: string;
}

/**
 * The proposal without what the target refuses, as far as a target can be reached and lets temporary tables be made.
 */
export async function tryOnTarget(
  context: Pick<Context, "target" | "report">,
  proposal: SchemaProposal,
  schema: SourceSchema,
): Promise<SchemaProposal> {
  try {
    return await withSession(context, (session) => withoutRefused(session, proposal, schema));
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    context.report({
      kind: "step",
      message: `views, CHECKs, defaults and indexes could not be tried on the target: ${error.message}`,
    });
    return proposal;
  }
}

/** Tables of one transaction: each temporary one holds locks until its end, and a server as it comes has few. */
const TABLES_AT_ONCE = 200;

/**
 * Tries each default, CHECK, index, generated column and view on the target, over temporary tables in transactions that
 * are rolled back: what PostgreSQL refuses is left out, with its reason. A file that fails would stop all that comes
 * behind it.
 */
export async function withoutRefused(
  session: TargetSession,
  proposal: SchemaProposal,
  schema: SourceSchema,
): Promise<SchemaProposal> {
  const refused: Refusal[] = [];
  for (const attempts of attemptsOf(proposal)) refused.push(...(await tryTogether(session, attempts)));
  return refused.length === 0 ? proposal : withoutAll(proposal, refused, schema);
}

async function tryTogether(session: TargetSession, attempts: readonly Attempt[]): Promise<Refusal[]> {
  await session.run("begin");
  try {
    const whole = await session.run(attempts.map(({ sql }) => sql).join(";\n")).then(
      () => true,
      () => false,
    );
    if (whole) return [];
    await session.run("rollback; begin");
    return await refusals(session, attempts);
  } finally {
    await session.run("rollback").catch(() => {});
  }
}

/** What is tried, by transaction. Views come last, with the tables whose names they mention. */
function attemptsOf({ tables, views }: SchemaProposal): (readonly Attempt[])[] {
  const wanted = tables.filter((table) => attemptsOn(table).length > 0);
  const groups = Array.from({ length: Math.ceil(wanted.length / TABLES_AT_ONCE) }, (_, group) => {
    const some = wanted.slice(group * TABLES_AT_ONCE, (group + 1) * TABLES_AT_ONCE);
    return [...some.map(bareAttempt), ...some.flatMap(attemptsOn)];
  });
  if (views.length === 0) return groups;
  const queries = views.map(({ query }) => query).join("\n");
  const mentioned = tables.filter(({ name }) => queries.includes(name));
  return [...groups, [...mentioned.map(bareAttempt), ...views.map(viewAttempt)]];
}

function bareAttempt(table: ProposedTable): Attempt {
  return { sql: bareTable(table), kind: "column", table: table.source, place: 0 };
}

function viewAttempt(view: ProposedView, place: number): Attempt {
  const sql = renderView(view)
    .replace(/^create view/, "create temporary view")
    .replace(/;$/, "");
  return { sql, kind: "view", table: view.source, place };
}

/** Temporary tables come before all others of their names. */
function bareTable({ columns, name }: ProposedTable): string {
  const list = columns.map(
    (column) =>
      `${renderName(column.name)} ` +
      `${column.type}${column.collation === null ? "" : ` collate ${pgName(column.collation)}`}`,
  );
  return `create temporary table ${renderName(name)} (${list.join(", ")}) on commit drop`;
}

function attemptsOn(table: ProposedTable): Attempt[] {
  const alter = `alter table ${renderName(table.name)}`;
  const make = (kind: Attempt["kind"], place: number, sql: string): Attempt => ({
    sql,
    kind,
    table: table.source,
    place,
  });
  return [
    ...table.columns.flatMap(({ default: value, generated, name, type }, place) => [
      ...(value === null
        ? []
        : [make("default", place, `${alter} alter column ${renderName(name)} set default ${value}`)]),
      ...(generated === null
        ? []
        : [
            make(
              "generated",
              place,
              `${alter} drop column ${renderName(name)}, add column ${renderName(name)} ${type} generated ` +
                `always as (${generated}) stored`,
            ),
          ]),
    ]),
    ...table.checks.map(({ expression }, place) => make("check", place, `${alter} add check (${expression})`)),
    ...table.uniques.map(({ columns }, place) =>
      make("unique", place, `${alter} add unique (${renderNames(columns)})`),
    ),
    ...table.indexes.flatMap((index, place) =>
      isSurelyTaken(table, index) ? [] : [make("index", place, renderIndex(table.name, index).replace(/;$/, ""))],
    ),
  ];
}

/** A B-tree of columns whose types have an order. With thousands of tables, trying those takes longer than all else. */
function isSurelyTaken({ columns }: ProposedTable, { method, terms, where }: ProposedIndex): boolean {
  return (
    method === undefined &&
    where === null &&
    terms.every((term) => columns.some(({ name, type }) => renderName(name) === term && ORDERED.test(type)))
  );
}

const ORDERED = /^(bigint|integer|smallint|boolean|text|uuid|date|real|double precision|bytea|numeric|timestamp)\b/;

/** One after the other. Where a table itself cannot be made, what is on it is not known: it stays. */
async function refusals(session: TargetSession, attempts: readonly Attempt[]): Promise<Refusal[]> {
  const found: Refusal[] = [];
  const untried = new Set<string>();
  for (const attempt of attempts) {
    if (untried.has(attempt.table)) continue;
    await session.run("savepoint attempt");
    try {
      await session.run(attempt.sql);
      await session.run("release savepoint attempt");
    } catch (error) {
      await session.run("rollback to savepoint attempt");
      if (attempt.kind === "column") untried.add(attempt.table);
      // A view over a table that could not be made says nothing of itself.
      else if (untried.size === 0 || sqlState(error) !== "42P01") found.push({ ...attempt, reason: reasonOf(error) });
    }
  }
  return found;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `PostgreSQL refuses its translation: ${messageOf(cause)}`;
}

const CODES: Readonly<Record<Exclude<Attempt["kind"], "column">, FindingCode>> = {
  default: "DEFAULT_NOT_TRANSLATED",
  generated: "GENERATED_AS_PLAIN",
  check: "CHECK_NOT_TRANSLATED",
  unique: "INDEX_NOT_TRANSLATED",
  index: "INDEX_NOT_TRANSLATED",
  view: "VIEW_NOT_TRANSLATED",
};

function withoutAll(proposal: SchemaProposal, refused: readonly Refusal[], schema: SourceSchema): SchemaProposal {
  const isRefused = (kind: Attempt["kind"], table: string, place: number) =>
    refused.some((one) => one.kind === kind && one.table === table && one.place === place);
  const findings: PlannedFinding[] = [];
  const note = (refusal: Refusal, object: SchemaObject, item: Omit<Untranslated, "reason">): Untranslated => {
    const { kind, reason, table } = refusal;
    if (kind !== "column")
      findings.push({
        code: CODES[kind],
        severity: "warning",
        table,
        object,
        message: `${item.what} has no translation: ${reason}`,
        hint: "it stands as a comment in the migration file: write it there as PostgreSQL has it, or do without",
      });
    return { ...item, reason };
  };
  const tables = proposal.tables.map((table): ProposedTable => {
    const own = refused.filter((one) => one.table === table.source && one.kind !== "view");
    if (own.length === 0) return table;
    const stays = (kind: Attempt["kind"]) => (_: unknown, place: number) => !isRefused(kind, table.source, place);
    return {
      ...table,
      columns: table.columns.map((column, place) => ({
        ...column,
        default: isRefused("default", table.source, place) ? null : column.default,
        generated: isRefused("generated", table.source, place) ? null : column.generated,
      })),
      checks: table.checks.filter(stays("check")),
      uniques: table.uniques.filter(stays("unique")),
      indexes: table.indexes.filter(stays("index")),
      untranslated: [...table.untranslated, ...own.map((one) => note(one, ...described(one, table, schema)))],
    };
  });
  const lost = refused.flatMap((one) => {
    const view = one.kind === "view" ? proposal.views[one.place] : undefined;
    if (view === undefined) return [];
    const sql = schema.views.find(({ name }) => name === view.source)?.sql ?? "";
    const object = { kind: "view", name: view.source, targetTable: view.name } as const;
    return [note(one, object, { what: `the view ${view.source}`, sql })];
  });
  return {
    ...proposal,
    tables,
    views: proposal.views.filter(({ source }, place) => !isRefused("view", source, place)),
    untranslated: [...lost, ...proposal.untranslated],
    findings: [...proposal.findings, ...findings],
  };
}

/** What it is in the source. */
function described(
  { kind, place, table: source }: Refusal,
  table: ProposedTable,
  schema: SourceSchema,
): [SchemaObject, Omit<Untranslated, "reason">] {
  const given = schema.tables.find(({ name }) => name === source);
  const column = table.columns[place];
  const known = given?.columns.find(({ name }) => name === column?.source);
  const object = (of: SchemaObject["kind"], name: string, columns: readonly string[] = []): SchemaObject => ({
    kind: of,
    name,
    targetTable: table.name,
    ...(columns.length === 0 ? {} : { targetColumns: columns }),
  });
  switch (kind) {
    case "default":
    case "generated": {
      const name = column?.source ?? "";
      const isDefault = kind === "default";
      return [
        object(isDefault ? "default" : "generated-column", name, column === undefined ? [] : [column.name]),
        {
          what: isDefault ? `the default of column ${name}` : `the generated column ${name}`,
          sql: isDefault ? `DEFAULT ${known?.defaultSql ?? ""}` : `AS (${known?.generated?.expression ?? ""})`,
        },
      ];
    }
    case "check": {
      const check = table.checks[place];
      const text = `CHECK (${check?.source ?? ""})`;
      return [
        object("check", check?.name ?? text),
        { what: check?.name == null ? "a CHECK" : `the CHECK ${check.name}`, sql: text },
      ];
    }
    case "unique": {
      const columns = table.uniques[place]?.columns ?? [];
      const text = `UNIQUE (${columns.join(", ")})`;
      return [object("unique-index", text, columns), { what: `the ${text}`, sql: text }];
    }
    default: {
      const index = table.indexes[place];
      const name = index?.name ?? "";
      return [
        object(index?.unique === true ? "unique-index" : "index", name),
        { what: `the index ${name}`, sql: index?.source ?? index?.terms.join(", ") ?? "" },
      ];
    }
  }
}
