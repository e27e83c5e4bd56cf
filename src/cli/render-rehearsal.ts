import type { Rehearsal, RehearsedCheck } from "../commands/rehearse.ts";

/** A rehearsal for a person: what was looked at, what each step took, what to expect. */
export function renderRehearsal(
  { checks, ok, predictedDowntimeMs, steps }: Rehearsal,
  copy: string | null = null,
): string {
  const lines = checks.map(({ check, ok: fine, detail }) => `${fine ? "ok  " : "NO  "} ${check}: ${detail}`);
  if (steps.length > 0)
    lines.push(
      `${copy === null ? "behind the fence" : "it took"}: ` +
        `${steps.map(({ step, durationMs }) => `${step} ${Math.ceil(durationMs)} ms`).join(", ")}`,
    );
  if (predictedDowntimeMs !== null) lines.push(`predicted downtime: about ${predictedDowntimeMs} ms`);
  if (copy !== null) {
    lines.push(
      `the source, the target and their run were left alone; ${copy} has its rows as before, ` +
        `without capture and fence${ok ? "" : "; what says NO comes first"}`,
    );
    return lines.join("\n");
  }
  lines.push(ok ? "nothing was changed; next: changeover cutover" : "nothing was changed; what says NO comes first");
  return lines.join("\n");
}

/** With one more precondition, if there is one. */
export function withCheck(rehearsal: Rehearsal, check: RehearsedCheck | null): Rehearsal {
  if (check === null) return rehearsal;
  return { ...rehearsal, ok: rehearsal.ok && check.ok, checks: [...rehearsal.checks, check] };
}

/** The same for scripts. */
export function rehearsalDocument({ checks, ok, predictedDowntimeMs, steps }: Rehearsal): object {
  return {
    ok,
    checks,
    steps: steps.map(({ step, durationMs }) => ({ step, durationMs: Math.round(durationMs * 10) / 10 })),
    predictedDowntimeMs,
  };
}
