import type { SourceIndex } from "../../model/source-schema.ts";
import { cut } from "../names/choose-names.ts";
import { indexObject, type TablePlan } from "./table-plan.ts";

/** The finding that an index gets another name in PostgreSQL. */
export function renamedIndex(plan: TablePlan, index: SourceIndex, name: string): TablePlan["findings"][number] {
  return {
    code: name === cut(plan.fold(index.name)) ? "LONG_NAME_TRUNCATED" : "NAME_CHANGED",
    severity: "info",
    table: plan.source.name,
    object: indexObject(plan, index),
    message: `PostgreSQL does not take the name of the index ${index.name}: it becomes ${name}`,
    hint: "nothing to do: queries do not name indexes",
  };
}
