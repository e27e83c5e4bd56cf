import type { TargetSession } from "../db/target.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import type { Finding } from "../model/proposal.ts";
import type { Context } from "./context.ts";
import { type FindingOptions, completeFindings } from "./findings.ts";
import { findingsWithTarget } from "./contract.ts";
import { inspectSource, propose } from "./inspect.ts";

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
  const atTarget = options.target !== false;
  const inspected = await inspectSource(context, { target: atTarget ? await withSession(context, readCatalogue) : null });
  const planned = await completeFindings(context, inspected, propose(inspected, context), options);
  const findings = atTarget ? await withSession(context, (session) => findingsWithTarget(context, session, inspected, planned, options)) : planned;
  return { ok: findings.every(({ severity }) => severity !== "blocking"), findings };
}

/** Of its own for each question: a look in between takes minutes, and some servers end whoever is idle for as long. */
async function withSession<T>(context: Context, work: (session: TargetSession) => Promise<T>): Promise<T> {
  const session = await context.target.session();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
