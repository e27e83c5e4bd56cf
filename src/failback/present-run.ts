import { RefusedError } from "../errors.ts";
import type { FailbackLoss } from "../model/failback-loss.ts";
import type { Run } from "../model/run.ts";
import { chooseConversion } from "../plan/types/choose-conversion.ts";
import { renderLosses } from "../status/render-losses.ts";
import { loadSchemaAtCutover } from "../target/store/failback-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { SchemaAtCutover } from "./capture/schema-at-cutover.ts";
import { presentSchema, type Retype } from "./schema-losses.ts";

/** Whether the return may go on although this does not come along. */
export type AcceptLosses = (losses: readonly FailbackLoss[]) => boolean | Promise<boolean>;

export interface PresentRun {
  /** The run, with tables and columns as PostgreSQL names and types them now. */
  readonly run: Run;
  /** What was made or dropped there since the cutover. */
  readonly losses: readonly FailbackLoss[];
}

/** The run as the target's schema is now: renamed and retyped columns are followed, what is gone is left out. */
export async function presentRun(session: TargetSession, run: Run): Promise<PresentRun> {
  const then = await loadSchemaAtCutover(session, run.id);
  if (then === null) return { run, losses: [] };
  const before = JSON.parse(then.schema) as SchemaAtCutover;
  const { losses, mappings } = await presentSchema(
    session,
    { ...before, objects: [...before.objects, ...(JSON.parse(then.restored) as string[])] },
    { mappings: run.mappings, retype },
  );
  return { run: { ...run, mappings }, losses };
}

const retype: Retype = ({ conversion }, { baseType, modifier, type, name }) => {
  const fresh = chooseConversion(
    { name, type, baseType, modifier, notNull: false, hasDefault: false, generated: false, identity: false },
    undefined,
  );
  // What integers of the source count does not depend on the target's type.
  if (fresh.kind === "interval" && conversion.kind === "interval") return { ...fresh, unit: conversion.unit };
  if (fresh.kind !== "timestamp" || conversion.kind !== "timestamp") return fresh;
  const { epoch, isCompact } = conversion;
  return { ...fresh, epoch, ...(isCompact === true ? { isCompact } : {}) };
};

/** Loses nothing that somebody has to agree to. */
export function isAnnounced(losses: readonly FailbackLoss[]): boolean {
  return losses.every(({ announced }) => announced);
}

/** What was made since the list was accepted. */
export function beyond(accepted: readonly FailbackLoss[], losses: readonly FailbackLoss[]): FailbackLoss[] {
  const known = new Set(accepted.map(nameOf));
  return losses.filter((loss) => !loss.announced && !known.has(nameOf(loss)));
}

function nameOf({ column, kind, object, table }: FailbackLoss): string {
  return JSON.stringify([kind, table, column, object]);
}

export function losesData(losses: readonly FailbackLoss[]): RefusedError {
  return new RefusedError({
    code: "FAILBACK_LOSES_DATA",
    message:
      `the source cannot hold all that PostgreSQL ` +
      `does:\n${renderLosses(losses.filter(({ announced }) => !announced)).join("\n")}\nnothing was ` +
      `fenced; the application goes on with PostgreSQL`,
    hint:
      "change these values in PostgreSQL, or bring new tables and columns to the source yourself; " +
      "`changeover rollback --accept-loss` returns without them",
    context: { losses },
  });
}

export function lossBehindFence(losses: readonly FailbackLoss[]): RefusedError {
  return new RefusedError({
    code: "FAILBACK_LOSES_DATA",
    message:
      `while the target was being fenced something came that the source cannot ` +
      `hold:\n${renderLosses(losses.filter(({ announced }) => !announced)).join("\n")}`,
    hint: "run `changeover rollback` again: it lists what cannot go back",
    context: { losses },
  });
}
