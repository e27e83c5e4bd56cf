import type { FindingCode } from "../model/finding-code.ts";
import type { Notice, ObjectKind, SchemaObject } from "../model/left-out.ts";
import type { Finding } from "../model/proposal.ts";
import { accepts, type Rules } from "../model/rules.ts";

/** How `full` and `cutover` report a finding. */
export type NoticeRule =
  | { readonly change: "left-out" | "renamed" | "changed"; readonly kind: ObjectKind; readonly ifWarning?: true }
  /** Only where its severity is a warning, and as one. */
  | { readonly change: "note" };

const note: NoticeRule = { change: "note" };
const leftOut = (kind: ObjectKind): NoticeRule => ({ change: "left-out", kind });
const changed = (kind: ObjectKind): NoticeRule => ({ change: "changed", kind });
const renamed: NoticeRule = { change: "renamed", kind: "column" };

/** Each code, so that a new one cannot be forgotten. */
export const NOTICE_RULES = {
  MIXED_STORAGE: note,
  TEXT_IN_BLOB: note,
  TEXT_IN_NUMBER: note,
  EMPTY_TEXT: note,
  NUL_IN_TEXT: note,
  INVALID_UTF8: note,
  VARCHAR_LENGTH_EXCEEDED: note,
  INFINITE: note,
  INVALID_BOOLEAN: note,
  NUMERIC_SCALE_EXCEEDED: note,
  DATE_AS_TEXT: note,
  DATE_AS_NUMBER: note,
  INVALID_TIME: note,
  INVALID_JSON: note,
  JSON_ESCAPES: note,
  INVALID_UUID: note,
  INVALID_INET: note,
  VALUE_NOT_CONVERTIBLE: note,
  NO_KEY: note,
  NO_ROW_IDENTITY: note,
  NULL_IN_KEY: changed("primary-key"),
  KEY_WITHOUT_DEFAULT: note,
  KEY_COLLISION: note,
  FOREIGN_KEY_VIOLATED: changed("foreign-key"),
  CHECK_VIOLATED: changed("check"),
  FOREIGN_KEY_NOCASE: changed("foreign-key"),
  FOREIGN_KEY_TYPES: leftOut("foreign-key"),
  FOREIGN_KEY_NOT_TRANSLATED: leftOut("foreign-key"),
  FOREIGN_KEY_UNCHECKED: changed("foreign-key"),
  NOCASE_UNIQUE: changed("unique-index"),
  NAME_CHANGED: renamed,
  LONG_NAME_TRUNCATED: note,
  NAME_COLLISION: renamed,
  TOO_MANY_COLUMNS: note,
  INDEX_TOO_WIDE: leftOut("index"),
  DEFAULT_NOT_TRANSLATED: leftOut("default"),
  GENERATED_AS_PLAIN: changed("generated-column"),
  CHECK_NOT_TRANSLATED: leftOut("check"),
  CHECK_BY_TYPE: note,
  CHECK_ADDED: changed("check"),
  INDEX_NOT_TRANSLATED: leftOut("index"),
  UNIQUE_NOT_TRANSLATED: leftOut("unique-index"),
  TRIGGER_NOT_TRANSLATED: leftOut("trigger"),
  VIEW_NOT_TRANSLATED: leftOut("view"),
  VIRTUAL_TABLE: leftOut("virtual-table"),
  VIRTUAL_TABLE_MOVED: changed("virtual-table"),
  TABLE_UNREADABLE: leftOut("table"),
  COLUMN_UNREADABLE: leftOut("column"),
  COLLATION_UNKNOWN: changed("collation"),
  COLLATION_CHANGED: changed("collation"),
  ON_CONFLICT_NOT_TRANSLATED: leftOut("on-conflict"),
  EXCLUDED: leftOut("table"),
  TOOL_MIGRATIONS: note,
  TOOL_MIGRATIONS_NOT_TRANSLATED: leftOut("migrations-table"),
  TARGET_TOOL_MIGRATIONS: note,
  TARGET_VERSION: note,
  TARGET_ENCODING: note,
  TARGET_STANDBY: note,
  TARGET_ROLE_NAME: note,
  TARGET_READ_ONLY: note,
  TARGET_CONNECTIONS: note,
  TARGET_LOCKS: note,
  TARGET_PRIVILEGE: note,
  TARGET_SPACE: note,
  EXTENSION_MISSING: note,
  MIGRATIONS_PENDING: note,
  TARGET_TABLE_MISSING: leftOut("table"),
  TARGET_NOT_EMPTY: note,
  SEEDED_ROWS: note,
  SEEDED_ROWS_DIFFER: note,
  TARGET_ROW_SECURITY: note,
  TARGET_TRIGGERS: note,
  TARGET_CHECKS: note,
  TARGET_CHECK_REFUSES: note,
  TARGET_COLUMN_MISSING: leftOut("column"),
  TARGET_COLUMN_REQUIRED: note,
  TARGET_GENERATED: { change: "changed", kind: "column", ifWarning: true },
  TARGET_NOT_NULL: note,
  TARGET_UNIQUE_MISSING: leftOut("unique-index"),
  TARGET_INDEX_MISSING: leftOut("index"),
  TARGET_FOREIGN_KEY_MISSING: leftOut("foreign-key"),
  TARGET_CHECK_MISSING: leftOut("check"),
  TARGET_DEFAULT_MISSING: leftOut("default"),
  TARGET_NOT_NULL_MISSING: leftOut("not-null"),
  TARGET_IDENTITY_MISSING: leftOut("identity"),
  TARGET_GENERATED_MISSING: changed("generated-column"),
  TARGET_VIEW_MISSING: leftOut("view"),
  SOURCE_JOURNAL: note,
  SOURCE_BUSY_SNAPSHOT: note,
  SOURCE_DAMAGED: note,
} satisfies Record<FindingCode, NoticeRule>;

