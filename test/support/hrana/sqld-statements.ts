import { type Token, tokensOf } from "../../../src/sqlite-sql/tokens.ts";
import { StatementError } from "./hrana-values.ts";

/** What sqld makes of a statement before it runs it: libsql-server/src/query_analysis.rs. */
export interface SqldStatement {
  readonly sql: string;
  /** Takes the write lock where the connection does not have it. */
  readonly writes: boolean;
  readonly ends: boolean;
}

const FREE_PRAGMAS = new Set(
  (
    "table_list index_list table_info table_xinfo index_xinfo index_info pragma_list compile_options database_list " +
    "function_list module_list encoding defer_foreign_keys foreign_keys foreign_key_list foreign_key_check " +
    "collation_list data_version freelist_count integrity_check legacy_file_format page_count quick_check stats " +
    "user_version"
  ).split(" "),
);
const READ_ONLY_PRAGMAS = new Set(
  (
    "analysis_limit application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill cell_size_check " +
    "checkpoint_fullfsync fullfsync hard_heap_limit journal_mode journal_size_limit legacy_alter_table locking_mode " +
    "max_page_count mmap_size page_size query_only read_uncommitted recursive_triggers reverse_unordered_selects " +
    "schema_version secure_delete soft_heap_limit synchronous temp_store threads trusted_schema wal_autocheckpoint"
  ).split(" "),
);
const KNOWN = new Set(
  (
    "EXPLAIN BEGIN COMMIT END ROLLBACK CREATE INSERT REPLACE UPDATE DELETE DROP ALTER SELECT WITH VALUES PRAGMA " +
    "SAVEPOINT RELEASE"
  ).split(" "),
);
const WRITES = /^(CREATE|INSERT|REPLACE|UPDATE|DELETE|DROP|ALTER)$/;

/** The statements of a text, each as sqld takes it; throws for one that it does not support. */
export function sqldStatements(text: string): SqldStatement[] {
  return split(text).map((tokens) => analysed(tokens, text.slice(tokens[0]?.start, tokens.at(-1)?.end)));
}

function split(text: string): Token[][] {
  const statements: Token[][] = [];
  let present: Token[] = [];
  for (const token of tokensOf(text)) {
    if (token.text !== ";") present.push(token);
    else if (isOpenTrigger(present)) present.push(token);
    else if (present.length > 0) {
      statements.push(present);
      present = [];
    }
  }
  return present.length > 0 ? [...statements, present] : statements;
}

/** A trigger's body has semicolons of its own, and ends with one and END. */
function isOpenTrigger(tokens: readonly Token[]): boolean {
  const words = tokens.slice(0, 6).map(({ text }) => text.toUpperCase());
  const create = words.indexOf("CREATE");
  if (create === -1 || create > 3 || !words.slice(create, create + 3).includes("TRIGGER")) return false;
  return !(tokens.at(-1)?.text.toUpperCase() === "END" && tokens.at(-2)?.text === ";");
}

function analysed(tokens: readonly Token[], sql: string): SqldStatement {
  const words = tokens.map(({ text }) => text.toUpperCase());
  const [first = "", second = ""] = words;
  const unsupported = () =>
    new StatementError("SQL_PARSE_ERROR", `SQL string could not be parsed: unsupported statement: ${sql}`);
  if (!KNOWN.has(first) || (first === "CREATE" && /^TEMP(ORARY)?$/.test(second))) throw unsupported();
  if (first === "PRAGMA") {
    const name = second.toLowerCase();
    if (!FREE_PRAGMAS.has(name) && !(READ_ONLY_PRAGMAS.has(name) && words.length === 2)) throw unsupported();
  }
  const isTrigger = first === "CREATE" && words.slice(1, 3).includes("TRIGGER");
  const isImmediate = first === "BEGIN" && /^(IMMEDIATE|EXCLUSIVE)$/.test(second);
  const withWrite = first === "WITH" && words.some((word) => /^(INSERT|UPDATE|DELETE|REPLACE)$/.test(word));
  return {
    // sqld runs what its parser writes, and not what it was given: a trigger's text is not as it was sent.
    sql: isTrigger ? tokens.map(({ text }) => text).join(" ") : sql,
    writes: isImmediate || withWrite || WRITES.test(first),
    ends: /^(COMMIT|END|ROLLBACK)$/.test(first) && second !== "TO",
  };
}
