import { FOLLOW_SCHEMA, type FollowSchema } from "../model/held-table.ts";
import { oneOf } from "./one-of.ts";

/** What `--follow-schema` says, where it is given. */
export function followSchemaOption(options: Readonly<Record<string, unknown>>): {
  readonly followSchema?: FollowSchema;
} {
  const given = options["followSchema"];
  return given === undefined ? {} : { followSchema: oneOf(given, FOLLOW_SCHEMA, "--follow-schema") };
}
