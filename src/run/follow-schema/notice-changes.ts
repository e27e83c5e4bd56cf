import { readSchemaState } from "../../capture/schema-state.ts";
import { ownMigrationsTables, readToolTables } from "../../contract/tool-tables.ts";
import { describeChange } from "../../follow/describe-change.ts";
import type { FollowPlan } from "../../follow/follow-plan.ts";
import { isCaptureIntact } from "../../follow/intact-capture.ts";
import { splitAdditive } from "../../follow/is-additive.ts";
import { readCatalogueOfSource } from "../../follow/read-catalogue-of-source.ts";
import { schemaChanges } from "../../follow/schema-changes.ts";
import { touchesRows } from "../../follow/touched-tables.ts";
import { flowing, type HeldSourceTable } from "../../model/held-table.ts";
import { isExcluded } from "../../model/rules.ts";
import type { Run, SourceSchemaState } from "../../model/run.ts";
import type { CapturedCatalogue, SchemaChange } from "../../model/schema-change.ts";
import type { SourceReader } from "../../source/source.ts";
import { decodeText, readEncoding } from "../../source/source-text.ts";
import { sql } from "../../sql.ts";
import { setFollowed, setSourceSchema } from "../../target/store/run-store.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { voidVerification } from "../void-verification.ts";
import { planFollow, presentName } from "./plan-follow.ts";
import { hasUnexplainedSteps, renumberedRows } from "./unexplained-steps.ts";
import { writeFollowFile } from "./write-follow-file.ts";

/** What the source's schema is now, and how it came there; read in one snapshot. */
export interface NoticedChanges {
  readonly now: CapturedCatalogue;
  readonly state: SourceSchemaState;
  /** Without those of tables that stay behind. */
  readonly changes: readonly SchemaChange[];
}

/** What happened to the source's schema since it was last looked at; null where the run cannot tell. */
export async function readNoticed(context: Context, run: Run): Promise<NoticedChanges | null> {
  const before = run.sourceCatalogue;
  if (before === null || run.sourceSchema === null) return null;
  const { now, own, state } = await context.source.read(async (tx) => ({
    now: await readCatalogueOfSource(tx),
    state: await readSchemaState(tx),
    own: await readOwnTriggers(tx),
  }));
  const found = schemaChanges(before, now).filter((change) => concernsRun(context, run, change));
  return { now, state, changes: [...found, ...lostCaptures(run, before, found, own)] };
}

async function readOwnTriggers(tx: SourceReader): Promise<ReadonlyMap<number, readonly string[]>> {
  const encoding = await readEncoding(tx);
  const triggers = new Map<number, string[]>();
  for (const [id, text] of await tx.rows(sql("source/own-triggers")))
    triggers.set(Number(id), [...(triggers.get(Number(id)) ?? []), decodeText(text, encoding)]);
  return triggers;
}

/** Tables of which some changes may not be logged, though they look as if they were: as good as made again. */
function lostCaptures(
  run: Run,
  before: CapturedCatalogue,
  changes: readonly SchemaChange[],
  own: ReadonlyMap<number, readonly string[]>,
): SchemaChange[] {
  return run.mappings.flatMap((mapping): SchemaChange[] => {
    const held = run.held.find(({ id }) => id === mapping.id);
    const name = held === undefined ? mapping.source : held.now;
    const table = before.schema.tables.find((candidate) => candidate.name === name);
    const isKnown = changes.some(
      (change) => (change.kind === "table-rebuilt" || change.kind === "table-dropped") && change.table === table?.name,
    );
    const present = own.get(mapping.id) ?? [];
    // Known since it was made again: it gets its triggers when it is to flow again.
    const isBare = present.length === 0 && held?.changes.some(({ kind }) => kind === "table-rebuilt") === true;
    if (table === undefined || isKnown || isBare) return [];
    const captured = { id: mapping.id, table, identity: mapping.identity };
    return isCaptureIntact(captured, changes, present) ? [] : [{ kind: "table-rebuilt", table: table.name }];
  });
}

function concernsRun(context: Context, run: Run, change: SchemaChange): boolean {
  if (!("table" in change)) return true;
  if (change.kind === "table-created") return !isExcluded(context.rules, change.table);
  return (
    run.mappings.some(({ source }) => source === change.table) ||
    run.held.some(({ now, table }) => table === change.table || now === change.table)
  );
}

/** What was written down, in a file of the target's. */
export interface WrittenChanges {
  readonly plan: FollowPlan;
  readonly file: string;
}

/**
 * Writes down what changed: a migration file for the target, and which tables wait until it is applied. Null where
 * nothing can be said of it, so that the run must stop.
 */
