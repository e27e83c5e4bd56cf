import type { Finding } from "../model/proposal.ts";
import { proposeSchema } from "../plan/propose-schema.ts";
import type { Context } from "./context.ts";
import { inspectSource } from "./inspect.ts";

export interface ValidateResult {
  /** No finding blocks. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** Looks at every value of the source and says what the plan must answer. Changes nothing. */
export async function validate(context: Context): Promise<ValidateResult> {
  const { schema, profiles } = await inspectSource(context);
  const { findings } = proposeSchema(schema, profiles, { types: context.types });
  return { ok: findings.every(({ severity }) => severity !== "blocking"), findings };
}
