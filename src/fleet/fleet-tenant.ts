/** Where a tenant stands. */
export type TenantState = "planned" | "in-sync" | "cut-over" | "returned" | "rolled-back" | "complete";
/** What is asked for. */
export type TenantGoal = Exclude<TenantState, "planned">;
/** Null: nothing is to be done. */
export type TenantWork = "waiting" | "working" | "failed" | null;

/** One tenant of a fleet. */
export interface FleetTenant {
  readonly name: string;
  /** Path or URL of its database. */
  readonly source: string;
  /** The only machine that can open it; null: any. */
  readonly host: string | null;
  /** The schema of its tables in the target. */
  readonly schema: string;
  /** The schema of its run's state. */
  readonly stateSchema: string;
  /** 0 is the canary. */
  readonly wave: number;
  /** How its schema differs from that of the others, or why it cannot be read; null: it is alike. */
  readonly odd: readonly string[] | null;
  readonly state: TenantState;
  readonly wanted: TenantGoal | null;
  readonly work: TenantWork;
  /** Attempts of the present work that failed in a way that may pass. */
  readonly attempts: number;
  readonly stamp: string | null;
}

/** Goals by command, for a tenant in a state; null: the command does not concern it. */
export function goalOf(
  action: FleetAction,
  { state, wanted }: { readonly state: TenantState; readonly wanted: TenantGoal | null },
): TenantGoal | null {
  switch (action) {
    case "run":
      return state === "planned" || state === "rolled-back" || state === "returned" ? "in-sync" : null;
    case "cutover":
      return state === "in-sync" ? "cut-over" : null;
    case "rollback":
      if (state === "cut-over") return "returned";
      return state === "in-sync" || state === "returned" || (state === "planned" && wanted !== null)
        ? "rolled-back"
        : null;
    case "complete":
      return state === "cut-over" ? "complete" : null;
  }
}

export const FLEET_ACTIONS = ["run", "cutover", "rollback", "complete"] as const;
export type FleetAction = (typeof FLEET_ACTIONS)[number];