export async function noticeChanges(
  context: Context,
  session: TargetSession,
  run: Run,
): Promise<readonly WrittenChanges[] | null> {
  const noticed = await readNoticed(context, run);
  if (noticed === null || run.sourceCatalogue === null || run.sourceSchema === null) return null;
  const { now, state } = noticed;
  if (!isExplained(run, noticed)) return null;
  const isUnexplained = hasUnexplainedSteps(run.sourceSchema, state, noticed.changes);
  const renumbered = isUnexplained ? await renumberedRows(context, session, run, noticed.changes) : [];
  const changes = [...noticed.changes, ...renumbered];
  const written = changes.length === 0 ? [] : await writeFiles(context, session, run, { ...noticed, changes });
  const held = heldAfter(run, changes, written);
  const epoch = run.sourceSchema.epoch;
  await session.transaction(async (tx) => {
    await setFollowed(tx, run.id, { catalogue: now, held });
    await setSourceSchema(tx, run.id, { ...state, ...(epoch === undefined ? {} : { epoch }) });
  });
  if (isUnexplained) await voidVerification(context, { run, session });
  if (changes.length > 0)
    reportChanges(context, changes, {
      files: written.map(({ file }) => file),
      waiting: held.filter((table) => isTouched(table, changes)),
    });
  return written;
}

/**
 * Whether the changes are all that happened to tables which flow on. A rename is written into other tables' texts, too.
 */
function isExplained(run: Run, { changes, state }: NoticedChanges): boolean {
  const renames = changes.some(({ kind }) => kind === "table-renamed" || kind === "column-renamed");
  const touched = new Set(changes.filter(touchesRows).flatMap((change) => ("table" in change ? [change.table] : [])));
  return flowing(run.mappings, run.held)
    .filter(({ source }) => !touched.has(source))
    .every(({ source }) => {
      const [was, is] = [run.sourceSchema?.tables[source], state.tables[source]];
      if (was === undefined || is === undefined) return false;
      return (
        renames || (was.definition === is.definition && was.triggers === is.triggers && was.capture === is.capture)
      );
    });
}

/** A file for what only adds and one for the rest; none where the target's tables belong to another tool. */
async function writeFiles(
  context: Context,
  session: TargetSession,
  run: Run,
  { changes, now }: NoticedChanges,
): Promise<WrittenChanges[]> {
  const others = ownMigrationsTables(await readToolTables(session), run.mappings).filter(({ isFilled }) => isFilled);
  if (others.length > 0 || run.sourceCatalogue === null) return [];
  const { adding, others: rest } = splitAdditive(changes);
  const written: WrittenChanges[] = [];
  for (const part of [adding, rest].filter(({ length }) => length > 0)) {
    const plan = await planFollow(context, session, run, { before: run.sourceCatalogue, now, changes: part });
    const file = writeFollowFile(context, plan);
    if (file !== null) written.push({ plan, file });
  }
  return written;
}

/** The tables that wait, with what happened to them now. */
function heldAfter(run: Run, changes: readonly SchemaChange[], written: readonly WrittenChanges[]): HeldSourceTable[] {
  const at = new Date().toISOString();
  const touched = new Map<string, SchemaChange[]>();
  for (const change of changes)
    if ("table" in change && touchesRows(change))
      touched.set(change.table, [...(touched.get(change.table) ?? []), change]);
  const filesOf = (own: readonly SchemaChange[]) =>
    written.filter(({ plan }) => own.some((change) => plan.changes.includes(change))).map(({ file }) => file);
  const held = run.held.map((table): HeldSourceTable => {
    const name = table.now ?? table.table;
    const more = touched.get(name);
    if (more === undefined) return table;
    touched.delete(name);
    return {
      ...table,
      now: presentNameOf(name, more),
      changes: [...table.changes, ...more],
      files: [...new Set([...table.files, ...filesOf(more)])],
    };
  });
  for (const [table, own] of touched) {
    const isNew = own.some(({ kind }) => kind === "table-created");
    const mapping = isNew ? undefined : run.mappings.find(({ source }) => source === table);
    held.push({
      id: mapping?.id ?? null,
      table,
      now: presentNameOf(table, own),
      since: String(run.watermark),
      at,
      changes: own,
      files: filesOf(own),
    });
  }
  // A new table that is gone again was never part of the run.
  return held.filter(({ id, now }) => id !== null || now !== null);
}

function presentNameOf(table: string, changes: readonly SchemaChange[]): string | null {
  return changes.some(({ kind }) => kind === "table-dropped") ? null : presentName(table, changes);
}

function isTouched({ changes: own }: HeldSourceTable, changes: readonly SchemaChange[]): boolean {
  return own.some((change) => changes.includes(change));
}

function reportChanges(
  context: Context,
  changes: readonly SchemaChange[],
  { files, waiting }: { readonly files: readonly string[]; readonly waiting: readonly HeldSourceTable[] },
): void {
  const names = waiting.map(({ table }) => table).join(", ");
  const waits = waiting.length === 0 ? "" : `; ${names} ${waiting.length === 1 ? "waits" : "wait"} for the target`;
  const next =
    files.length === 0
      ? ""
      : `. Read ${files.join(", ")}, and apply with \`changeover up\`: the sync goes on by itself`;
  context.report({
    kind: waiting.length === 0 ? "step" : "warning",
    message: `the source's schema changed: ${changes.map(describeChange).join("; ")}${waits}${next}`,
  });
}
