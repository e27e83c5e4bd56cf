import type { Finding } from "../model/proposal.ts";
import type { Context } from "./context.ts";
import { type FindingOptions, completeFindings } from "./findings.ts";
import { inspectSource, propose } from "./inspect.ts";

export interface ValidateResult {
  /** No finding blocks. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** Looks at every value of the source and says what the plan must answer. Changes nothing. */
export async function validate(context: Context, options: FindingOptions = {}): Promise<ValidateResult> {
  const inspected = await inspectSource(context);
  const findings = await completeFindings(context, inspected, propose(inspected, context), options);
  return { ok: findings.every(({ severity }) => severity !== "blocking"), findings };
}
