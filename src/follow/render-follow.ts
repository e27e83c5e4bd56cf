import type { SchemaChange } from "../model/schema-change.ts";
import { renderName } from "../plan/names/render-name.ts";
import { renderIndex, renderView, renderWholeTable } from "../plan/render/render-migrations.ts";
import { renderForeignKey } from "../plan/render/render-table.ts";
import { describeChange } from "./describe-change.ts";
import { FollowedTable, type FollowPlan } from "./follow-plan.ts";
import { type FollowStep, note } from "./follow-step.ts";
import { stepsOfColumn } from "./render-column-change.ts";

/** The text of a migration file that makes the same changes in the target, and undoes them. */
export function renderFollow(plan: FollowPlan): string {
  const steps = followSteps(plan);
  const up = steps.map((step) => step.up);
  const down = steps
    .map((step) => step.down)
    .reverse()
    .filter((text) => text !== "");
  const undo = down.length === 0 ? "" : `\n${down.join("\n")}\n`;
  return `-- Up Migration\n\n${up.join("\n")}\n\n-- Down Migration\n${undo}`;
}

/** Views go first and come last: PostgreSQL changes no column that one of them reads. */
export function followSteps(plan: FollowPlan): FollowStep[] {
  const sorted = [...plan.changes].sort((one, other) => ORDER(one) - ORDER(other));
  const tables = new Map<string, FollowedTable>();
  const tableOf = (source: string) => {
    const known = tables.get(source) ?? new FollowedTable(plan, source);
    tables.set(source, known);
    return known;
  };
  const steps = [
    ...plan.changes.filter(({ kind }) => kind === "view-changed").flatMap((change) => dropView(plan, change)),
    ...sorted.flatMap((change) => stepsOf(plan, change, tableOf)),
  ];
  return steps.length === 0 ? [note("nothing of it changes the target")] : steps;
}

const KINDS: readonly SchemaChange["kind"][] = [
  "view-dropped",
  "trigger-dropped",
  "constraint-dropped",
  "index-dropped",
  "table-rebuilt",
  "rows-renumbered",
  "column-renamed",
  "column-dropped",
  "column-added",
  "column-type-changed",
  "column-trait-changed",
  "table-option-changed",
  // Statements above name a table as it was.
  "table-renamed",
  "table-dropped",
  "table-created",
  "constraint-added",
  "index-created",
  "trigger-created",
  "trigger-changed",
  "view-created",
  "view-changed",
];

const ORDER = ({ kind }: SchemaChange) => KINDS.indexOf(kind);

function stepsOf(plan: FollowPlan, change: SchemaChange, tableOf: (source: string) => FollowedTable): FollowStep[] {
  switch (change.kind) {
    case "column-added":
    case "column-dropped":
    case "column-renamed":
    case "column-type-changed":
    case "column-trait-changed":
      return stepsOfColumn(change, tableOf(change.table));
    case "table-created":
      return createTable(plan, change.table);
    case "table-dropped":
      return dropTable(tableOf(change.table));
    case "table-renamed":
      return renameTable(change, tableOf(change.table));
    case "table-rebuilt":
      return [note(`table ${change.table} was made again in the source: its rows are compared, and nothing is to do`)];
    case "index-created":
    case "index-dropped":
      // A new table's own come with it.
      return isNew(plan, change.table) ? [] : stepsOfIndex(plan, change, tableOf(change.table));
    case "constraint-added":
    case "constraint-dropped":
      return stepsOfConstraint(change, tableOf(change.table));
    case "view-created":
    case "view-changed":
      return createView(plan, change);
    case "view-dropped":
      return dropView(plan, change);
    case "rows-renumbered":
      return [];
    case "table-option-changed":
    case "trigger-created":
    case "trigger-changed":
    case "trigger-dropped":
      return [note(`not followed: ${describeChange(change)}`)];
  }
}

function isNew(plan: FollowPlan, table: string): boolean {
  return plan.changes.some((change) => change.kind === "table-created" && change.table === table);
}

function createTable(plan: FollowPlan, source: string): FollowStep[] {
  const table = plan.now.tables.find((candidate) => candidate.source === source);
  if (table === undefined) return [note(`not followed: table ${source} stays behind`)];
  return [
    { up: renderWholeTable(table), down: `drop table ${renderName(table.name)};` },
    ...table.foreignKeys.map((key) => ({
      up: renderForeignKey(table.name, key),
      down: `alter table ${renderName(table.name)} drop constraint ${renderName(key.name)};`,
    })),
  ];
}

