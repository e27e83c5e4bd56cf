import { stateSql } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** When a deferred object is recreated: after the copy, after the first catch-up, or at the cutover. */
export type RestoreStage = "copied" | "caught-up" | "cutover";

export interface DeferrableObject {
  readonly kind: "index" | "constraint" | "foreign-key" | "trigger";
  readonly stage: RestoreStage;
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
  readonly validated: boolean;
  readonly enabled: string | null;
  readonly columns: readonly string[] | null;
}

/** The saved definition of a dropped object. */
export interface Deferred {
  readonly id: string;
  readonly kind: DeferrableObject["kind"];
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
  readonly validated: boolean;
  readonly enabled: string | null;
}

export async function deferredAt(
  session: TargetReader,
  run: string,
  stages: readonly RestoreStage[],
): Promise<Deferred[]> {
  return session.rows<Deferred>(
    // Constraints before indexes, and unique constraints before the foreign keys that need them.
    stateSql(session, "target/deferred-at"),
    [run, stages],
  );
}
