import { copiedColumns, type TableMapping } from "../model/mapping.ts";
import { quarantineRejectedRows, type RowToQuarantine } from "../rows/quarantine-rows.ts";
import type { Source } from "../source/source.ts";
import { copyLines } from "../target/copy-lines.ts";
import type { TargetTransaction } from "../target/target.ts";
import { copyStatement } from "./copy-statement.ts";
import type { Page } from "./page.ts";

/** Takes the pages of one transaction. */
export interface PageWriter {
  write(page: Page): Promise<void>;
  finish(): Promise<void>;
}

/**
 * Copies page by page, each in a savepoint: rows that may not pass, or that PostgreSQL refuses, go to the quarantine.
 * Where `staged` gives another COPY statement, a line begins with the row's key.
 */
export function copyRowByRow(
  source: Source,
  tx: TargetTransaction,
  place: { readonly run: string; readonly mapping: TableMapping },
  staged?: string,
): PageWriter {
  const { mapping } = place;
  const fields = copiedColumns(mapping).map((column) => column.target);
  return {
    async write(page) {
      const refused = await copyLines(tx, {
        mapping,
        statement: staged ?? copyStatement(mapping),
        text: page.data,
        fieldOf: ({ target }) => fields.indexOf(target) + (staged === undefined ? 0 : 1),
      });
      const rows: RowToQuarantine[] = (page.keys?.quarantined ?? []).map((key) => ({
        key,
        what: "row",
        rejections: [],
      }));
      for (const entry of refused) {
        const key = page.keys?.sent[entry.line];
        if (key !== undefined)
          rows.push({ key, what: entry.what, rejections: entry.what === "row" ? [entry.rejection] : entry.rejections });
      }
      await quarantineRejectedRows(source, tx, place, rows);
    },
    async finish() {},
  };
}
