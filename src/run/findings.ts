import { countRows, findRows, type RowSearch } from "../inspect/find-rows.ts";
import { keyCollisions } from "../inspect/key-collisions.ts";
import type { TableProfile } from "../model/profile.ts";
import type { Finding, PlannedFinding, ProposedTable, SchemaProposal } from "../model/proposal.ts";
import { badValueRule, type Rules } from "../model/rules.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { keysInDanger } from "../plan/findings/key-danger.ts";
import { keyCollision } from "../plan/findings/key-findings.ts";
import { refusableColumns, rejectedFinding } from "../plan/findings/rejections.ts";
import { settleFindings } from "../plan/findings/settle-findings.ts";
import { chooseIdentity } from "../plan/propose/choose-identity.ts";
import { unsureRules, withKnownShares } from "../plan/rule-share.ts";
import type { Source } from "../source/source.ts";
import type { Context } from "./context.ts";
import type { Inspected } from "./inspect.ts";

export interface FindingOptions {
  /** Whether findings show the values of their rows. */
  readonly showValues?: boolean;
}

/**
 * The plan's findings, completed by reading the rows again: values that the chosen types would reject, keys that would
 * collide, and for each finding the number of rows and some of their keys.
 */
export async function completeFindings(
  { source, rules }: Pick<Context, "source" | "rules">,
  inspected: Inspected,
  proposal: SchemaProposal,
  options: FindingOptions = {},
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const table of inspected.schema.tables) {
    const profile = inspected.profiles.find((candidate) => candidate.table === table.name);
    const proposed = proposal.tables.find(({ source }) => source === table.name);
    const planned = proposal.findings.filter((finding) => finding.table === table.name);
    if (profile === undefined || proposed === undefined) found.push(...planned.map(plain));
    else found.push(...(await completeTable(source, { table, profile, proposed, planned, rules }, options)));
  }
  const tables = new Set(inspected.schema.tables.map(({ name }) => name));
  return settleFindings(
    [...found, ...proposal.findings.filter((finding) => !tables.has(finding.table)).map(plain)],
    rules,
  );
}

interface ProfiledTable {
  readonly table: SourceTable;
  readonly profile: TableProfile;
  readonly proposed: ProposedTable;
  readonly planned: readonly PlannedFinding[];
  readonly rules: Rules;
}

async function completeTable(source: Source, looked: ProfiledTable, options: FindingOptions): Promise<Finding[]> {
  const { table, profile, proposed, planned } = looked;
  const keys = identityColumns(table, profile);
  const refusable = refusableColumns(table, proposed, profile, planned);
  const uncounted = planned.filter(({ where, count }) => where !== undefined && count === undefined);
  const counts = await countRows(source, table, [
    ...refusable.map(({ condition }) => condition ?? "0"),
    ...uncounted.map(({ where }) => where ?? "0"),
  ]);
  const refused = refusable.flatMap((column, index) => {
    const count = (counts[index] ?? 0) + column.badTexts;
    const onBadValue = badValueRule(looked.rules, table.name, column.column);
    return count === 0
      ? []
      : [rejectedFinding(table, column, { count, onBadValue, keyed: keys?.includes(column.column) ?? false })];
  });
  const counted = planned.map((finding) =>
    uncounted.includes(finding)
      ? { ...finding, count: counts[refusable.length + uncounted.indexOf(finding)] ?? 0 }
      : finding,
  );
  const collisions: PlannedFinding[] = [];
  for (const { columns, condition } of keysInDanger(table, proposed, profile)) {
    const rows = await keyCollisions(source, table, condition, keys ?? []);
    if (rows.count > 0) collisions.push(keyCollision(table, columns, rows));
  }
  const all = [...counted, ...refused, ...collisions];
  const unsure = unsureRules(all, looked);
  const shares = await countRows(
    source,
    table,
    unsure.map(({ condition }) => condition),
  );
  const useful = withKnownShares(all, unsure, { counts: shares, rows: profile.rows });
  return withExamples(source, looked, keys, useful, options);
}

/** The columns by which rows of a table are named; none where nothing tells them apart. */
export function keyNames(table: SourceTable, profile: TableProfile | undefined): readonly string[] {
  return profile === undefined ? [] : (identityColumns(table, profile) ?? []);
}

/** Findings of a table that something else than its profile says, with the keys of some of their rows. */
export function nameRows(
  source: Source,
  table: SourceTable,
  profile: TableProfile,
  findings: readonly PlannedFinding[],
  options: FindingOptions = {},
): Promise<Finding[]> {
  return withExamples(source, { table }, identityColumns(table, profile), findings, options);
}

async function withExamples(
  source: Source,
  { table }: Pick<ProfiledTable, "table">,
  keys: readonly string[] | null,
  findings: readonly PlannedFinding[],
  options: FindingOptions,
): Promise<Finding[]> {
  if (keys === null) return findings.map(plain);
  const searched = findings.filter(({ where }) => where !== undefined);
  const searches = searched.map(
    ({ where, column }): RowSearch => ({
      where: where ?? "0",
      keys,
      show: options.showValues === true && table.columns.some(({ name }) => name === column) ? (column ?? null) : null,
    }),
  );
  const rows = await findRows(source, table, searches);
  return findings.map((finding) => {
    const found = rows[searched.indexOf(finding)];
    if (found === undefined || found.examples.length === 0) return plain(finding);
    return {
      ...plain(finding),
      examples: found.examples,
      ...(found.values.length === 0 ? {} : { values: found.values }),
    };
  });
}

/** The columns by which rows are named; null where nothing tells them apart. */
function identityColumns(table: SourceTable, profile: TableProfile): readonly string[] | null {
  try {
    const identity = chooseIdentity(table, profile);
    return identity.kind === "columns" ? identity.columns : [identity.rowidName];
  } catch {
    return null;
  }
}

/** Without what selects its rows. */
export function plain({ where: _where, ...finding }: PlannedFinding): Finding {
  return finding;
}
