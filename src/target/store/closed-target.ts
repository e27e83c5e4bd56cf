import { RefusedError } from "../../errors.ts";
import type { TargetTableName } from "../../model/mapping.ts";
import { pgTable } from "../../quote.ts";
import { type InState, stateOf } from "../state-schema.ts";
import type { TargetReader, TargetStatement, TargetStatements, TargetTransaction } from "../target.ts";
import {
  createTargetFence,
  type FencedTable,
  fencedTablesQuestion,
  fenceVersionQuestion,
  isFullyFenced,
  renderTargetFenceFunction,
  setTargetFence,
} from "../target-fence-triggers.ts";
import { setVerified } from "./verified-store.ts";

export interface ClosedTarget {
  readonly run: string;
  readonly tables: readonly TargetTableName[];
}

/**
 * `closed`: it was open before, or another run closed it. `broken`: it was closed, but others could write to these
 * tables.
 */
export type Closing =
  | { readonly kind: "unbroken" }
  | { readonly kind: "closed" }
  | { readonly kind: "broken"; readonly tables: readonly string[] };

/**
 * From the commit on, only our own sessions can write to the tables. If the fence was changed, it is created again and
 * all verification is invalidated. `source`: location of the data, for the error that others get.
 */
export async function closeTarget(
  tx: TargetStatements,
  { run, tables, source }: ClosedTarget & { readonly source: string },
): Promise<Closing> {
  const known = await loadVersions(tx, run);
  const changed = known === null ? null : differing(known, await readVersions(tx, tables));
  if (changed?.length === 0) return { kind: "unbroken" };
  await setTargetFence(tx, { kind: "not-open", source });
  await createTargetFence(tx, tables);
  const { versions } = await readVersions(tx, tables);
  await tx.rows(
    `insert into ${stateOf(tx)}.closed_target (run, versions) values ($1, $2::text::jsonb)
     on conflict (run) do update set versions = excluded.versions, closed_at = clock_timestamp()`,
    [run, JSON.stringify(versions)],
  );
  await setVerified(tx, run, null);
  return changed === null ? { kind: "closed" } : { kind: "broken", tables: changed };
}

export async function isTargetClosed(tx: TargetReader, run: string): Promise<boolean> {
  return (await loadVersions(tx, run)) !== null;
}

/** Throws if others could write to the tables since they were closed: compared rows may have changed. */
export async function refuseBrokenFence(tx: TargetTransaction, closed: ClosedTarget): Promise<void> {
  judgeFence(tx, closed, await tx.batch(fenceQuestions(tx, closed)));
}

/** What {@link judgeFence} wants to know: three statements that return rows. */
export function fenceQuestions(state: InState, { run, tables }: ClosedTarget): TargetStatement[] {
  return [versionsQuestion(state, run), fencedTablesQuestion(state, tables), fenceVersionQuestion(state)];
}

/** Throws as {@link refuseBrokenFence} does. */
export function judgeFence(state: InState, { tables }: ClosedTarget, answers: readonly (readonly object[])[]): void {
  const [closed = [], places = [], version = []] = answers;
  const known = versionsIn(closed);
  const current = currentVersions(state, places as readonly FencedTable[], version);
  const changed = known === null ? tables.map(pgTable) : differing(known, current);
  if (changed.length > 0) throw fenceBroken(changed);
}

/** Opens the tables for everyone, from the commit on. Throws if others could write before. */
export async function openClosedTarget(tx: TargetTransaction, closed: ClosedTarget): Promise<void> {
  await refuseBrokenFence(tx, closed);
  await tx.batch(renderTargetOpening(tx, closed));
}

/** The same by one statement for all tables, for whoever has judged the fence. */
export function renderTargetOpening(state: InState, { run }: ClosedTarget): TargetStatement[] {
  return [
    { text: renderTargetFenceFunction(state, { kind: "open" }) },
    { text: `delete from ${stateOf(state)}.closed_target where run = $1`, parameters: [run] },
  ];
}

type Versions = Readonly<Record<string, string>>;

interface CurrentVersions {
  readonly versions: Versions;
  /** Table names by the keys of `versions`. */
  readonly names: ReadonlyMap<string, string>;
}

const THE_FUNCTION = "function";

function versionsQuestion(state: InState, run: string): TargetStatement {
  return {
    text: `select versions::text as versions from ${stateOf(state)}.closed_target where run = $1`,
    parameters: [run],
  };
}

async function loadVersions(tx: TargetReader, run: string): Promise<Versions | null> {
  const { parameters, text } = versionsQuestion(tx, run);
  return versionsIn(await tx.rows(text, parameters));
}

function versionsIn([row]: readonly object[]): Versions | null {
  return row === undefined ? null : (JSON.parse((row as { readonly versions: string }).versions) as Versions);
}

async function readVersions(tx: TargetReader, tables: readonly TargetTableName[]): Promise<CurrentVersions> {
  const { parameters, text } = fencedTablesQuestion(tx, tables);
  const places = await tx.rows<FencedTable>(text, parameters);
  return currentVersions(tx, places, await tx.rows(fenceVersionQuestion(tx).text));
}

function currentVersions(
  state: InState,
  places: readonly FencedTable[],
  [version]: readonly object[],
): CurrentVersions {
  const subscribed = places.filter(({ isSubscribed }) => isSubscribed);
  if (subscribed.length > 0) throw targetSubscribed(subscribed.map(pgTable));
  const ofTables = places.map(
    (place) => [place.id, isFullyFenced(place) ? JSON.stringify(place.sound) : "none"] as const,
  );
  const ofFunction = (version as { readonly version: string } | undefined)?.version ?? "none";
  return {
    versions: Object.fromEntries([...ofTables, [THE_FUNCTION, ofFunction]]),
    names: new Map([
      ...places.map((place) => [place.id, pgTable(place)] as const),
      [THE_FUNCTION, `${stateOf(state)}.refuse_write()`],
    ]),
  };
}

/** Names of the tables whose fence has changed. */
function differing(known: Versions, { versions, names }: CurrentVersions): string[] {
  const keys = new Set([...Object.keys(known), ...Object.keys(versions)]);
  return [...keys]
    .filter((key) => known[key] !== versions[key])
    .map((key) => names.get(key) ?? `a dropped table (oid ${key})`);
}

function targetSubscribed(tables: readonly string[]): RefusedError {
  return new RefusedError({
    code: "TARGET_SUBSCRIBED",
    message: `logical replication writes to ${tables.join(", ")} of the target, and triggers do not block it`,
    hint:
      "take the tables out of the subscription (ALTER SUBSCRIPTION … REFRESH PUBLICATION, or DROP SUBSCRIPTION); " +
      "then run the same command again",
    context: { tables },
  });
}

/** How others became able to write. */
export const FENCE_CHANGED = "the trigger that blocks them was changed, disabled or dropped";

function fenceBroken(tables: readonly string[]): RefusedError {
  return new RefusedError({
    code: "TARGET_FENCE_BROKEN",
    message: `others could write to ${tables.join(", ")} of the target: since the rows were compared, ${FENCE_CHANGED}`,
    hint:
      "run the same command again: it restores the trigger and compares every row first. " +
      "`changeover check` lists the rows that differ by their keys, and `changeover check --repair` corrects them",
    context: { tables },
  });
}
