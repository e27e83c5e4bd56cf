import type { QueryStatement } from "../statement.ts";
import { DRIZZLE, PRISMA, SEQUELIZE, TYPEORM } from "./javascript-logs.ts";
import { KNEX } from "./knex-log.ts";
import type { LoggerFormat } from "./log-format.ts";
import { DJANGO, SQLALCHEMY } from "./python-logs.ts";
import { RAILS_LOG } from "./rails-log.ts";

const FORMATS: readonly LoggerFormat[] = [DJANGO, SQLALCHEMY, RAILS_LOG, PRISMA, TYPEORM, KNEX, DRIZZLE, SEQUELIZE];

/** The statements in the log of a library; null where it is the log of none that is known. */
export function readLog(text: string): QueryStatement[] | null {
  // Without colours.
  const lines = text.replace(/\u001b\[[\d;]*m/g, "").split(/\r?\n/);
  let best: LoggerFormat | null = null;
  let most = 0;
  for (const format of FORMATS) {
    const count = lines.filter((line) => format.head.test(line)).length;
    if (count > most) [best, most] = [format, count];
  }
  return best === null ? null : best.read(recordsOf(lines, best.head));
}

/** What stands before the head is the logger's own: time, level, process. */
function recordsOf(lines: readonly string[], head: RegExp): string[] {
  const records: string[] = [];
  for (const line of lines) {
    const match = head.exec(line);
    const last = records.length - 1;
    if (match !== null) records.push(line.slice(match.index + match[0].length));
    else if (last >= 0) records[last] += `\n${line}`;
  }
  return records;
}
