import type { CatalogueColumn, CatalogueTable } from "../model/catalogue.ts";
import type { ColumnProfile, TableProfile } from "../model/profile.ts";
import type { Finding } from "../model/proposal.ts";
import { badValueRule, type Rules, rulesOfColumn, type SuggestedRule } from "../model/rules.ts";
import type { Seeded } from "../model/seeded.ts";
import type { SourceColumn, SourceTable } from "../model/source-schema.ts";
import { chooseConversion } from "../plan/types/choose-conversion.ts";
import { noteOf, WRITE_RULES } from "../plan/types/column-note.ts";
import { epochAnswer, epochReadings } from "../plan/types/known-epochs.ts";
import { pgName } from "../quote.ts";
import type { TableFacts } from "./read-target-facts.ts";

export interface TablePair {
  readonly source: SourceTable;
  readonly target: CatalogueTable;
  readonly profile: TableProfile;
  readonly facts: TableFacts | undefined;
  /** Source column → target column, as the mapping will have it. */
  readonly names: ReadonlyMap<string, string>;
  /** Whether the target's table holds rows that no run put there. */
  readonly filled: boolean;
  readonly rules: Rules;
}

/** The contract of one table: what each column of the target demands, against what the source will send. */
export function contractFindings(pair: TablePair): Finding[] {
  const { source, target } = pair;
  return [
    ...accessFindings(pair),
    ...(pair.filled ? [notEmpty(source.name, target.name)] : []),
    ...ruleFindings(pair),
    ...source.columns.flatMap((column) => columnFindings(pair, column)),
    ...target.columns.filter((column) => isUnfed(pair, column)).map((column) => unfed(pair, column)),
  ];
}

/** What the role may not do with the target's table. */
function accessFindings({ facts, source, target }: TablePair): Finding[] {
  const table = source.name;
  const found: Finding[] = [];
  if (facts?.owned === false)
    found.push({
      table,
      code: "TARGET_PRIVILEGE",
      severity: "blocking",
      message:
        `the role does not own the table ${target.name}, whose indexes and constraints the load drops and ` +
        "recreates",
      hint: `ALTER TABLE ${target.name} OWNER TO …, or GRANT the owner's role`,
    });
  if (facts?.isRowSecurityActive === true)
    found.push({
      table,
      code: "TARGET_ROW_SECURITY",
      severity: "blocking",
      message: `row security holds for our role on ${target.name}: policies would hide or refuse rows of the source`,
      hint: `ALTER TABLE ${target.name} NO FORCE ROW LEVEL SECURITY until the cutover, or ALTER ROLE … BYPASSRLS`,
    });
  else if (facts?.rowSecurity === true)
    found.push({
      table,
      code: "TARGET_ROW_SECURITY",
      severity: "warning",
      message:
        `row security is on for ${target.name}: ` + "a policy may hide or refuse rows for a role that does not own it",
      hint: "run as the table's owner",
    });
  return found;
}

function notEmpty(table: string, target: string): Finding {
  return {
    table,
    code: "TARGET_NOT_EMPTY",
    severity: "blocking",
    message: `the target's table ${target} holds rows already`,
    hint:
      "where the application's migrations put them there, add --seeded truncate (the source's rows come instead), " +
      "--seeded merge (the same, where the source has each of them, equal) or --seeded keep (they stay); or empty " +
      `it: TRUNCATE ${pgName(target)} CASCADE`,
    rules: seededAnswers(table),
  };
}

/** What the target's own triggers and CHECKs mean for the rows that come. */
function ruleFindings({ facts, source, target }: TablePair): Finding[] {
  const table = source.name;
  const { checks, triggers } = facts ?? { checks: 0, triggers: 0 };
  const found: Finding[] = [];
  if (triggers > 0)
    found.push({
      table,
      code: "TARGET_TRIGGERS",
      severity: "info",
      message:
        `${triggers} of ${target.name}'s triggers rest until the cutover: ` +
        "they do not see the rows that are copied",
      hint: "what they would have done for those rows is already in the source, or is for you to do",
    });
  if (checks > 0)
    found.push({
      table,
      code: "TARGET_CHECKS",
      severity: "info",
      message: `${checks} CHECKs of ${target.name} hold for each row that comes: whether all rows pass shows only then`,
      hint: "a row that does not stops the run, or is quarantined with the rule onBadValue",
    });
  return found;
}

function seededAnswers(table: string): SuggestedRule[] {
  const answer = (seeded: Seeded, description: string) => ({ description, rules: { tables: { [table]: { seeded } } } });
  return [
    answer("merge", "the source's rows come, if the source has each of the target's, equal"),
    answer("truncate", "the target's rows go, and the source's come"),
    answer("keep", "the target's rows stay, and the source's table stays behind"),
  ];
}

