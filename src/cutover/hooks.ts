import { messageOf } from "../errors.ts";
import type { Context } from "../run/context.ts";

/** Points of a cutover at which the person's own commands run. */
export const HOOK_NAMES = ["before-fence", "after-fence", "before-open", "after-open", "on-abort"] as const;

export type HookName = (typeof HOOK_NAMES)[number];

/** What a hook is given. */
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
 * `after-fence` and `before-open` count as downtime. The signal says that nobody waits any more: the budget is spent,
 * or the command was interrupted.
 */
export type Hooks = Partial<Readonly<Record<HookName, (facts: HookFacts, signal: AbortSignal) => Promise<void>>>>;

/** The hooks of one cutover, with what each of them is given. */
export class CutoverHooks {
  readonly #context: Context;
  readonly #hooks: Hooks;
  readonly #facts: Omit<HookFacts, "hook">;

  constructor(context: Context, hooks: Hooks, facts: Omit<HookFacts, "hook">) {
    this.#context = context;
    this.#hooks = hooks;
    this.#facts = facts;
  }

  /** Before the target is open: throws what the hook throws. */
  async run(hook: HookName, late?: AbortSignal): Promise<void> {
    const { signal } = this.#context;
    await this.#hooks[hook]?.({ ...this.#facts, hook }, late === undefined ? signal : AbortSignal.any([late, signal]));
  }

  /** When all is decided: a hook that fails then is reported, and changes nothing. */
  async runAfterwards(hook: HookName, outcome: Pick<HookFacts, "downtimeMs" | "reason">): Promise<void> {
    try {
      await this.#hooks[hook]?.({ ...this.#facts, hook, ...outcome }, this.#context.signal);
    } catch (error) {
      this.#context.report({ kind: "warning", message: messageOf(error) });
    }
  }
}
