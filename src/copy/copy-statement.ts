import { copiedColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import type { CopyFormat } from "../rows/encode/copy-format.ts";

/** The COPY statement for a table's travelling columns. */
export function copyStatement(mapping: TableMapping, format: CopyFormat = "text"): string {
  const columns = copiedColumns(mapping).map((column) => pgName(column.target));
  return (
    `copy ${pgTable(mapping.target)} (${columns.join(", ")}) from ` +
    `stdin${format === "binary" ? " with (format binary)" : ""}`
  );
}
