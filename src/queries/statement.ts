import type { SourceValue } from "../model/source-value.ts";
import type { ParameterClass } from "./parameters.ts";

/** A statement of the application, as it was recorded or written down. */
export interface QueryStatement {
  /** Its text, in SQLite's SQL. */
  readonly sql: string;
  /** What was bound, by position; null where values were not recorded. */
  readonly parameters?: readonly SourceValue[] | undefined;
  /** Of what was bound, by position. */
  readonly parameterTypes?: readonly ParameterClass[] | undefined;
  /** How often it ran. */
  readonly count?: number | undefined;
  /** Where in the application it was sent. */
  readonly site?: string | undefined;
}

/** Of a value that is bound. */
export function classOf(value: SourceValue): ParameterClass {
  if (value === null) return "null";
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return "real";
  return typeof value === "string" ? "text" : "blob";
}
