import type { Finding, Untranslated } from "../model/proposal.ts";
import type { SourceSchema } from "../model/schema.ts";
import { withoutTable } from "./table-findings.ts";

export interface Others {
  readonly untranslated: readonly Untranslated[];
  readonly findings: readonly Finding[];
}

/** Triggers, virtual tables and what SQLite itself cannot read: none has a translation, all are named. */
export function proposeOthers(schema: SourceSchema): Others {
  const untranslated: Untranslated[] = [];
  const findings: Finding[] = [];
  const add = (what: string, reason: string, sql: string, finding: Omit<Finding, "message">) => {
    untranslated.push({ what, reason, sql });
    findings.push({ ...finding, message: `${what} has no translation: ${reason}` });
  };
  for (const { name, table, sql } of schema.triggers) {
    add(`the trigger ${name}`, "its body is a program in SQLite's SQL", sql, { code: "TRIGGER_LEFT_OUT", severity: "warning", table, hint: "it stands as a comment in the migration file: write it there as PostgreSQL has it, or do without" });
  }
  for (const { name, reason, sql, type } of schema.skipped) {
    if (reason === "virtual") {
      add(`the virtual table ${name}`, "its module is SQLite's own", sql ?? "", {
        code: "VIRTUAL_TABLE",
        severity: "warning",
        table: name,
        hint: "for full text search make a GIN index on to_tsvector() of the texts' own table, for an R-tree a GiST index; rows that are only in the virtual table are not brought over",
      });
    } else if (reason === "unreadable" && type === "view") {
      add(`the view ${name}`, "SQLite itself cannot run it here: it calls functions of the application", sql ?? "", { code: "VIEW_LEFT_OUT", severity: "warning", table: name, hint: "it stands as a comment in the migration file: write it there as PostgreSQL has it, or do without" });
    } else if (reason === "unreadable") {
      add(`the table ${name}`, "its name or its columns cannot be read", sql ?? "", { code: "TABLE_UNREADABLE", severity: "blocking", table: name, hint: "rename the table in the source, or leave it behind", rules: [withoutTable(name)] });
    }
  }
  return { untranslated, findings };
}