/** All that does not come over as it is, and all warnings, in the order of the findings. */
export function noticesOf(findings: readonly Finding[], rules: Rules): Notice[] {
  return findings.flatMap((finding) => noticeOf(finding, rules) ?? []);
}

function noticeOf(finding: Finding, rules: Rules): Notice | null {
  const { code, column, hint, message, object, severity, table } = finding;
  const telling: NoticeRule = NOTICE_RULES[code];
  const confirmedBy = finding.settledBy ?? (accepts(rules, finding) ? "accept" : code === "EXCLUDED" ? "rule" : null);
  const common = { code, reason: message, hint, confirmedBy, ...(table === "" ? {} : { table }) };
  if (telling.change === "note")
    return severity === "warning" ? { ...common, change: "warning", ...placeOf(table, column) } : null;
  if (telling.ifWarning === true && severity !== "warning") return null;
  const change = object?.isReplaced === true ? "changed" : telling.change;
  return { ...common, ...(objectOfFinding(finding) ?? placeOf(table, column)), change };
}

/** What of the schema a finding is about; null where it is about values. */
export function objectOfFinding({ code, column, object, table }: Finding): SchemaObject | null {
  const telling: NoticeRule = NOTICE_RULES[code];
  if (telling.change === "note") return null;
  const kind = telling.change === "renamed" && column === undefined ? "table" : telling.kind;
  return object ?? { kind, name: column ?? table };
}

function placeOf(table: string, column: string | undefined): Pick<Notice, "kind" | "name"> {
  if (column !== undefined) return { kind: "column", name: column };
  return table === "" ? { kind: "database", name: "the target" } : { kind: "table", name: table };
}

/** Whether a finding is about the schema, not about values: it stands whatever types the target's columns have. */
export function isAboutSchema(code: FindingCode): boolean {
  return (NOTICE_RULES[code] satisfies NoticeRule).change !== "note";
}