function dropTable(table: FollowedTable): FollowStep[] {
  const { whole } = table;
  const back =
    whole === null
      ? note(`table ${table.source} cannot be made again`).up
      : [renderWholeTable(whole), ...whole.foreignKeys.map((key) => renderForeignKey(whole.name, key))].join("\n");
  return [{ up: `drop table ${renderName(table.name)};`, down: back }];
}

function renameTable(change: Extract<SchemaChange, { kind: "table-renamed" }>, table: FollowedTable): FollowStep[] {
  const to = table.now?.name ?? change.to;
  if (to === table.name) return [];
  const rename = (from: string, into: string) => `alter table ${renderName(from)} rename to ${renderName(into)};`;
  return [
    {
      up: `${change.certainty === "sure" ? "" : `${doubtful(describeChange(change))}\n`}${rename(table.name, to)}`,
      down: rename(to, table.name),
    },
  ];
}

function doubtful(text: string): string {
  return note(`read this twice: ${text}`).up;
}

function stepsOfIndex(
  plan: FollowPlan,
  change: Extract<SchemaChange, { kind: "index-created" | "index-dropped" }>,
  table: FollowedTable,
): FollowStep[] {
  const isCreated = change.kind === "index-created";
  const proposed = (isCreated ? table.now : table.before)?.indexes.find(({ source }) => source === change.sql);
  if (proposed === undefined) return [note(`not followed: ${describeChange(change)}`)];
  const renamed = plan.changes.some(({ kind, ...rest }) => kind === "table-renamed" && "table" in rest);
  const create = renderIndex(isCreated && renamed ? (table.now?.name ?? table.name) : table.name, proposed);
  const drop = `drop index ${renderName(proposed.name)};`;
  return [isCreated ? { up: create, down: drop } : { up: drop, down: create }];
}

function stepsOfConstraint(
  change: Extract<SchemaChange, { kind: "constraint-added" | "constraint-dropped" }>,
  table: FollowedTable,
): FollowStep[] {
  const isAdded = change.kind === "constraint-added";
  const proposed = isAdded ? table.now : table.before;
  const name = renderName(isAdded ? (table.now?.name ?? table.name) : table.name);
  const found = constraintOf(change, proposed, name);
  // What has no name of its own got one from PostgreSQL: which one only the target knows.
  if (found === null) return [note(`not followed: ${describeChange(change)}`)];
  const drop = `alter table ${name} drop constraint ${renderName(found.name)};`;
  return [isAdded ? { up: found.add, down: drop } : { up: drop, down: found.add }];
}

function constraintOf(
  change: Extract<SchemaChange, { kind: "constraint-added" | "constraint-dropped" }>,
  proposed: FollowedTable["now"],
  table: string,
): { readonly name: string; readonly add: string } | null {
  if (proposed === null) return null;
  if (change.constraint === "foreign-key") {
    const columns = /\((.*)\) REFERENCES/.exec(change.sql)?.[1]?.split(", ") ?? [];
    const targets = columns.map((column) => proposed.columns.find(({ source }) => source === column)?.name ?? column);
    const key = proposed.foreignKeys.find((candidate) => candidate.columns.join() === targets.join());
    return key === undefined ? null : { name: key.name, add: renderForeignKey(proposed.name, key) };
  }
  if (change.constraint === "check") {
    const source = /^CHECK \(([\s\S]*)\)$/.exec(change.sql)?.[1];
    const check = proposed.checks.find((candidate) => candidate.source === source && candidate.name !== null);
    if (check === undefined || check.name === null) return null;
    const validity = check.notValid ? " not valid" : "";
    return {
      name: check.name,
      add: `alter table ${table} add constraint ${renderName(check.name)} check (${check.expression})${validity};`,
    };
  }
  return null;
}

type ViewChange = Extract<SchemaChange, { kind: "view-created" | "view-dropped" | "view-changed" }>;

function createView(plan: FollowPlan, change: ViewChange): FollowStep[] {
  const view = plan.now.views.find(({ source }) => source === change.view);
  if (view === undefined) return [note(`not followed: ${describeChange(change)}`)];
  return [{ up: renderView(view), down: `drop view ${renderName(view.name)};` }];
}

function dropView(plan: FollowPlan, change: SchemaChange): FollowStep[] {
  if (!("view" in change)) return [];
  const view = plan.before.views.find(({ source }) => source === change.view);
  if (view === undefined) return [note(`not followed: ${describeChange(change)}`)];
  return [{ up: `drop view ${renderName(view.name)};`, down: renderView(view) }];
}
