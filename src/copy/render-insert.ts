import { copiedColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { renderValues } from "../rows/render-values.ts";

/**
 * The rows of some lines of COPY text as one INSERT. Statements for many tables go in one message, where each COPY
 * waits for answers of its own. Null for lines that no statement can hold as they are, or for too many.
 */
export function renderInsert(mapping: TableMapping, lines: Uint8Array): string | null {
  const columns = copiedColumns(mapping).map(({ target }) => pgName(target));
  const values = renderValues(lines);
  if (values === null || columns.length === 0) return null;
  // As COPY does, also where the column is generated as identity.
  return `insert into ${pgTable(mapping.target)} (${columns.join(", ")}) overriding system value ${values}`;
}
