// Measures how many SQL statements of databases each parser accepts, how many it accepts that SQLite rejects, and how
// long it takes. Statements are all texts of sqlite_schema, and those of .sql files. Damaged copies (a token omitted,
// doubled or exchanged) are given to SQLite, too. Other parsers are loaded from the node_modules of --candidates.
// Run `npm run build` first.
//   node scripts/measure-parsers.mjs FOLDER … [--candidates DIR] [--only PARSER]
// @ts-check
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Database from "libsql";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { candidates: { type: "string" }, only: { type: "string" } },
});
const ours = await import("../dist/sqlite-sql/parse.js");
const { tokensOf } = await import("../dist/sqlite-sql/tokens.js");

/** @type {Map<string, (sql: string) => unknown>} */
const parsers = new Map([["ours", (sql) => ours.parseStatement(sql)]]);
if (values.candidates !== undefined) await addCandidates(join(values.candidates, "x.js"));

const database = new Database(":memory:");
// Scripts contain commands for other programs, too.
const statements = positionals.flatMap(statementsOf).filter((sql) => !isRefused(sql));
const damaged = statements.flatMap((sql, index) => [0, 1, 2].map((how) => damage(sql, how, index * 7919 + how)));
const refused = damaged.filter(isRefused);
console.log(
  `${statements.length} statements; ${refused.length} of ${damaged.length} damaged ones are refused by SQLite`,
);
for (const [name, parse] of [...parsers].filter(([name]) => values.only === undefined || values.only === name)) {
  const started = performance.now();
  const failed = statements.filter((sql) => !takes(parse, sql));
  const took = performance.now() - started;
  const wrong = refused.filter((sql) => takes(parse, sql));
  console.log(
    `${name.padEnd(28)} ${statements.length - failed.length} parsed, ${wrong.length} wrongly accepted, ` +
      `${took.toFixed(0)} ms`,
  );
  if (name === "ours") for (const sql of [...failed, ...wrong].slice(0, 20)) console.log(`  ${sql.slice(0, 300)}`);
}

/** @param {(sql: string) => unknown} parse @param {string} sql */
function takes(parse, sql) {
  try {
    parse(sql);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} from */
async function addCandidates(from) {
  const require = createRequire(from);
  const cst = require("sql-parser-cst");
  parsers.set("sql-parser-cst", (sql) => cst.parse(sql, { dialect: "sqlite", includeRange: true }));
  const node = new (require("node-sql-parser").Parser)();
  parsers.set("node-sql-parser", (sql) => node.astify(sql, { database: "sqlite" }));
  const appland = require("@appland/sql-parser");
  parsers.set("@appland/sql-parser", (sql) => (appland.default ?? appland)(sql));
  try {
    const rs = await import(require.resolve("@guanmingchiu/sqlparser-ts"));
    await rs.init?.();
    parsers.set("@guanmingchiu/sqlparser-ts", (sql) => rs.parse(sql, "sqlite"));
  } catch (error) {
    console.log(`@guanmingchiu/sqlparser-ts: ${String(error)}`);
  }
}

/** @param {string} folder @returns {string[]} */
function statementsOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const file = join(folder, name);
    if (!statSync(file).isFile()) return [];
    if (name.endsWith(".sql")) return split(readFileSync(file, "utf8"));
    if (!name.endsWith(".db")) return [];
    try {
      const source = new Database(`file:${file}?immutable=1`, { readonly: true });
      const rows = source.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").raw().all();
      source.close();
      return rows.map(([sql]) => String(sql));
    } catch {
      console.log(`${name} cannot be read`);
      return [];
    }
  });
}

/** A script's statements: SQLite itself says where each ends. @param {string} sql */
function split(sql) {
  const out = [];
  let waiting = "";
  for (const piece of sql.split(/(?<=;)/)) {
    waiting += piece;
    const body = waiting.replace(/--.*$/gm, "").trim();
    const isOpen = /^CREATE\s+(TEMP\w*\s+)?TRIGGER\b/i.test(body) && !/\bEND\s*;$/i.test(body);
    if (isOpen || (body.match(/'/g) ?? []).length % 2 === 1) continue;
    if (/\w/.test(body)) out.push(body.replace(/;$/, ""));
    waiting = "";
  }
  return out;
}

/** @param {string} sql @param {number} how @param {number} seed */
function damage(sql, how, seed) {
  const words = tokensOf(sql).map(({ text }) => text);
  const at = seed % words.length;
  const to = (seed * 31 + 17) % words.length;
  if (how === 0) words.splice(at, 1);
  else if (how === 1) words.splice(to, 0, words[at] ?? "");
  else [words[at], words[to]] = [words[to] ?? "", words[at] ?? ""];
  return words.join(" ");
}

/** @param {string} sql */
function isRefused(sql) {
  try {
    database.prepare(sql);
    return false;
  } catch (error) {
    return /syntax error|unrecognized token|incomplete input|unknown table option|unknown join/.test(String(error));
  }
}
