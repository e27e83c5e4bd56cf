import type { SourceValue } from "../../model/source-value.ts";
import type { QueryStatement } from "../statement.ts";
import { readList } from "./literals.ts";
import { type LoggerFormat, logged, readEach, statementIn } from "./log-format.ts";

/** The logger django.db.backends: the values stand in the statement, but for what Django could not put there. */
export const DJANGO: LoggerFormat = {
  library: "Django",
  head: /(?:^|[\s:\]])\(\d+\.\d{3}\) (?=[A-Za-z\d\s"(]|$)/,
  read: readEach((record) => {
    const end = record.lastIndexOf("; args=");
    if (end === -1) return null;
    const sql = record.slice(0, end).replace(/^\d+ times: /, "");
    const values = firstRow(record.slice(end + "; args=".length).replace(/; alias=[\s\S]*$/, ""));
    if (!sql.includes("%s")) return logged(statementIn(sql), []);
    return logged(statementIn(sql.replaceAll("%s", "?").replaceAll("%%", "%")), values);
  }),
};

const VALUES = /^\[(?:generated in|cached since|no key|raw sql|caching disabled|dialect \S+|insertmanyvalues)[^\]]*\] /;

/** `echo=True`: one record has the statement, the next has what is bound. */
export const SQLALCHEMY: LoggerFormat = {
  library: "SQLAlchemy",
  head: /\bsqlalchemy\.engine\.\S+ /,
  read: (records) =>
    records.flatMap((record, index): QueryStatement[] => {
      if (VALUES.test(record)) return [];
      const next = records[index + 1] ?? "";
      const values = VALUES.test(next) ? firstRow(next.replace(VALUES, "")) : null;
      return [logged(statementIn(record), values)].filter((statement) => statement !== null);
    }),
};

/** Of executemany() the first of its rows. What the application printed may follow. */
function firstRow(text: string): readonly SourceValue[] | null {
  const list = readList(text.split("\n")[0] ?? "");
  const [first] = list ?? [];
  const row = Array.isArray(first) ? first : list;
  return row?.every((value) => !Array.isArray(value)) === true ? (row as readonly SourceValue[]) : null;
}
