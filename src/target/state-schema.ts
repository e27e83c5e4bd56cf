import { ownSessionValue } from "../model/target-fence.ts";
import { pgName, pgString } from "../quote.ts";
import { sql } from "../sql.ts";

/** The schema in which the state of a run is, unless `--state-schema` names another. */
export const DEFAULT_STATE_SCHEMA = "changeover";

/** A connection that knows in which schema the state of its run is. */
export interface InState {
  /** Its name, unquoted. */
  readonly stateSchema: string;
  /** The schema of the user's tables that the connection was told; null or absent: the first of search_path. */
  readonly schema?: string | null;
}

/** Names are limited, so that every run recognises the state of the others, and nobody's tables are taken for it. */
const STATE_SCHEMA = /^changeover(_[A-Za-z0-9_-]+)?$/;
const MAX_NAME_BYTES = 63;

export function isStateSchemaName(name: string): boolean {
  return STATE_SCHEMA.test(name) && name.length <= MAX_NAME_BYTES;
}

/** The state schema as an identifier for SQL. */
export function stateOf({ stateSchema }: Pick<InState, "stateSchema">): string {
  return stateSchema === DEFAULT_STATE_SCHEMA ? DEFAULT_STATE_SCHEMA : pgName(stateSchema);
}

/** The name of an object in the state schema as a literal: for `to_regclass` and its kind. */
export function inState(connection: Pick<InState, "stateSchema">, object: string): string {
  return pgString(`${stateOf(connection)}.${object}`);
}

const rendered = new Map<string, string>();
const MAX_RENDERED = 2_000;

/**
 * The text of `sql/<name>.sql` for this connection. The files are written for a run whose state lies in the schema
 * `changeover`. For another one that name is replaced, and what looks at all schemas looks at the run's own schema.
 */
export function stateSql(connection: InState, name: string): string {
  if (connection.stateSchema === DEFAULT_STATE_SCHEMA) return sql(name);
  const key = JSON.stringify([connection.stateSchema, connection.schema ?? null, name]);
  let text = rendered.get(key);
  if (text === undefined) {
    if (rendered.size >= MAX_RENDERED) rendered.clear();
    text = renderForState(sql(name), connection);
    rendered.set(key, text);
  }
  return text;
}

export function renderForState(text: string, { schema = null, stateSchema }: InState): string {
  const state = stateOf({ stateSchema });
  const scoped = schema === null ? text : text.replace(EVERY_SCHEMA, () => `= ${pgString(schema)}`);
  return scoped
    .replace(/(?<=set changeover\.session = )'own'/, () => pgString(ownSessionValue(stateSchema)))
    .replace(/'changeover\.(\w+(?:\(\))?)'/g, (_, object: string) => pgString(`${state}.${object}`))
    .replace(/to_regnamespace\('changeover'\)/g, () => `to_regnamespace(${pgString(state)})`)
    .replace(/current_user = 'changeover'/g, () => `current_user in ('changeover', ${pgString(stateSchema)})`)
    .replace(/(?<!in \()'changeover'/g, () => pgString(stateSchema))
    .replace(/(?<![\w$'"\\])changeover\.(?!session\b)/g, () => `${state}.`);
}

/** How the files leave out the system's schemas and the states of runs. */
const EVERY_SCHEMA = /!~\s+'\^\(pg_\|changeover\(_\|\$\)\|information_schema\$\)'/g;
