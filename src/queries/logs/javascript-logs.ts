import type { SourceValue } from "../../model/source-value.ts";
import type { QueryStatement } from "../statement.ts";
import { readValues } from "./literals.ts";
import { type LoggerFormat, logged, readEach, statementIn } from "./log-format.ts";

/** `logger: true`. */
export const DRIZZLE: LoggerFormat = {
  library: "Drizzle",
  head: /(?:^|\s)Query: /,
  read: readEach((record) => withTail(record, /^(.*?) -- params: (\[.*\])$/s)),
};

/** `logging: true`, and the same in ormlogs.log. */
export const TYPEORM: LoggerFormat = {
  library: "TypeORM",
  head: /(?:^|\s)query: |\[QUERY\]: |\btypeorm:query:log /,
  read: readEach((record) => withTail(record.replace(/ \+\d+m?s$/, ""), /^(.*?) -- PARAMETERS: (\[.*\])$/s)),
};

/** DEBUG=prisma:query, and what `log: ['query']` prints: never with what is bound. */
export const PRISMA: LoggerFormat = {
  library: "Prisma",
  head: /prisma:(?:client:)?query /,
  read: readEach((record) => {
    const sql = statementIn(record.replace(/ \+\d+m?s$/, ""));
    return sql === null ? null : logged(sql, sql.includes("?") ? null : []);
  }),
};

/** `logging: true`; with logQueryParameters what is bound follows. */
export const SEQUELIZE: LoggerFormat = {
  library: "Sequelize",
  head: /(?:^|\s)Execut(?:ing|ed) \([\w-]+\): /,
  read: readEach((record) => {
    const text = record.replace(/\s+Elapsed time: \d+ms\s*$/, "").trim();
    const [, own, bound = ""] = /^(.*?);? (\{.*\}|\[.*\]|(?:"|-?\d|null|true|false).*)$/s.exec(text) ?? [];
    const named = own === undefined ? null : namedValues(bound);
    if (own !== undefined && named !== null && /[$?]/.test(own)) {
      const sql = statementIn(own);
      if (sql !== null) return logged(sql, named);
    }
    const sql = statementIn(text);
    return sql === null ? null : logged(sql, /\$\d|\?/.test(sql) ? null : []);
  }),
};

/** `{"$1":"a","$2":1}`, or the values one after the other. */
function namedValues(text: string): readonly SourceValue[] | null {
  if (!text.startsWith("{")) return readValues(text.startsWith("[") ? text : `[${text}]`);
  const inner = text.slice(1, -1);
  return readValues(`[${inner.replace(/(^|,)\s*"\$?\w+"\s*:/g, "$1")}]`);
}

/** The statement with what is bound behind it; both may go over several lines. */
function withTail(record: string, tail: RegExp): QueryStatement | null {
  const lines = record.split("\n");
  for (let count = 1; count <= lines.length; count++) {
    const match = tail.exec(lines.slice(0, count).join("\n").trimEnd());
    if (match !== null) return logged(statementIn(match[1] ?? ""), readValues(withBytes(match[2] ?? "")));
  }
  const sql = statementIn(record);
  return logged(sql, []);
}

/** A Buffer as JSON, as the bytes that it stands for. */
function withBytes(text: string): string {
  return text.replace(/\{"type":"Buffer","data":\[([\d,]*)\]\}/g, (_, bytes: string) => {
    const hex = Buffer.from(bytes === "" ? [] : bytes.split(",").map(Number)).toString("hex");
    return `b"${hex.replace(/../g, "\\x$&")}"`;
  });
}
