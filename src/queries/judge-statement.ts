import type { Run } from "../model/run.ts";
import type { SourceValue } from "../model/source-value.ts";
import type { Source } from "../source/source.ts";
import type { Statement } from "../sqlite-sql/ast.ts";
import { parseStatement } from "../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../sqlite-sql/syntax-error.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import type { Together } from "./at-one-watermark.ts";
import { compatNeeds } from "./compat/compat-needs.ts";
import type { CompatName } from "./compat/compat-objects.ts";
import { installCompat, knowCompat } from "./compat/try-compat.ts";
import { CONSTRUCTS, type ConstructCode, constructsOf } from "./constructs.ts";
import { findCauses, risksOf } from "./find-causes.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { numberParameters } from "./number-parameters.ts";
import { numbered } from "./parameters.ts";
import { prepareOnly } from "./prepare-only.ts";
import type { QueryTables } from "./query-tables.ts";
import type { QueryVerdict } from "./query-verdict.ts";
import { resultOrder } from "./result-order.ts";
import { slowReason } from "./slow/slow-reason.ts";
import { classOf, type QueryStatement } from "./statement.ts";
import { tablesNamed } from "./statement-tables.ts";
import { type QueryTranslation, translateQuery } from "./translate-query.ts";
import { isFine, isSlow, type QueryTrial, type Tried, tryRead } from "./try-read.ts";
import { tryWrite } from "./try-write.ts";

export interface JudgePlace {
  readonly source: Source;
  readonly session: TargetSession;
  readonly run: Run;
  readonly tables: QueryTables;
  readonly timeoutMs: number;
  readonly maxRows: number;
  readonly accepted: ReadonlySet<string>;
  /** `try`: what fails or differs is tried with sqlite_compat. `present`: the target has it. */
  readonly compat: "try" | "present" | null;
}

/** Tries one distinct statement on both sides. */
export async function judgeStatement(
  given: QueryStatement,
  { digest, text }: Fingerprint,
  place: JudgePlace,
): Promise<QueryVerdict> {
  const base: QueryVerdict = {
    ...NOTHING,
    fingerprint: digest,
    statement: text,
    count: given.count ?? 1,
    site: given.site ?? null,
    isAccepted: place.accepted.has(digest),
  };
  const statement = parsed(given.sql);
  if (statement === null) return { ...base, verdict: "fails", reason: "SQLite does not take it for one statement" };
  const parameters = given.parameterTypes ?? given.parameters?.map(classOf) ?? [];
  const translation = translateQuery(given.sql, place.tables, { parameters });
  if (translation.kind === "driver") return { ...base, verdict: "driver", reason: translation.reason };
  const trial = { given, statement, translation, place };
  const reason = notRunnable(trial);
  if (reason !== null) return { ...base, ...(await prepareOnly({ ...trial, reason })) };
  const tried = await tryBoth(trial, given.parameters ?? []);
  if (tried.kind === "pending")
    return {
      ...base,
      ...(await prepareOnly({
        ...trial,
        reason: "its tables are written to all the time: no moment at which both sides are equal was met",
      })),
    };
  const found = { ...base, ...verdictOf(tried.result, trial) };
  const verdict = { ...found, ...(await whySlow(tried.result, found, trial)) };
  if (place.compat !== "try" || !COMPAT_HELPS.includes(verdict.verdict)) return verdict;
  const names = await compatThatServes(trial, given.parameters ?? []);
  return names === null ? verdict : { ...verdict, verdict: "compat", compat: names };
}

const COMPAT_HELPS: readonly string[] = ["rewritten", "differs", "fails"];

const NOTHING = {
  verdict: "same",
  compat: [],
  indexes: [],
  rewrite: null,
  reason: null,
  sqlState: null,
  message: null,
  difference: null,
  causes: [],
  risks: [],
  sourceMs: null,
  targetMs: null,
} as const;

/** A statement with what is known of it before it runs. */
export interface StatementTrial {
  readonly given: QueryStatement;
  readonly statement: Statement;
  readonly translation: QueryTranslation;
  readonly place: JudgePlace;
}

