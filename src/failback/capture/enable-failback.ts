import type { TableMapping } from "../../model/mapping.ts";
import type { InState } from "../../target/state-schema.ts";
import { renderFailbackState, renderRestoredRecord, saveSchemaAtCutover } from "../../target/store/failback-store.ts";
import type { TargetReader, TargetSession, TargetStatement } from "../../target/target.ts";
import {
  renderFailbackTriggersDrop,
  renderForget,
  renderForgetGate,
  renderGate,
  renderGateFound,
  renderLog,
  renderRowidDefaults,
  renderTouched,
  renderTriggers,
} from "./render-enabling.ts";
import { readSchemaAtCutover } from "./schema-at-cutover.ts";

/** Tables of one transaction: its locks count against what the server has for all, and others wait for them. */
const TABLES_AT_ONCE = 25;

/**
 * Makes the logs and what writes them, before the fence; with a thousand tables it takes seconds. The triggers sleep,
 * so nothing is logged yet.
 * What an earlier attempt left is made again. `between` runs while the session is free.
 */
export async function prepareFailbackCapture(
  session: TargetSession,
  mappings: readonly TableMapping[],
  between: () => Promise<void> = async () => {},
): Promise<void> {
  await session.run(`${renderGate(session, { isEnabled: false })}; ${renderTouched(session)}`);
  await inSlices(
    session,
    mappings,
    (mapping) => [...renderLog(session, mapping), ...renderTriggers(session, mapping)],
    between,
  );
}

/**
 * Keeps what the target holds besides rows, before the fence: reading it takes a third of a second with a thousand
 * tables. What the cutover itself recreates is added by {@link renderEnabling}; what others create from here on counts
 * as created after the cutover, which is the safe side.
 */
export async function keepSchemaAtCutover(
  session: TargetSession,
  run: string,
  mappings: readonly TableMapping[],
): Promise<void> {
  await saveSchemaAtCutover(session, run, await readSchemaAtCutover(session, mappings));
}

/**
 * New rows of tables without a key are numbered above all that are there. Nobody makes one yet: replayed rows bring
 * their number. When the target opens, those of tables that changed since are set once more.
 */
export async function presetRowidDefaults(session: TargetSession, mappings: readonly TableMapping[]): Promise<void> {
  const keyless = mappings.filter(({ identity }) => identity.kind === "rowid");
  await inSlices(session, keyless, (mapping) => renderRowidDefaults(session, [mapping]));
}

export interface EnableFailbackOptions {
  /** Tables with rows that came since their defaults were preset. */
  readonly changed: readonly TableMapping[];
  /** Whether this transaction has recreated objects, which then are none that came after the cutover. */
  readonly hasRestored: boolean;
}

/**
 * From the commit of the transaction on, the key of every changed row of the target is logged. Whoever had written
 * there must have ended before, so that what is logged has no gap: newcomers meet the fence.
 */
export function renderEnabling(
  state: InState,
  run: string,
  { changed, hasRestored }: EnableFailbackOptions,
): TargetStatement[] {
  return [
    ...[renderGate(state, { isEnabled: true }), ...renderRowidDefaults(state, changed)].map((text) => ({ text })),
    renderFailbackState(state, run, "enabled"),
    ...(hasRestored ? [renderRestoredRecord(state, run)] : []),
  ];
}

/** Takes away what was prepared for a cutover that did not happen. */
export async function forgetPrepared(session: TargetSession, mappings: readonly TableMapping[]): Promise<void> {
  if (!(await isPrepared(session))) return;
  await inSlices(session, mappings, (mapping) => renderForget(session, mapping));
  await session.run(renderForgetGate(session));
}

async function isPrepared(session: TargetReader): Promise<boolean> {
  const [row] = await session.rows<{ found: boolean }>(renderGateFound(session));
  return row?.found === true;
}

async function inSlices(
  session: TargetSession,
  mappings: readonly TableMapping[],
  render: (mapping: TableMapping) => readonly string[],
  between: () => Promise<void> = async () => {},
): Promise<void> {
  for (let from = 0; from < mappings.length; from += TABLES_AT_ONCE) {
    const statements = mappings.slice(from, from + TABLES_AT_ONCE).flatMap(render);
    await session.transaction((tx) => tx.run(statements.join(";\n")));
    await between();
  }
}

/** Takes the triggers off one table; its log stays until {@link forgetLogs}. Safe to run again. */
export function dropFailbackTriggers(mapping: TableMapping): string {
  return renderFailbackTriggersDrop(mapping).join(";\n");
}

/** Of all tables, in short transactions. Safe to run again. */
export async function forgetLogs(session: TargetSession, mappings: readonly TableMapping[]): Promise<void> {
  await inSlices(session, mappings, (mapping) => renderForget(session, mapping));
  await session.run(renderForgetGate(session));
}
