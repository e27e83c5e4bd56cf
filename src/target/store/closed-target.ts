import { RefusedError } from "../../errors.ts";
import type { TargetTableName } from "../../model/mapping.ts";
import { pgTable } from "../../quote.ts";
import type { TargetReader, TargetStatements } from "../target.ts";
import { isFenced, putUpTargetFence, targetFencePlaces, targetFenceVersion, turnTargetFence } from "../target-fence.ts";
import { setVerified } from "./run-store.ts";

export interface ClosedTarget {
  readonly run: string;
  readonly tables: readonly TargetTableName[];
}

/**
 * `closed`: it was open, or this run never closed it. `broken`: it was meant to be closed, but others could write to
 * these tables.
 */
export type Closing =
  | { readonly kind: "unbroken" }
  | { readonly kind: "closed" }
  | { readonly kind: "broken"; readonly tables: readonly string[] };

/**
 * From the commit on, the tables take no writes but those of our own sessions. Where the fence is not as it was put
 * up, it is put up anew, and whatever was compared counts no more. `source`: where the data still is, as others will
 * read it.
 */
export async function closeTarget(
  tx: TargetStatements,
  { run, tables, source }: ClosedTarget & { readonly source: string },
): Promise<Closing> {
  const known = await loadVersions(tx, run);
  const changed = known === null ? null : differing(known, await readVersions(tx, tables));
  if (changed?.length === 0) return { kind: "unbroken" };
  await turnTargetFence(tx, { kind: "not-open", source });
  await putUpTargetFence(tx, tables);
  const { versions } = await readVersions(tx, tables);
  await tx.rows(
    `insert into changeover.closed_target (run, versions) values ($1, $2::text::jsonb)
     on conflict (run) do update set versions = excluded.versions, closed_at = clock_timestamp()`,
    [run, JSON.stringify(versions)],
  );
  await setVerified(tx, run, null);
  return changed === null ? { kind: "closed" } : { kind: "broken", tables: changed };
}

export async function isTargetClosed(tx: TargetReader, run: string): Promise<boolean> {
  return (await loadVersions(tx, run)) !== null;
}

/** Throws if others could write to the tables since they were closed: what was compared may be other rows by now. */
export async function refuseBrokenFence(tx: TargetReader, { run, tables }: ClosedTarget): Promise<void> {
  const known = await loadVersions(tx, run);
  const changed = known === null ? tables.map(pgTable) : differing(known, await readVersions(tx, tables));
  if (changed.length > 0) throw fenceBroken(changed);
}

/** Opens the tables to everyone, with the commit, by one statement. Throws if others could write before. */
export async function openClosedTarget(tx: TargetStatements, closed: ClosedTarget): Promise<void> {
  await refuseBrokenFence(tx, closed);
  await turnTargetFence(tx, { kind: "open" });
  await tx.rows("delete from changeover.closed_target where run = $1", [closed.run]);
}

type Versions = Readonly<Record<string, string>>;

interface Standing {
  readonly versions: Versions;
  /** Names by the keys of the versions. */
  readonly names: ReadonlyMap<string, string>;
}

const THE_FUNCTION = "function";

async function loadVersions(tx: TargetReader, run: string): Promise<Versions | null> {
  const [row] = await tx.rows<{ versions: string }>(
    "select versions::text as versions from changeover.closed_target where run = $1",
    [run],
  );
  return row === undefined ? null : (JSON.parse(row.versions) as Versions);
}

async function readVersions(tx: TargetReader, tables: readonly TargetTableName[]): Promise<Standing> {
  const places = await targetFencePlaces(tx, tables);
  const subscribed = places.filter(({ isSubscribed }) => isSubscribed);
  if (subscribed.length > 0) throw targetSubscribed(subscribed.map(pgTable));
  const ofTables = places.map((place) => [place.id, isFenced(place) ? JSON.stringify(place.sound) : "none"] as const);
  return {
    versions: Object.fromEntries([...ofTables, [THE_FUNCTION, (await targetFenceVersion(tx)) ?? "none"]]),
    names: new Map([
      ...places.map((place) => [place.id, pgTable(place)] as const),
      [THE_FUNCTION, "changeover.refuse_write()"],
    ]),
  };
}

/** Names of what is not as it was. */
function differing(known: Versions, { versions, names }: Standing): string[] {
  const keys = new Set([...Object.keys(known), ...Object.keys(versions)]);
  return [...keys]
    .filter((key) => known[key] !== versions[key])
    .map((key) => names.get(key) ?? `a table that is gone (oid ${key})`);
}

function targetSubscribed(tables: readonly string[]): RefusedError {
  return new RefusedError({
    code: "TARGET_SUBSCRIBED",
    message: `logical replication brings rows to ${tables.join(", ")} of the target, which no trigger keeps out`,
    hint:
      "take the tables out of the subscription (ALTER SUBSCRIPTION … REFRESH PUBLICATION, or DROP SUBSCRIPTION); " +
      "then run the same command again",
    context: { tables },
  });
}

/** What others must have done to be able to write. */
export const FENCE_CHANGED = "the trigger that keeps them out was changed, disabled or dropped";

function fenceBroken(tables: readonly string[]): RefusedError {
  return new RefusedError({
    code: "TARGET_FENCE_BROKEN",
    message: `others could write to ${tables.join(", ")} of the target: ${FENCE_CHANGED} since the rows were compared`,
    hint:
      "run the same command again: it puts the trigger back and compares every row first. " +
      "`changeover check` names what differs by its key, and `changeover check --repair` undoes it",
    context: { tables },
  });
}
