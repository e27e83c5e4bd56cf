import { statSync } from "node:fs";
import { busySnapshotFindings } from "../contract/busy-snapshot-finding.ts";
import { damageFindings } from "../contract/damage-findings.ts";
import { journalFindings } from "../contract/journal-finding.ts";
import { type Damage, findDamage } from "../inspect/find-damage.ts";
import type { Finding } from "../model/proposal.ts";
import { settleFindings } from "../plan/findings/settle-findings.ts";
import { type Context, withSession } from "../run/context.ts";
import { findingsWithTarget } from "../run/contract.ts";
import { completeFindings, type FindingOptions, keyNames } from "../run/findings.ts";
import { type Inspected, inspectSource, propose } from "../run/inspect.ts";
import { readTargetSide } from "../run/read-target-side.ts";
import { tryOnTarget } from "../run/try-proposal.ts";

/** The findings of `migration.validate()`. */
export interface ValidateResult {
  /** No finding blocks. */
  readonly ok: boolean;
  /** All findings, of both sides. */
  readonly findings: readonly Finding[];
}

/** Options of `migration.validate()`. */
export interface ValidateOptions extends FindingOptions {
  /** Whether the target is looked at too. Default: true. */
  readonly target?: boolean;
}

/** Looks at every value of the source, and at both ends, and says what the plan must answer. Changes nothing. */
export async function validate(context: Context, options: ValidateOptions = {}): Promise<ValidateResult> {
  const atTarget = options.target !== false;
  // A session of its own for each question: the look in between takes minutes, and some servers end whoever is idle for
  // as long.
  const inspected = await inspectSource(
    context,
    atTarget
      ? await withSession(context, (session) => readTargetSide(session, context.rules))
      : { target: null, asksTarget: false },
  );
  const untried = propose(inspected, context);
  const proposal = atTarget ? await tryOnTarget(context, untried, inspected.schema) : untried;
  const planned = { proposal, findings: await completeFindings(context, inspected, proposal, options) };
  const { journalMode } = inspected.schema;
  const isFile = context.source.kind === "file";
  const ofFile = [
    ...journalFindings({ isFile, journalMode }),
    ...busySnapshotFindings({ isFile, tools: inspected.schema.tools ?? [] }),
  ];
  const others = atTarget
    ? await withSession(context, (session) => findingsWithTarget(context, session, inspected, planned, options))
    : planned.findings;
  const damage = await damageOf(context, inspected);
  const findings = [...ofFile, ...settleFindings(damageFindings(damage), context.rules), ...others];
  return { ok: findings.every(({ severity }) => severity !== "blocking"), findings };
}

async function damageOf({ source }: Context, { profiles, schema }: Inspected): Promise<Damage | null> {
  if (source.path === null) return null;
  return findDamage(source, schema, statSync(source.path).size, (table) =>
    keyNames(
      table,
      profiles.find((profile) => profile.table === table.name),
    ),
  );
}
