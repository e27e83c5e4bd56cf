import type { FindingCode } from "./finding-code.ts";

/** What a schema is made of, as people call it. */
export type ObjectKind =
  | "database"
  | "table"
  | "column"
  | "primary-key"
  | "unique-index"
  | "index"
  | "foreign-key"
  | "check"
  | "default"
  | "not-null"
  | "identity"
  | "generated-column"
  | "collation"
  | "on-conflict"
  | "trigger"
  | "view"
  | "virtual-table"
  | "migrations-table";

/** One object of the source's schema, and where its counterpart would be in the target. */
export interface SchemaObject {
  readonly kind: ObjectKind;
  /** Its name in the source; what it says, where it has none. */
  readonly name: string;
  /** The target's table, where it belongs to one. */
  readonly targetTable?: string;
  /** The target's columns that it is about. */
  readonly targetColumns?: readonly string[];
  /** Something else stands in its place: it is changed, not left out. */
  readonly isReplaced?: true;
}

/** One thing that the target lacks, or has with another name or meaning, or a warning that someone should read. */
export interface Notice extends SchemaObject {
  /** How the target differs from the source there. */
  readonly change: "left-out" | "renamed" | "changed" | "warning";
  /** The source's table. */
  readonly table?: string;
  /** The finding that says it. */
  readonly code: FindingCode;
  /** Why, in a sentence. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint: string;
  /** Who has let it pass; null: nobody yet. */
  readonly confirmedBy: ConfirmedBy | null;
}

/** A question at the terminal, `--yes`, `--accept CODE`, a rule in the config, or the program that uses the library. */
export type ConfirmedBy = "terminal" | "yes" | "accept" | "rule" | "program";

/** All but warnings: the target lacks the thing, or has it with another name or meaning. */
export function leftOutOnly(notices: readonly Notice[]): Notice[] {
  return notices.filter(({ change }) => change !== "warning");
}

/** Tells notices apart, over processes and whatever the sentences say. */
export function noticeKey({ change, code, kind, name, table }: Notice): string {
  return JSON.stringify([change, code, kind, table ?? "", name]);
}

/** A notice for scripts: what people need, without where its counterpart would be. */
export interface ReportedNotice {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly table?: string;
  readonly change: Notice["change"];
  readonly code: FindingCode;
  readonly reason: string;
  readonly hint: string;
  readonly confirmedBy: ConfirmedBy | null;
}

/** Both lists, as every result has them. */
export interface ReportedNotices {
  /** What is left out, renamed or changed in meaning. */
  readonly leftOut: readonly ReportedNotice[];
  readonly warnings: readonly ReportedNotice[];
}

export function reportNotices(notices: readonly Notice[]): ReportedNotices {
  const reported = ({ change, code, confirmedBy, hint, kind, name, reason, table }: Notice): ReportedNotice => ({
    kind,
    name,
    ...(table === undefined ? {} : { table }),
    change,
    code,
    reason,
    hint,
    confirmedBy,
  });
  return {
    leftOut: leftOutOnly(notices).map(reported),
    warnings: notices.filter(({ change }) => change === "warning").map(reported),
  };
}