function parsed(sql: string): Statement | null {
  try {
    return parseStatement(sql);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}

/** Writes copy the whole table: larger ones are not copied. */
const MAX_COPIED_ROWS = 5_000;

/** Why a statement cannot be run; null if it can. */
function notRunnable({ given, place, statement }: StatementTrial): string | null {
  const count = Math.max(0, ...numbered(statement).names.keys());
  if (count > (given.parameters?.length ?? 0)) return "the values of its parameters are not known";
  if (statement.kind === "select") return null;
  if (statement.kind !== "insert" && statement.kind !== "update" && statement.kind !== "delete")
    return "it changes the schema";
  const { schema, name } = statement.target.table;
  const table = place.tables.get(name.text.toLowerCase());
  if (table === undefined) return "it writes to something that is no table of the run";
  if (schema !== null) return "it names the schema of the table that it writes to";
  if (place.source.kind === "remote") return "it writes, and the source is a server";
  if (table.rows > MAX_COPIED_ROWS) return `it writes to a table of more than ${MAX_COPIED_ROWS} rows`;
  return null;
}

/** The objects of sqlite_compat with which a statement gives the same as it stands; null where they do not serve. */
async function compatThatServes(
  trial: StatementTrial,
  parameters: readonly SourceValue[],
): Promise<readonly CompatName[] | null> {
  const names = compatNeeds(trial.statement, trial.place.tables);
  if (names.length === 0) return null;
  const asItStands = { ...trial, translation: { kind: "refused", reason: "" } as const };
  const tried = await tryBoth(asItStands, parameters, (tx) => installCompat(tx, names));
  return tried.kind === "done" && tried.result.source.kind === "rows" && isFine(tried.result.trials[0]) ? names : null;
}

function tryBoth(
  { given, place, statement, translation }: StatementTrial,
  parameters: readonly SourceValue[],
  prelude?: (tx: TargetTransaction) => Promise<void>,
): Promise<Together<Tried>> {
  const named = [...tablesNamed(statement)].map((name) => place.tables.get(name)?.id);
  // A view reads tables that the statement does not name.
  const ids = named.filter((id) => id !== undefined);
  const isWrite = statement.kind !== "select";
  const asksNow = isWrite || constructsOf(statement, place.tables).includes("DATE_FUNCTION");
  const read = {
    both: {
      ...place,
      tables: ids.length === named.length ? ids : null,
      readOnly: prelude === undefined,
      ...(prelude !== undefined ? { prelude } : place.compat === "present" ? { prelude: knowCompat } : {}),
    },
    sqlite: numberParameters(given.sql, statement, "?"),
    postgres: [
      numberParameters(given.sql, statement, "$"),
      ...(translation.kind === "translated" ? [translation.sql] : []),
    ],
    compare: {
      order: resultOrder(statement, place.tables),
      now: asksNow ? Date.now() : null,
      jsonValues:
        translation.kind === "translated"
          ? translation.outputs.flatMap(({ isJsonValue }, index) => (isJsonValue === true ? [index] : []))
          : [],
    },
    maxRows: place.maxRows,
    parameters,
  };
  if (statement.kind !== "insert" && statement.kind !== "update" && statement.kind !== "delete") return tryRead(read);
  const table = place.tables.get(statement.target.table.name.text.toLowerCase());
  if (table === undefined) throw new RangeError("the table that it writes to is not known");
  return tryWrite({ ...read, table, returns: statement.returning !== null });
}

/** Of what gives the same, as it stands or rewritten, and takes much longer in PostgreSQL. */
async function whySlow(
  { source, trials }: Tried,
  { rewrite, verdict }: QueryVerdict,
  { given, place, statement }: StatementTrial,
): Promise<Partial<QueryVerdict>> {
  const target = trials.at(-1)?.target;
  const isRead = statement.kind === "select" && source.kind === "rows" && target?.kind === "rows";
  if (!isRead || !(verdict === "slow" || verdict === "rewritten")) return {};
  if (verdict === "rewritten" && !isSlow(source.durationMs, target.durationMs)) return {};
  const slow = {
    statement,
    sqlite: numberParameters(given.sql, statement, "?"),
    postgres: rewrite?.sql ?? numberParameters(given.sql, statement, "$"),
    parameters: given.parameters ?? [],
  };
  return slowReason(slow, place);
}

type Outcome = Partial<QueryVerdict> & Pick<QueryVerdict, "verdict">;

function verdictOf(tried: Tried, trial: StatementTrial): Outcome {
  const { isCut, source, trials } = tried;
  const { place, statement, translation } = trial;
  const [own, rewritten] = trials;
  if (source.kind === "failed") return refusedBySource(source.message, tried, trial);
  if (own === undefined) return { verdict: "prepared", reason: "it was not tried" };
  const times = {
    sourceMs: source.durationMs,
    targetMs: own.target.kind === "rows" ? own.target.durationMs : null,
  };
  if (isCut) return { verdict: "prepared", reason: `it gives more than ${place.maxRows} rows`, ...times };
  if (isFine(own)) {
    const { targetMs } = times;
    // A write's copy of its table has neither statistics nor a warm cache.
    const slow = statement.kind === "select" && targetMs !== null && isSlow(times.sourceMs, targetMs);
    return { verdict: slow ? "slow" : "same", risks: risksFound(own, trial), ...times };
  }
  const failed = own.target.kind === "failed" ? own.target : null;
  const facts = {
    sqlState: failed?.sqlState ?? null,
    message: failed?.message ?? null,
    difference: own.difference,
    causes: findCauses(statement, place.tables, failed?.sqlState ?? null),
    ...times,
  };
  if (translation.kind === "translated" && isFine(rewritten))
    return {
      verdict: "rewritten",
      rewrite: { sql: translation.sql, changes: translation.changes },
      ...facts,
      risks: unstable(rewritten),
    };
  const verdict = failed === null ? "differs" : "fails";
  const reason = translation.kind === "refused" ? translation.reason : whyNeither(rewritten);
  return { verdict, reason, ...facts };
}

function risksFound(own: QueryTrial, { place, statement }: StatementTrial): ConstructCode[] {
  return [...risksOf(statement, place.tables), ...unstable(own)];
}

/** Of rows that ORDER BY does not tell apart, PostgreSQL gave others, or in another order. */
function unstable(trial: QueryTrial | undefined): ConstructCode[] {
  return trial?.isUnstable === true ? ["ROW_ORDER"] : [];
}

/** The constraints that both databases name: a row that one refuses by them, the other is to refuse, too. */
const CONSTRAINTS: readonly (readonly [RegExp, string])[] = [
  [/(UNIQUE|PRIMARY KEY) constraint failed/, "23505"],
  [/NOT NULL constraint failed/, "23502"],
  [/CHECK constraint failed/, "23514"],
];

/** What PostgreSQL says of what SQLite refuses. */
function refusedBySource(message: string, { trials }: Tried, { translation }: StatementTrial): Outcome {
  const reason = `SQLite itself refuses it: ${message}`;
  const state = CONSTRAINTS.find(([pattern]) => pattern.test(message))?.[1];
  const refuses = trials.map(({ target }) => target.kind === "failed" && target.sqlState === state);
  if (state !== undefined && refuses[0] === true) return { verdict: "same", reason: `both refuse it: ${message}` };
  if (state !== undefined && refuses[1] === true && translation.kind === "translated")
    return {
      verdict: "rewritten",
      reason: `both refuse its row: ${message}`,
      rewrite: { sql: translation.sql, changes: translation.changes },
    };
  const [own] = trials;
  if (!/no such function/.test(message) || own?.target.kind !== "failed") return { verdict: "prepared", reason };
  const { advice, cause } = CONSTRUCTS.APPLICATION_FUNCTION;
  const name = /no such function: (\w+)/.exec(message)?.[1] ?? "";
  return {
    verdict: "fails",
    reason: `the application defines the function ${name} in SQLite`,
    sqlState: own.target.sqlState,
    message: own.target.message,
    causes: [{ code: "APPLICATION_FUNCTION", cause, advice }],
  };
}

function whyNeither(trial: Tried["trials"][number] | undefined): string {
  if (trial?.target.kind !== "failed") return `its translation differs, too: ${trial?.difference?.message ?? ""}`;
  const { message, sqlState } = trial.target;
  return `its translation fails, too: ${message}${sqlState === null ? "" : ` (${sqlState})`}`;
}