function columnFindings(pair: TablePair, column: SourceColumn): Finding[] {
  const { profile, source, target } = pair;
  const name = pair.names.get(column.name);
  const there = target.columns.find((candidate) => candidate.name === name);
  const place = { table: source.name, column: column.name };
  if (there === undefined) {
    if (column.generated !== null) return [];
    const rule = {
      description: "the column stays behind",
      rules: { tables: { [source.name]: { columns: { [column.name]: { exclude: true as const } } } } },
    };
    return [
      {
        ...place,
        code: "TARGET_COLUMN_MISSING",
        severity: "blocking",
        message: `the target's table ${target.name} has no column for it`,
        hint: "exclude it by the rule below, or add the column in a migration file",
        rules: [rule],
      },
    ];
  }
  if (there.generated)
    return [
      {
        ...place,
        code: "TARGET_GENERATED",
        // What the source does not compute may come out otherwise.
        severity: column.generated === null ? "warning" : "info",
        message: `the target computes ${there.name} itself: the source's values are not sent, nor compared`,
        hint: "nothing to do if both compute the same",
      },
    ];
  const seen = profile.columns.find((candidate) => candidate.column === column.name);
  return [...doubtfulEpoch(pair, column, there, seen), ...nullFindings(pair, column, there, seen)];
}

/**
 * Numbers that a timestamp would take for seconds since 1970, and that by another way of counting are likelier dates.
 */
function doubtfulEpoch(
  { rules, source }: TablePair,
  column: SourceColumn,
  there: CatalogueColumn,
  seen: ColumnProfile | undefined,
): Finding[] {
  const { baseType, type } = there;
  const rule = rulesOfColumn(rules, source.name, column.name);
  if (seen === undefined || seen.integers === 0 || !/^timestamp/.test(baseType)) return [];
  if (rule.expression !== undefined || rule.type !== undefined) return [];
  const readings = epochReadings(seen, column.name);
  const [first] = readings;
  // Such as are no dates by our reading are refused by it.
  if (first === undefined || first.epoch.unit !== undefined) return [];
  const conversion = chooseConversion(there, seen);
  if (conversion.kind !== "timestamp" || conversion.epoch === null) return [];
  const asUnix = { description: `${type}; ${conversion.epoch} since 1970`, rule: { type } };
  return [
    noteOf(source.name, column.name, {
      code: "DATE_AS_NUMBER",
      severity: "blocking",
      count: seen.integers,
      message:
        `its numbers would be taken for a time since 1970, and are likelier ${first.epoch.words}, ` +
        `${first.years.join(" to ")}`,
      hint: `${WRITE_RULES}: what they count. Look at a value first`,
      answers: [
        ...readings.map((reading) => {
          const { description, rule: answer } = epochAnswer(reading, column.name, seen.reals === 0);
          return { description, rule: { ...answer, type } };
        }),
        ...(readings.some(({ epoch }) => epoch.unit !== undefined) ? [] : [asUnix]),
      ],
    }),
  ];
}

function nullFindings(
  { profile, rules, source, target }: TablePair,
  column: SourceColumn,
  there: CatalogueColumn,
  seen: ColumnProfile | undefined,
): Finding[] {
  const place = { table: source.name, column: column.name };
  const nulls = nullsSent(seen, rules, source.name, column.name);
  if (!there.notNull || nulls === 0) return [];
  if (badValueRule(rules, source.name, column.name) === "quarantine")
    return [
      {
        ...place,
        code: "TARGET_NOT_NULL",
        severity: "warning",
        count: nulls,
        message: `${nulls} rows hold NULL, which the target's column refuses: they are quarantined`,
        hint: "that is what the rule says",
      },
    ];
  const columnRule = (of: object) => ({ tables: { [source.name]: { columns: { [column.name]: of } } } });
  return [
    {
      ...place,
      code: "TARGET_NOT_NULL",
      severity: "blocking",
      count: nulls,
      message: `${nulls} rows hold NULL, and the target's column ${there.name} is NOT NULL`,
      hint:
        `in the target, ALTER TABLE ${pgName(target.name)} ALTER COLUMN ${pgName(there.name)} DROP NOT NULL; ` +
        "or decide by a rule",
      rules: [
        ...(there.baseType === "text" || there.baseType === "varchar"
          ? [{ description: "NULL arrives as the empty text", rules: columnRule({ nullAndEmpty: "null-to-empty" }) }]
          : []),
        // Where all rows hold NULL there, none would arrive.
        ...(nulls < profile.rows
          ? [{ description: "rows with NULL are quarantined", rules: columnRule({ onBadValue: "quarantine" }) }]
          : []),
      ],
    },
  ];
}

/** NULLs that will be sent: the profile looked at the values as rules shape them. */
function nullsSent(seen: ColumnProfile | undefined, rules: Rules, table: string, column: string): number {
  return rulesOfColumn(rules, table, column).nullAndEmpty === "null-to-empty" ? 0 : (seen?.nulls ?? 0);
}

function unfed({ source, target }: TablePair, { name }: CatalogueColumn): Finding {
  return {
    table: source.name,
    code: "TARGET_COLUMN_REQUIRED",
    severity: "blocking",
    column: name,
    message: `the target's column ${name} is NOT NULL without a default, and the source has no such column`,
    hint:
      `in the target, ALTER TABLE ${pgName(target.name)} ALTER COLUMN ${pgName(name)} DROP NOT NULL; ` +
      "or SET DEFAULT …",
  };
}

function isUnfed({ names }: TablePair, column: CatalogueColumn): boolean {
  return (
    column.notNull &&
    !column.hasDefault &&
    !column.identity &&
    !column.generated &&
    ![...names.values()].includes(column.name)
  );
}
