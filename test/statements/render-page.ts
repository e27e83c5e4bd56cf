import type { QueriesResult, QueryVerdict } from "../../src/index.ts";
import { whyNoEqual } from "./no-equal.ts";

export interface Corpus {
  readonly name: string;
  readonly result: QueriesResult;
}

export interface Shares {
  /** Of all that fail or differ as they stand. */
  readonly ofAll: number;
  /** Of those that may have an equal in PostgreSQL. */
  readonly ofPossible: number;
}

export function sharesOf(corpora: readonly Corpus[]): Shares {
  const all = corpora.flatMap(({ result }) => result.statements);
  const rewritten = all.filter(({ verdict }) => verdict === "rewritten").length;
  const left = all.filter(isRefused);
  const open = left.filter((verdict) => whyNoEqual(verdict) === null);
  return { ofAll: rewritten / (rewritten + left.length), ofPossible: rewritten / (rewritten + open.length) };
}

function isRefused({ verdict }: QueryVerdict): boolean {
  return verdict === "fails" || verdict === "differs";
}

const NAMES: Readonly<Record<string, string>> = {
  django: "Django",
  drizzle: "Drizzle",
  knex: "Knex",
  sequelize: "Sequelize",
  typeorm: "TypeORM",
};

/** The page `docs/recorded-statements.md`. */
export function renderPage(corpora: readonly Corpus[]): string {
  const { ofAll, ofPossible } = sharesOf(corpora);
  const refused = corpora.flatMap(({ result }) => result.statements.filter(isRefused));
  const total = corpora.reduce((sum, { result }) => sum + result.statements.length, 0);
  return `# Recorded statements

What the test suites of five libraries ask SQLite, tried on both databases.
\`npm run test:long -- test/statements\` makes this page.
The tables and their rows come out of the same recordings: at most ${ROWS} rows of each, and many are empty.

**Of ${total.toLocaleString("en")} distinct statements ${refused.length} fail or differ and have no rewrite.**
Of those that fail or differ as they stand, ${percent(ofAll)} have a rewrite that gives SQLite's result.
Without those that can have no equal (below) it is ${percent(ofPossible)}.

${table(
  ["library", "statements", "same", "rewritten", "only prepared", "no equal exists", "no rewrite"],
  corpora
    .map(({ name, result }) => rowOf(NAMES[name] ?? name, result.statements))
    .concat([
      rowOf(
        "all",
        corpora.flatMap(({ result }) => result.statements),
      ),
    ]),
)}

"Only prepared" are statements whose values are not known, or that SQLite itself refuses.

## No rewrite

${table(["statements", "why"], counted(refused.filter((verdict) => whyNoEqual(verdict) === null).map(reasonOf)))}

## No equal exists

${table(["statements", "why"], counted(refused.flatMap((verdict) => whyNoEqual(verdict) ?? [])))}

Django defines its functions (\`django_date_extract\` and the like) in Python, and writes other SQL for PostgreSQL.
`;
}

/** Of make-corpus.ts. */
const ROWS = 25;

function rowOf(name: string, statements: readonly QueryVerdict[]): string[] {
  const count = (...kinds: readonly string[]) => statements.filter(({ verdict }) => kinds.includes(verdict)).length;
  const none = statements.filter((verdict) => isRefused(verdict) && whyNoEqual(verdict) !== null).length;
  // How long it takes is the machine's business.
  const numbers = [statements.length, count("same", "slow"), count("rewritten"), count("prepared", "driver"), none];
  return [name, ...[...numbers, count("fails", "differs") - none].map(String)];
}

/** Without the names of columns and places of rows, so that one kind is one line. */
function reasonOf({ reason }: QueryVerdict): string {
  return (reason ?? "")
    .replace(/: row \d+.*$/, "")
    .replace(/^(its translation differs, too):.*$/, "$1")
    .replace(/(stores (?:a value|values) of another type) in .*/, "$1")
    .replace(/reads from \w+, which has/, "reads from a view, which has")
    .replace(/^(it leaves out) .*?: (.*)$/, "$1 a column: $2");
}

function counted(reasons: readonly string[]): string[][] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1))
    .map(([reason, count]) => [String(count), reason]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
