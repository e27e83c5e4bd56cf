import { readList } from "./literals.ts";
import { isStatement, type LoggerFormat, logged, readEach, statementIn } from "./log-format.ts";

const BINDS = /^(.*?)\s{2}(\[\[.*\]\])\s*$/s;

/** log/development.log: the name and the time of a query, its text, and each bound value with its name. */
export const RAILS_LOG: LoggerFormat = {
  library: "Rails",
  head: new RegExp(
    "(?:^|\\s)(?:[A-Z][\\w:]* (?:[A-Z][\\w?]*(?: [A-Z]\\w*)*|Load) |TRANSACTION |SQL |SCHEMA |CACHE .*?)?" +
      "\\(\\d+\\.\\d+ms\\)\\s+",
  ),
  read: readEach((record) => {
    // The line of the application behind an arrow, and whatever else follows.
    const text = record.split(/\n\s*↳/)[0] ?? "";
    const first = text.split("\n")[0] ?? "";
    const [, sql, binds] = BINDS.exec(text) ?? BINDS.exec(first) ?? [];
    if (sql === undefined || binds === undefined || !isStatement(sql)) return logged(statementIn(text), []);
    const list = readList(binds);
    const values = list?.flatMap((pair) => (Array.isArray(pair) && pair.length === 2 ? [pair[1] ?? null] : []));
    const isKnown = values?.every((value) => !Array.isArray(value)) === true && values.length === list?.length;
    return logged(sql, isKnown ? (values as NonNullable<Parameters<typeof logged>[1]>) : null);
  }),
};
