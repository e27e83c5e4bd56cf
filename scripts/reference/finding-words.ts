import type { FindingCode } from "../../src/model/finding-code.ts";

/** How bad, what was found and what becomes of it, and the rules that answer it. */
type FindingWords = readonly [severity: string, meaning: string, rules?: string];

/** What docs/reference/findings.md says of each code. A code without words does not compile. */
export const FINDING_WORDS = {
  // Values
  MIXED_STORAGE: [
    "blocking, warning",
    "Values of several storage classes in one column. Numbers and texts become text, " +
      "texts and blobs become bytea: a warning. Numbers *and* blobs have no common type: it blocks.",
    "a `type` with `onBadValue`; an `expression` that makes bytes of all",
  ],
  TEXT_IN_BLOB: [
    "warning",
    "A column declared BLOB holds texts and blobs: it becomes bytea, texts as their bytes.",
    '`type: "text"` with an `expression` that reads the blobs as text',
  ],
  TEXT_IN_NUMBER: ["warning", "A column declared as numbers holds texts only: it becomes text."],
  EMPTY_TEXT: [
    "warning",
    "The empty text stands where another type would hold all other values: the column becomes text.",
    '`type` with `nullAndEmpty: "empty-to-null"`',
  ],
  NUL_IN_TEXT: [
    "blocking, warning",
    "Texts with a NUL byte, which PostgreSQL's text cannot hold: the column becomes bytea. " +
      "It blocks where the column holds numbers, too.",
    '`type: "text"` with an `expression` that takes the NULs out or ends the text there, or with `onBadValue`',
  ],
  INVALID_UTF8: [
    "blocking, warning",
    "Texts that are not valid UTF-8 (in a UTF-16 database: with half a surrogate pair): as above.",
    '`type: "text"` with `onBadValue`; `type: "bytea"`',
  ],
  VARCHAR_LENGTH_EXCEEDED: [
    "info",
    "Texts longer than the declared VARCHAR(n), which SQLite does not heed: the column becomes text.",
    '`type: "varchar(n)"` with `onBadValue`',
  ],
  INFINITE: [
    "info",
    "+Infinity or -Infinity, which `double precision` and (from PostgreSQL 14 on) `numeric` hold as well.",
  ],
  INVALID_BOOLEAN: [
    "warning",
    "A column declared BOOLEAN holds more than 0 and 1: it becomes bigint or text.",
    '`type: "boolean"` with an `expression` that says what the others mean, or with `onBadValue`',
  ],
  NUMERIC_SCALE_EXCEEDED: [
    "warning",
    "Numbers with more digits than the declared DECIMAL(p,s): the column becomes numeric without limits.",
    "`type` with an `expression` that rounds, or with `onBadValue`",
  ],
  DATE_AS_TEXT: [
    "info",
    "A column declared as a date holds values of several forms, or some that are no date of ISO 8601 " +
      "(`0000-00-00`, 30 February, a ninth decimal, `1/10/1997`): it stays text. The message counts each form.",
    "`type` with an `expression` that brings the forms together, or with `onBadValue`",
  ],
  DATE_AS_NUMBER: [
    "info, blocking",
    "A column declared as a date holds numbers: seconds, milliseconds or microseconds since 1970, " +
      "Julian days, dates in digits, or a count from another epoch (Core Data, WebKit, FILETIME, " +
      ".NET ticks, HFS, NTP, GPS, OLE). It stays a number. With `--types enhanced` it becomes `timestamptz` " +
      "where it surely counts from 1970: in the years 2000 to 2049, and not far from the database's other " +
      "dates. That mode also asks about integers that only their name makes dates of. " +
      "It blocks for a timestamp column that someone else made, where another count is likelier.",
    '`type: "timestamptz"`, or a `type` and the `expression` that reads the numbers, for each possible way of counting',
  ],
  INVALID_TIME: [
    "info",
    "A column declared TIME holds values that are no HH:MM:SS: it stays text.",
    '`type: "time"` with `onBadValue`',
  ],
  INVALID_JSON: [
    "info",
    "A few values are not valid JSON where JSON is declared, or (with `--types enhanced`) where nearly all " +
      "others are: it stays text.",
    '`type: "jsonb"` with `onBadValue`',
  ],
  JSON_ESCAPES: [
    "info",
    "JSON with `\\u0000` or half a surrogate pair as an escape, which `jsonb` refuses: it stays text.",
    '`type: "json"`; `type: "jsonb"` with `onBadValue`',
  ],
  INVALID_UUID: ["info", "A few values are no UUIDs, as above.", '`type: "uuid"` with `onBadValue`'],
  INVALID_INET: ["info", "A few values are no IP addresses, as above.", '`type: "inet"` with `onBadValue`'],
  VALUE_NOT_CONVERTIBLE: [
    "blocking, warning",
    "Values that the column's type, chosen by a rule, does not hold. A warning where `onBadValue` says what " +
      "becomes of them.",
    "`onBadValue`; another `type`",
  ],
  // Keys and references
  KEY_WITHOUT_DEFAULT: [
    "info",
    "`INT PRIMARY KEY`, which SQLite does not number as `INTEGER PRIMARY KEY`: " +
      "a row without a key gets NULL there, and PostgreSQL refuses it.",
  ],
  NO_KEY: [
    "info",
    "A table without a key that is never NULL: its rows are identified by SQLite's rowid, " +
      "in a column that the cutover drops.",
  ],
  NO_ROW_IDENTITY: [
    "blocking",
    "Nothing identifies the rows of a table: columns named rowid, oid and \\_rowid\\_ hide the rowid, " +
      "or its key has a collation of the application's own.",
    "`exclude` the table",
  ],
  NULL_IN_KEY: ["warning", "A primary key holds NULLs, which SQLite allows: it becomes UNIQUE."],
  KEY_COLLISION: [
    "blocking",
    "Keys that differ in SQLite and would be one in PostgreSQL: 1 and `'1'` as text, " +
      "`'a'` and x'61' as bytes, two spellings of one UUID.",
    "`exclude` the table",
  ],
  FOREIGN_KEY_VIOLATED: ["warning", "Rows that break a foreign key: it is added NOT VALID, for new rows only."],
  CHECK_VIOLATED: [
    "warning",
    "Rows that break a CHECK of their table, which SQLite lets in under `ignore_check_constraints`. " +
      "The CHECK is added `NOT VALID`, and deferred until the cutover.",
  ],
  FOREIGN_KEY_NOCASE: [
    "warning",
    "A foreign key that SQLite follows without regard to case, which PostgreSQL does not: it is added NOT VALID.",
  ],
  FOREIGN_KEY_UNCHECKED: [
    "warning",
    "A foreign key that compares by a collation of the application's own, " +
      "so that nobody can tell whether it holds: it is added NOT VALID.",
  ],
  FOREIGN_KEY_TYPES: ["warning", "The two ends of a foreign key need different types: it is left out."],
  FOREIGN_KEY_NOT_TRANSLATED: [
    "warning",
    "A foreign key that means nothing: to a table or column that does not exist, or to one that is not unique.",
  ],
  NOCASE_UNIQUE: ["info", "A unique index without regard to case: it becomes one on `lower()`."],
  // Names and sizes
  NAME_CHANGED: [
    "warning, info",
    "A name that PostgreSQL does not take: its own, taken, or longer than 63 bytes and cut to the same as another.",
    "`name`",
  ],
  LONG_NAME_TRUNCATED: [
    "info",
    "A name longer than 63 bytes is cut as PostgreSQL cuts it in queries: queries with the whole name go on working.",
  ],
  NAME_COLLISION: [
    "warning",
    "With `--names snake_case`: a name that folds to one that is taken, or that PostgreSQL does not take: " +
      "it gets a number.",
    "`name`",
  ],
  TOO_MANY_COLUMNS: ["blocking", "More than 1,600 columns.", "`exclude` the table or columns of it"],
  INDEX_TOO_WIDE: [
    "warning",
    "An index over values that are too long for one of PostgreSQL. A unique one or a primary key is kept by " +
      "hashes, `md5(x)`; another is left out.",
  ],
  // What has no translation, or cannot be read
  DEFAULT_NOT_TRANSLATED: [
    "warning",
    "A default without a sure translation: a comment in the migration file.",
    "`default`",
  ],
  GENERATED_AS_PLAIN: [
    "warning",
    "A generated column without a sure translation: it becomes a plain one, which receives the values.",
  ],
  CHECK_NOT_TRANSLATED: ["warning", "A CHECK without a sure translation: a comment in the migration file."],
  CHECK_ADDED: [
    "warning",
    "A column of dates or UUIDs that PostgreSQL holds as text, and in which SQLite would make a number of what " +
      "looks like one. Views, CHECKs or indexes mean the same for texts alone, so a CHECK keeps numbers out.",
  ],
  CHECK_BY_TYPE: ["info", "A CHECK that holds for every value of the column's type in PostgreSQL: it is not repeated."],
  INDEX_NOT_TRANSLATED: ["warning", "An index without a sure translation: a comment in the migration file."],
  UNIQUE_NOT_TRANSLATED: [
    "blocking",
    "A UNIQUE index or constraint without a sure translation: duplicates would get in after the cutover. " +
      "`--accept` lets it pass.",
  ],
  TRIGGER_NOT_TRANSLATED: ["warning", "A trigger: a comment in the migration file."],
  VIEW_NOT_TRANSLATED: [
    "warning",
    "A view without a sure translation, that SQLite itself cannot run without the application, " +
      "or that PostgreSQL refuses: a comment in the migration file.",
  ],
  VIRTUAL_TABLE: [
    "blocking, warning",
    "A virtual table that has no table and index in PostgreSQL: its module is unknown, " +
      "or it is an index without rows. A comment in the migration file; it blocks where its rows are compressed " +
      "by functions of the application.",
    "`exclude` the table, where it blocks",
  ],
  VIRTUAL_TABLE_MOVED: [
    "info",
    "The rows of a full text or R-Tree table become an ordinary table, its search a GIN or GiST index.",
  ],
  TABLE_UNREADABLE: [
    "blocking",
    "A table that SQLite cannot read here: its name is no text, or it is WITHOUT ROWID and its key has a " +
      "collation of the application's own.",
    "`exclude` the table",
  ],
  COLUMN_UNREADABLE: [
    "blocking",
    "A generated column whose expression calls a function of the application. Nothing is stored in it.",
    "`exclude` the column",
  ],
  COLLATION_CHANGED: [
    "warning",
    "A text column declared NOCASE or RTRIM, without a unique index that is reported by `NOCASE_UNIQUE`: " +
      "texts that are equal in SQLite differ in PostgreSQL, in comparisons and sorts.",
  ],
  ON_CONFLICT_NOT_TRANSLATED: [
    "warning",
    "`ON CONFLICT IGNORE`, `REPLACE`, `FAIL` or `ROLLBACK` in a constraint: PostgreSQL has it in statements only.",
  ],
  EXCLUDED: [
    "info",
    "A table or column that `exclude` or `--exclude` leaves behind, and each key and index that cannot be " +
      "without the column.",
  ],
  COLLATION_UNKNOWN: [
    "warning",
    "A collation that exists only in the application's process: values compare byte by byte here and in PostgreSQL.",
  ],
  // Migrations that another tool owns
  TOOL_MIGRATIONS: [
    "info",
    "A table of the source in which such a tool notes its migrations. Its rows come over, " +
      "so that the target is at the same version; or the target has the tool's own, at the same version.",
    "`exclude: true` leaves it behind",
  ],
  TOOL_MIGRATIONS_NOT_TRANSLATED: [
    "warning",
    "The target has such a table of its own, with rows, which stays as it is. " +
      "The message says which version each side is at, where the table says so.",
  ],
  TARGET_TOOL_MIGRATIONS: [
    "info",
    "Such a table in the target: its tables are the tool's to change. Nothing of it is touched.",
  ],
  // The source's file
  SOURCE_BUSY_SNAPSHOT: [
    "info",
    "A noticed ORM's transactions may read before they write: with any other writer, SQLite refuses some of " +
      "them at once.",
  ],
  SOURCE_JOURNAL: [
    "info",
    "The file is not in WAL mode: a reader and a committing writer shut each other out. It works, slower.",
    "`--source-journal wal` switches",
  ],
  SOURCE_DAMAGED: [
    "warning",
    "The file can be read, and SQLite's `integrity_check` finds fault with it. " +
      "`validate` runs it for files of up to 512 MB (64 MB next to a rollback journal). " +
      "Equal keys under a unique index are named as `KEY_COLLISION`.",
  ],
  // The target's side
  TARGET_VERSION: ["blocking", "PostgreSQL older than 14."],
  TARGET_ENCODING: ["blocking", "A database that is not UTF8."],
  TARGET_STANDBY: [
    "blocking",
    "Commits wait for a synchronous standby, and none is connected: nothing that is written would be confirmed.",
  ],
  TARGET_ROLE_NAME: [
    "warning",
    'The role is named `changeover`, like the schema of the run\'s state: `"$user"` in its search_path means ' +
      "that schema, so an application's tables would lie there.",
    "`ALTER ROLE changeover SET search_path = public`",
  ],
  TARGET_READ_ONLY: ["blocking", "The target takes no writes: a standby, or `default_transaction_read_only`."],
  TARGET_CONNECTIONS: [
    "warning, blocking",
    "The role can open fewer connections than a run uses: 12, or 5 with `--jobs 1`. Fewer than 5 block.",
  ],
  TARGET_LOCKS: ["warning", "A cutover needs more locks than half of what the server has room for."],
  TARGET_PRIVILEGE: [
    "blocking",
    "The role may not create the schema `changeover` or the tables, or does not own tables that are there.",
  ],
  TARGET_SPACE: ["info", "How much space the data will need; what is free there, SQL cannot say."],
  EXTENSION_MISSING: ["blocking", "An extension that the migration files ask for and the server does not have."],
  MIGRATIONS_PENDING: ["info", "Migration files that are not applied yet."],
  TARGET_TABLE_MISSING: [
    "blocking",
    "All migrations are applied, and a table of the source has none in the target.",
    "`exclude` the table",
  ],
  TARGET_NOT_EMPTY: ["blocking", "A table that holds rows before any run.", "`seeded`"],
  SEEDED_ROWS: ["info", "Rows that the target's table holds are replaced when the run begins, by the rule `seeded`."],
  SEEDED_ROWS_DIFFER: [
    "blocking",
    "By the rule `seeded: merge`: rows of the target that the source does not have, or has otherwise.",
    "`seeded: truncate`",
  ],
  TARGET_ROW_SECURITY: ["warning", "Row security is on: a policy may hide or refuse rows."],
  TARGET_TRIGGERS: ["info", "Triggers that rest until the cutover."],
  TARGET_CHECKS: ["info", "CHECKs that each row must pass when it comes.", "`onBadValue`"],
  TARGET_CHECK_REFUSES: [
    "blocking, warning",
    "Rows of the source break a CHECK of a table that someone else made: PostgreSQL is asked with the rows themselves.",
    '`onBadValue: "quarantine"` for the table',
  ],
  TARGET_COLUMN_MISSING: ["blocking", "A column of the source without one in the target.", "`exclude`"],
  TARGET_COLUMN_REQUIRED: [
    "blocking",
    "A NOT NULL column of the target without a default, which the source does not have.",
  ],
  TARGET_GENERATED: [
    "warning, info",
    "A column that the target computes itself: the source's values are not sent, nor compared. " +
      "A warning where the source does not compute it.",
  ],
  TARGET_NOT_NULL: [
    "blocking, warning",
    "NULLs in the source for a NOT NULL column of the target.",
    "`nullAndEmpty`, `onBadValue`",
  ],
  TARGET_UNIQUE_MISSING: ["warning", "A primary key or a unique index: duplicates get in."],
  TARGET_INDEX_MISSING: ["warning", "An index."],
  TARGET_FOREIGN_KEY_MISSING: ["warning", "A foreign key."],
  TARGET_CHECK_MISSING: ["warning", "A CHECK over those columns."],
  TARGET_DEFAULT_MISSING: ["warning", "A default."],
  TARGET_NOT_NULL_MISSING: ["warning", "NOT NULL."],
  TARGET_IDENTITY_MISSING: [
    "warning",
    "An identity, sequence or default for an `INTEGER PRIMARY KEY`: a row without an id fails.",
  ],
  TARGET_GENERATED_MISSING: [
    "warning",
    "A generated column: there it is a plain one, which nothing computes after the cutover.",
  ],
  TARGET_VIEW_MISSING: ["warning", "A view that has a translation."],
} as const satisfies Readonly<Record<FindingCode, FindingWords>>;
