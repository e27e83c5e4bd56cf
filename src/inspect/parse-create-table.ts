import type { ConflictClause, SourceCheck } from "../model/source-schema.ts";
import {
  closing,
  identifierOf,
  isWord,
  type SqliteToken,
  splitAtCommas,
  sqliteTokens,
  textInside,
} from "./sqlite-tokens.ts";

/** What a CREATE TABLE text says that no pragma does. */
export interface CreateTableText {
  /** By column name in lower case. */
  readonly columns: ReadonlyMap<string, ColumnText>;
  readonly checks: readonly SourceCheck[];
  /** In the order of declaration. */
  readonly foreignKeys: readonly ForeignKeyText[];
  readonly conflicts: readonly ConflictClause[];
  readonly autoincrement: boolean;
  readonly withoutRowid: boolean;
  readonly strict: boolean;
}

export interface ColumnText {
  readonly collation: string | null;
  readonly generated: string | null;
}

export interface ForeignKeyText {
  readonly name: string | null;
  readonly deferred: boolean;
  readonly sql: string;
}

export function parseCreateTable(sql: string): CreateTableText {
  const tokens = sqliteTokens(sql);
  const open = tokens.findIndex((token) => token.text === "(" && token.kind === "symbol");
  const close = open === -1 ? tokens.length : closing(tokens, open);
  const body = open === -1 ? [] : tokens.slice(open + 1, close);
  const tail = tokens.slice(close + 1).filter(({ kind }) => kind === "word");
  const items = splitAtCommas(body, 1);
  const firstConstraint = items.findIndex((item) =>
    isWord(item[0], "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"),
  );
  const definitions = firstConstraint === -1 ? items : items.slice(0, firstConstraint);
  return {
    columns: new Map(definitions.map((item) => [(identifierOf(item[0]) ?? "").toLowerCase(), parseColumn(sql, item)])),
    checks: items.flatMap((item) => findChecks(sql, item)),
    foreignKeys: items.flatMap((item) => findForeignKeys(sql, item)),
    conflicts: items.flatMap((item) => findConflicts(sql, item)),
    autoincrement: body.some((token) => token.depth <= 2 && isWord(token, "AUTOINCREMENT")),
    withoutRowid: tail.some((token, index) => isWord(token, "WITHOUT") && isWord(tail[index + 1], "ROWID")),
    strict: tail.some((token) => isWord(token, "STRICT")),
  };
}

function parseColumn(sql: string, item: readonly SqliteToken[]): ColumnText {
  const collate = item.findLastIndex((token, index) => index > 0 && token.depth === 1 && isWord(token, "COLLATE"));
  const as = item.findIndex(
    (token, index) => index > 0 && token.depth === 1 && isWord(token, "AS") && item[index + 1]?.text === "(",
  );
  return {
    collation: collate === -1 ? null : identifierOf(item[collate + 1]),
    generated: as === -1 ? null : textInside(sql, item, as + 1),
  };
}

function findChecks(sql: string, item: readonly SqliteToken[]): SourceCheck[] {
  return item.flatMap((token, index) =>
    token.depth === 1 && isWord(token, "CHECK") && item[index + 1]?.text === "("
      ? [{ name: nameBefore(item, index), expression: textInside(sql, item, index + 1) }]
      : [],
  );
}

/**
 * `NOT NULL ON CONFLICT IGNORE` and its like. ABORT is what happens without one; SQLite ignores the clause of a CHECK.
 */
function findConflicts(sql: string, item: readonly SqliteToken[]): ConflictClause[] {
  return item.flatMap((token, index) => {
    const action = item[index + 2];
    if (token.depth !== 1 || !isWord(token, "ON") || !isWord(item[index + 1], "CONFLICT")) return [];
    if (action === undefined || isWord(action, "ABORT")) return [];
    const first = item.findLastIndex(
      (other, position) =>
        position < index && other.depth === 1 && isWord(other, "NOT", "NULL", "UNIQUE", "PRIMARY", "CHECK"),
    );
    const start = isWord(item[first], "NULL") && isWord(item[first - 1], "NOT") ? first - 1 : first;
    if (start < 0 || isWord(item[start], "CHECK")) return [];
    const isOfTable = start === 0 || (start === 2 && isWord(item[0], "CONSTRAINT"));
    const column = isOfTable ? null : identifierOf(item[0]);
    const constraint = sql.slice(item[start]?.start ?? 0, item[index - 1]?.end ?? 0);
    return [{ column, constraint, action: action.text.toUpperCase() }];
  });
}

/** A column's `REFERENCES …` or a table's `FOREIGN KEY (…) REFERENCES …`, up to where its clauses end. */
function findForeignKeys(sql: string, item: readonly SqliteToken[]): ForeignKeyText[] {
  return item.flatMap((token, index) => {
    if (token.depth !== 1 || !isWord(token, "REFERENCES")) return [];
    const foreign = item.findLastIndex(
      (other, position) => position < index && other.depth === 1 && isWord(other, "FOREIGN"),
    );
    const first = foreign === -1 ? index : foreign;
    const rest = item.slice(index);
    const stop = rest.findIndex(
      (other, position) =>
        position > 0 &&
        other.depth === 1 &&
        (isWord(
          other,
          "CONSTRAINT",
          "CHECK",
          "UNIQUE",
          "PRIMARY",
          "FOREIGN",
          "COLLATE",
          "REFERENCES",
          "GENERATED",
          "AS",
        ) ||
          (isWord(other, "DEFAULT") && !isWord(rest[position - 1], "SET")) ||
          (isWord(other, "NOT") && !isWord(rest[position + 1], "DEFERRABLE")) ||
          (isWord(other, "NULL") && !isWord(rest[position - 1], "SET"))),
    );
    const clauses = stop === -1 ? rest : rest.slice(0, stop);
    const initially = clauses.findIndex((other) => isWord(other, "INITIALLY"));
    const deferrable = clauses.findIndex((other) => isWord(other, "DEFERRABLE"));
    return [
      {
        name: nameBefore(item, first),
        // NOT DEFERRABLE INITIALLY DEFERRED is immediate.
        deferred:
          initially !== -1 &&
          isWord(clauses[initially + 1], "DEFERRED") &&
          deferrable !== -1 &&
          !isWord(clauses[deferrable - 1], "NOT"),
        sql: sql.slice(item[first]?.start ?? 0, clauses.at(-1)?.end ?? 0),
      },
    ];
  });
}

function nameBefore(item: readonly SqliteToken[], index: number): string | null {
  return isWord(item[index - 2], "CONSTRAINT") ? identifierOf(item[index - 1]) : null;
}
