import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DISTURB = fileURLToPath(new URL("disturb.mjs", import.meta.url));

/** What `slow` takes. */
export const SLOW_MS = 4_500;

/** A statement of the command, and what befalls it; what each `how` does is said in disturb.mjs. */
export interface Disturbance {
  readonly side: "source" | "target";
  readonly text: string;
  readonly how: "pass" | "fail" | "kill" | "kill-after" | "cut" | "cut-after" | "refuse" | "slow" | "linger";
  readonly times?: number;
  /** Only on the connection of the target on which the one before was met. */
  readonly same?: boolean;
  /** Whenever the statement comes, besides the order of the plan. */
  readonly always?: boolean;
}

export const atSource = (text: string, how: Disturbance["how"], times = 1): Disturbance => ({
  side: "source",
  text,
  how,
  times,
});
export const atTarget = (text: string, how: Disturbance["how"]): Disturbance => ({ side: "target", text, how });
export const atSameTarget = (text: string, how: Disturbance["how"]): Disturbance => ({
  ...atTarget(text, how),
  same: true,
});

/** The source's statement takes 50 ms each time. */
export const lingering = (text: string): Disturbance => ({ side: "source", text, how: "linger", always: true });

/** The environment in which the real command meets the plan. */
export function disturbed(plan: readonly Disturbance[] | undefined, cwd: string): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import ${DISTURB}`,
    DISTURB: JSON.stringify(plan ?? []),
    DISTURBED: join(cwd, "disturbed"),
  };
}

/** Whether all of the plan came to pass: a test that disturbs nothing proves nothing. */
export function cameToPass(cwd: string): boolean {
  return existsSync(join(cwd, "disturbed"));
}
