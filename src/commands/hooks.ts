/** Moments of a cutover at which the person's own commands run. */
export const HOOK_NAMES = ["before-fence", "after-fence", "before-open", "after-open", "on-abort"] as const;

export type HookName = (typeof HOOK_NAMES)[number];

/** What a hook is told. */
export interface HookFacts {
  readonly hook: HookName;
  readonly run: string;
  readonly source: string;
  /** As shown to people: without the password. */
  readonly target: string;
  /** Rows compared, without a difference. */
  readonly rows: number;
  /** How long writes were refused; once that is known. */
  readonly downtimeMs?: number;
  /** Why the cutover was undone. */
  readonly reason?: string;
}

/**
 * Called in the course of a cutover, and waited for. One that fails before the target is open undoes the cutover;
 * `after-fence` and `before-open` count as downtime. The signal says that nobody waits any more: the budget is spent, or the command
 * was interrupted.
 */
export type Hooks = Partial<Readonly<Record<HookName, (facts: HookFacts, signal: AbortSignal) => Promise<void>>>>;
