import type { Finding } from "../model/proposal.ts";
import type { Context } from "./context.ts";
import { type FindingOptions, completeFindings } from "./findings.ts";
import { findingsWithTarget } from "./contract.ts";
import { type Inspected, inspectSource, propose } from "./inspect.ts";

export interface ValidateResult {
  /** No finding blocks. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

export interface ValidateOptions extends FindingOptions {
  /** Whether the target is looked at too. Default: true. */
  readonly target?: boolean;
}

/** Looks at every value of the source, and at both ends, and says what the plan must answer. Changes nothing. */
export async function validate(context: Context, options: ValidateOptions = {}): Promise<ValidateResult> {
  const inspected = await inspectSource(context);
  const planned = await completeFindings(context, inspected, propose(inspected, context), options);
  const findings = options.target === false ? planned : await besideTarget(context, inspected, planned, options);
  return { ok: findings.every(({ severity }) => severity !== "blocking"), findings };
}

async function besideTarget(context: Context, inspected: Inspected, planned: readonly Finding[], options: FindingOptions): Promise<Finding[]> {
  const session = await context.target.session();
  try {
    return await findingsWithTarget(context, session, inspected, planned, options);
  } finally {
    await session.close();
  }
}
