import type { Finding, Untranslated } from "../../model/proposal.ts";
import type { SkippedObject, SourceSchema } from "../../model/source-schema.ts";
import { shellWord } from "../../quote.ts";
import { withoutTable } from "../findings/table-findings.ts";
import { contentOf } from "./propose-virtual.ts";
import type { TablePlan } from "./table-plan.ts";

export interface Others {
  readonly untranslated: readonly Untranslated[];
  readonly findings: readonly Finding[];
}

function whyLost({ rows, search }: SkippedObject): string {
  switch (rows) {
    case "none":
      return "it is an index without rows, and what it was made from is not known";
    case "elsewhere":
      return `it searches ${search?.content ?? "a table"}, which is no table here`;
    case "left":
      return "its rows are compressed by functions of the application";
    default:
      return "its module is SQLite's own, or the application's";
  }
}

function whatToDo({ name, rows }: SkippedObject): Pick<Finding, "severity" | "hint" | "rules"> {
  if (rows !== "left")
    return {
      severity: "warning",
      hint:
        "for full text search make a GIN index on to_tsvector() of the texts' own table; " +
        "rows that only this table has are not brought over",
    };
  return {
    severity: "blocking",
    hint:
      `leave the table behind with --exclude ${shellWord(name)}, or let the application write its texts to an ` +
      "ordinary table",
    rules: [withoutTable(name)],
  };
}

/** Triggers, virtual tables and what SQLite itself cannot read: none has a translation, all are named. */
export function proposeOthers(schema: SourceSchema, plans: readonly TablePlan[]): Others {
  const untranslated: Untranslated[] = [];
  const findings: Finding[] = [];
  const add = (what: string, reason: string, sql: string, finding: Omit<Finding, "message">) => {
    untranslated.push({ what, reason, sql });
    findings.push({ ...finding, message: `${what} has no translation: ${reason}` });
  };
  for (const { name, table, sql } of schema.triggers) {
    add(`the trigger ${name}`, "its body is a program in SQLite's SQL", sql, {
      code: "TRIGGER_NOT_TRANSLATED",
      severity: "warning",
      table,
      object: { kind: "trigger", name, targetTable: plans.find(({ source }) => source.name === table)?.name ?? table },
      hint: "it stands as a comment in the migration file: write it there as PostgreSQL has it, or do without",
    });
  }
  for (const object of schema.skipped) {
    const { cause, name, reason, sql, type } = object;
    if (reason === "virtual") {
      if (contentOf(object, plans) === undefined)
        add(`the virtual table ${name}`, whyLost(object), sql ?? "", {
          code: "VIRTUAL_TABLE",
          table: name,
          ...whatToDo(object),
        });
    } else if (reason === "unreadable" && type === "view") {
      add(
        `the view ${name}`,
        `SQLite itself cannot run it here: ${cause ?? "it calls functions of the application"}`,
        sql ?? "",
        {
          code: "VIEW_NOT_TRANSLATED",
          severity: "warning",
          table: name,
          hint: "it stands as a comment in the migration file: write it there as PostgreSQL has it, or do without",
        },
      );
    } else if (reason === "unreadable") {
      add(`the table ${name}`, "its name or its columns cannot be read", sql ?? "", {
        code: "TABLE_UNREADABLE",
        severity: "blocking",
        table: name,
        hint: `leave the table behind with --exclude ${shellWord(name)}, or rename it in the source`,
        rules: [withoutTable(name)],
      });
    }
  }
  return { untranslated, findings };
}
