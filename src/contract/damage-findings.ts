import type { Damage } from "../inspect/find-damage.ts";
import type { Finding } from "../model/proposal.ts";
import { shellWord } from "../quote.ts";

/** A damaged file that can still be read: what is read of it may not be all. */
export function damageFindings(damage: Damage | null): Finding[] {
  if (damage === null) return [];
  return [
    {
      code: "SOURCE_DAMAGED",
      severity: "warning",
      table: "",
      message: `the source's file is damaged, though it can be read: SQLite's integrity_check says "${damage.verdict}"`,
      hint:
        "where an index is named, REINDEX in the source repairs it; else `sqlite3 FILE .recover` makes a new " +
        "file of what is there",
    },
    ...damage.equalKeys.map(
      ({ columns, rows, table }): Finding => ({
        code: "KEY_COLLISION",
        severity: "blocking",
        table: table.name,
        ...(columns.length === 1 ? { column: columns[0] ?? "" } : {}),
        count: rows.count,
        examples: rows.examples,
        message:
          `${rows.count} rows have a key in ${columns.join(", ")} that another row has too, ` +
          "though it is unique: the file is damaged",
        hint:
          `leave the table behind with --exclude ${shellWord(table.name)}, or give those rows keys of their own ` +
          "in the source and REINDEX there",
        rules: [{ description: "the table stays behind", rules: { tables: { [table.name]: { exclude: true } } } }],
      }),
    ),
  ];
}
