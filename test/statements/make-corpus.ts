// Makes a corpus of what an application was recorded to ask:
// `node --import jiti/register test/statements/make-corpus.ts NAME FILE…`. Each file is a log or what the recorder
// wrote, with values. The tables and their first rows come out of the statements themselves, in their order.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import type { QueryStatement } from "../../src/index.ts";
import { fingerprintOf } from "../../src/queries/fingerprint.ts";
import { numberParameters } from "../../src/queries/number-parameters.ts";
import { readStatementFile } from "../../src/queries/read-statement-file.ts";
import type { Statement } from "../../src/sqlite-sql/ast.ts";
import { parseStatement } from "../../src/sqlite-sql/parse.ts";

const ROWS = 25;
const [name = "", ...files] = process.argv.slice(2);
const given = files.flatMap((file) =>
  readStatementFile(file).map((statement) => ({ ...statement, parsed: parsed(statement.sql) })),
);
const database = new Database(":memory:");
database.defaultSafeIntegers(true);
database.exec("PRAGMA foreign_keys = OFF");
const rows = new Map<string, number>();
given.forEach(({ parsed, ...statement }, index) => {
  if (parsed !== null && isForDatabase(parsed, index)) run(parsed, statement);
});
const { kept, refused } = chosen();
const directory = fileURLToPath(new URL(`corpora/${name}/`, import.meta.url));
mkdirSync(directory, { recursive: true });
writeFileSync(`${directory}database.sql`, dump());
writeFileSync(`${directory}statements.jsonl`, kept.map((line) => `${line}\n`).join(""));
console.log(
  `${name}: ${given.length} recorded, ${kept.length} kept, ${refused} that SQLite refuses without their moment`,
);

function parsed(sql: string): Statement | null {
  try {
    return parseStatement(sql);
  } catch {
    return null;
  }
}

/** What makes tables and rows. A DROP counts only where another table takes the name: tests clear up behind them. */
function isForDatabase(statement: Statement, index: number): boolean {
  switch (statement.kind) {
    case "createTable":
    case "createIndex":
    case "createView":
    case "alterTable":
      return true;
    case "drop": {
      const dropped = statement.name.name.text;
      return given
        .slice(index + 1, index + 4)
        .some(
          ({ parsed }) =>
            parsed?.kind === "alterTable" && parsed.change.kind === "renameTable" && parsed.change.to.text === dropped,
        );
    }
    case "insert": {
      const table = statement.target.table.name.text;
      rows.set(table, (rows.get(table) ?? 0) + 1);
      return (rows.get(table) ?? 0) <= ROWS;
    }
    default:
      return false;
  }
}

function run(statement: Statement, { parameters = [], sql }: QueryStatement): void {
  try {
    database.prepare(numberParameters(sql, statement, "?")).run(...bound(parameters));
  } catch {
    // Without the moment at which it was sent, it may not go.
  }
}

function bound(parameters: NonNullable<QueryStatement["parameters"]>) {
  return parameters.map((value) => (value instanceof ArrayBuffer ? Buffer.from(value) : value));
}

function chosen(): { readonly kept: readonly string[]; readonly refused: number } {
  const found = new Map<string, string | null>();
  for (const { parsed, ...statement } of given) {
    if (parsed === null || !["select", "insert", "update", "delete"].includes(parsed.kind)) continue;
    if (/sqlite_(master|schema|sequence|temp)|pragma_/i.test(statement.sql)) continue;
    const { digest } = fingerprintOf(statement.sql);
    if (found.has(digest) && found.get(digest) !== null) continue;
    found.set(digest, canPrepare(parsed, statement.sql) ? lineOf(statement) : null);
  }
  const kept = [...found.values()].filter((line) => line !== null);
  return { kept, refused: found.size - kept.length };
}

function canPrepare(statement: Statement, sql: string): boolean {
  try {
    database.prepare(numberParameters(sql, statement, "?"));
    return true;
  } catch (error) {
    // Functions that the application defines are its own matter, and are to be classified.
    return /no such function|unable to use function REGEXP/.test(String(error));
  }
}

function lineOf({ parameters, sql }: QueryStatement): string {
  if (parameters === undefined) return JSON.stringify({ sql });
  return JSON.stringify({ sql, parameters: parameters.map(jsonValue) });
}

function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint")
    return Number.isSafeInteger(Number(value)) ? Number(value) : { integer: String(value) };
  if (typeof value === "number") return Number.isInteger(value) ? { real: value } : value;
  return value instanceof ArrayBuffer ? { blob: Buffer.from(value).toString("hex") } : value;
}

/** The tables that the statements name, and their rows. */
function dump(): string {
  const named = kept.join("\n").toLowerCase();
  const objects = database
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' " +
        "ORDER BY rowid",
    )
    .raw(true)
    .all() as [string, string, string, string][];
  const used = objects.filter(([type, table]) => type === "table" && named.includes(table.toLowerCase()));
  const parents = used.map(([, , , sql]) => sql.toLowerCase()).join("\n");
  const isUsed = (table: string) => `${named}\n${parents}`.includes(table.toLowerCase());
  const statements = objects.flatMap(([type, own, table, sql]) => {
    if (!isUsed(table) && type !== "view") return [];
    const made = `${sql};`;
    return type === "table" ? [made, ...insertsOf(own)] : [made];
  });
  return `PRAGMA foreign_keys = OFF;\n${statements.join("\n")}\n`;
}

function insertsOf(table: string): string[] {
  const quoted = `"${table.replaceAll('"', '""')}"`;
  const columns = database.prepare(`SELECT name, hidden FROM pragma_table_xinfo(?)`).raw(true).all(table) as [
    string,
    bigint,
  ][];
  const names = columns.filter(([, hidden]) => hidden === 0n).map(([column]) => `"${column.replaceAll('"', '""')}"`);
  const list = names.map((column) => `quote(${column})`).join(" || ', ' || ");
  const values = database.prepare(`SELECT ${list} FROM ${quoted}`).raw(true).all() as [string][];
  return values.map(([row]) => `INSERT INTO ${quoted}(${names.join(", ")}) VALUES (${row});`);
}
