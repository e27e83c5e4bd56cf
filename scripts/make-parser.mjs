// Generates the parser's tables from its grammar, by the rules of Lemon, SQLite's own parser generator: LALR(1),
// conflicts resolved by precedence, keywords that fall back to names, one default action a state. Only with the same
// rules are the same texts accepted.
//   node scripts/make-parser.mjs [--check]
// @ts-check
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildTables } from "./make-parser/lalr.mjs";
import { readGrammar } from "./make-parser/read-grammar.mjs";
import { renderTables } from "./make-parser/render-tables.mjs";

const GRAMMAR = fileURLToPath(new URL("../src/sqlite-sql/sqlite.grammar", import.meta.url));
const TABLES = fileURLToPath(new URL("../src/sqlite-sql/tables.ts", import.meta.url));

const grammar = readGrammar(readFileSync(GRAMMAR, "utf8"));
const tables = buildTables(grammar);
if (tables.conflicts.length > 0) {
  console.error(`the grammar is ambiguous:\n${tables.conflicts.join("\n")}`);
  process.exit(1);
}
const rendered = renderTables(grammar, tables);
if (process.argv.includes("--check")) {
  if (readFileSync(TABLES, "utf8") === rendered) process.exit(0);
  console.error("src/sqlite-sql/tables.ts is not what sqlite.grammar says: run `node scripts/make-parser.mjs`");
  process.exit(1);
}
writeFileSync(TABLES, rendered);
