import type { ControlAction, ControlCommand } from "../../model/control.ts";
import { inState, stateOf, stateSql } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";
import { lockHalves, lockKey } from "./run-lock.ts";

/** A request as it lies in the target. */
export interface ControlRequest {
  readonly id: string;
  readonly command: ControlCommand;
  readonly askedBy: string;
  /** The entry in the history; null if none could be written. */
  readonly history: string | null;
}

/** A request that is not answered yet (`asked`), or under way (`taken`). */
export interface OpenRequest {
  readonly id: string;
  readonly action: ControlAction;
  readonly askedBy: string;
  readonly state: "asked" | "taken";
  /** ISO 8601. */
  readonly askedAt: string;
  readonly seconds: number;
}

/** How a request ended. */
export interface ControlAnswer {
  readonly state: "done" | "refused";
  /** The error's code where it was refused or failed. */
  readonly code: string | null;
  /** A sentence for who asked. */
  readonly answer: string;
}

export async function hasControl(target: TargetReader): Promise<boolean> {
  const [row] = await target.rows<{ found: boolean }>(
    `select to_regclass(${inState(target, "control")}) is not null as found`,
  );
  return row?.found === true;
}

/** Its id; null if another request waits. */
export async function insertRequest(
  target: TargetReader,
  run: string,
  command: ControlCommand,
  { askedBy, history }: { readonly askedBy: string; readonly history: string },
): Promise<string | null> {
  const [row] = await target.rows<{ id: string }>(stateSql(target, "target/control-ask"), [
    run,
    command.action,
    command.action === "max-rate" && command.maxRate !== null ? String(command.maxRate) : null,
    String(command.action === "cutover" && command.confirmed),
    askedBy,
    history,
  ]);
  return row?.id ?? null;
}

/** `entryLocks`: the class of the locks that entries of the history at work hold. */
export function openRequests(target: TargetReader, run: string, entryLocks: number): Promise<OpenRequest[]> {
  return target.rows<OpenRequest>(stateSql(target, "target/control-waiting"), [run, String(entryLocks)]);
}

export async function expireRequests(target: TargetReader, run: string): Promise<void> {
  await target.rows(stateSql(target, "target/control-expire"), [run]);
}

/** Takes the request that waits, if one of these backends holds the run lock. */
export async function claimRequest(
  target: TargetReader,
  run: string,
  backends: readonly number[],
): Promise<ControlRequest | null> {
  const [row] = await target.rows<{
    id: string;
    action: ControlAction;
    maxRate: number | null;
    confirmed: boolean;
    askedBy: string;
    history: string | null;
  }>(stateSql(target, "target/control-claim"), [run, `{${backends.join()}}`, ...lockHalves(lockKey(target, "run"))]);
  if (row === undefined) return null;
  const { action, confirmed, maxRate, ...request } = row;
  return { ...request, command: commandOf(action, { confirmed, maxRate }) };
}

function commandOf(
  action: ControlAction,
  { confirmed, maxRate }: { readonly confirmed: boolean; readonly maxRate: number | null },
): ControlCommand {
  if (action === "max-rate") return { action, maxRate };
  return action === "cutover" ? { action, confirmed } : { action };
}

/** False if it was answered, or withdrawn, before. */
export async function answerRequest(target: TargetReader, id: string, answer: ControlAnswer): Promise<boolean> {
  const answered = await target.rows(
    `update ${stateOf(target)}.control set state = $2, code = $3, answer = $4, answered_at = clock_timestamp() ` +
      "where id = $1::text::bigint and state in ('asked', 'taken') returning id",
    [id, answer.state, answer.code, answer.answer],
  );
  return answered.length > 0;
}

/** What became of a request; null while it is open. */
export async function answerOf(
  target: TargetReader,
  id: string,
): Promise<{ readonly state: string; readonly code: string | null; readonly answer: string | null } | null> {
  const [row] = await target.rows<{ state: string; code: string | null; answer: string | null }>(
    `select state, code, answer from ${stateOf(target)}.control where id = $1::text::bigint`,
    [id],
  );
  return row ?? null;
}

/** Withdraws a request that nobody has taken; false if somebody did. */
export async function withdrawRequest(target: TargetReader, id: string): Promise<boolean> {
  const withdrawn = await target.rows(
    `update ${stateOf(target)}.control set state = 'withdrawn', answered_at = clock_timestamp() ` +
      "where id = $1::text::bigint and state = 'asked' returning id",
    [id],
  );
  return withdrawn.length > 0;
}
