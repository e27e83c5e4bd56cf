import { statSync } from "node:fs";
import { version } from "../version.ts";
import { type FleetStatements, prepareFleet } from "./fleet-database.ts";
import { commonDigest, describeOdd, type ReadSchemaText, readSchemaText, type SchemaText } from "./schema-groups.ts";
import type { ListedSource } from "./source-list.ts";
import { refuseSameNames, schemasOf, tenantNameOf } from "./tenant-names.ts";
import { assignWaves, type WaveSizes } from "./waves.ts";

export interface FleetPlanOptions {
  readonly sources: readonly ListedSource[];
  readonly namePattern: RegExp | null;
  /** The name of a tenant's schema, with `{tenant}` in it. */
  readonly tenantSchema: string;
  readonly waves: WaveSizes;
  readonly authToken?: string;
  /** Called after each source that was read. */
  readonly onRead: (done: number, total: number) => void;
}

export interface PlannedTenant extends ListedSource {
  readonly name: string;
  readonly schema: string;
  readonly stateSchema: string;
  readonly bytes: number | null;
  readonly wave: number;
  readonly digest: string | null;
  readonly odd: readonly string[] | null;
}

export interface FleetPlan {
  readonly tenants: readonly PlannedTenant[];
  /** The largest of those that are alike: the plan for all is made from it; null: none can be read. */
  readonly representative: PlannedTenant | null;
}

const READ_AT_ONCE = 8;

/** Looks at all sources: which are alike, which are odd, and in what order they go. Writes nothing. */
export async function planFleet(options: FleetPlanOptions): Promise<FleetPlan> {
  const named = options.sources.map((listed) => {
    const name = listed.name ?? tenantNameOf(listed.source, options.namePattern);
    const schemas = schemasOf(name, options.tenantSchema);
    return { ...listed, name, ...schemas, schema: listed.schema ?? schemas.schema, bytes: bytesOf(listed.source) };
  });
  refuseSameNames(named);
  const read = await readAll(named, options);
  const common = commonDigest(read.flatMap((one) => (one.kind === "read" ? [one.digest] : [])));
  const model = read.find((one) => one.kind === "read" && one.digest === common);
  const objects: SchemaText = model?.kind === "read" ? model.objects : new Map();
  const judged = named.map((tenant, index) => {
    const one = read[index];
    return {
      ...tenant,
      digest: one?.kind === "read" ? one.digest : null,
      odd: one === undefined ? null : oddness(one, objects, common),
    };
  });
  const tenants = assignWaves(judged, options.waves);
  const alike = tenants.filter(({ odd }) => odd === null);
  const representative = alike.reduce<PlannedTenant | null>(
    (best, tenant) => (best === null || (tenant.bytes ?? 0) > (best.bytes ?? 0) ? tenant : best),
    null,
  );
  return { tenants, representative };
}

function oddness(one: ReadSchemaText, common: SchemaText, digest: string | null): readonly string[] | null {
  if (one.kind === "unreadable") return [one.why];
  return one.digest === digest ? null : describeOdd(common, one.objects);
}

async function readAll(
  sources: readonly ListedSource[],
  { authToken, onRead }: FleetPlanOptions,
): Promise<ReadSchemaText[]> {
  const read: ReadSchemaText[] = new Array(sources.length);
  let [next, done] = [0, 0];
  const worker = async () => {
    for (let index = next++; index < sources.length; index = next++) {
      read[index] = await readSchemaText(sources[index]?.source ?? "", authToken);
      onRead(++done, sources.length);
    }
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, worker));
  return read;
}

function bytesOf(source: string): number | null {
  if (/^(libsql|https?|wss?):/.test(source)) return null;
  const path = source.replace(/^file:/, "");
  // What is not checkpointed yet counts as well.
  const sizes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? null);
  return sizes[0] == null ? null : sizes[0] + (sizes[1] ?? 0);
}

export interface FleetLimits {
  readonly maxFailures: number;
  readonly targetConcurrency: number;
}

/** Records the plan. Tenants that have begun keep what they have; those that were never begun are planned again. */
export async function savePlan(
  database: FleetStatements & { readonly url: string },
  { tenants }: FleetPlan,
  limits: FleetLimits,
): Promise<void> {
  await prepareFleet(database.url);
  await database.rows(
    `insert into changeover_fleet.fleet (max_failures, target_concurrency, version) values ($1, $2, $3)
     on conflict (id) do update set max_failures = excluded.max_failures,
       target_concurrency = excluded.target_concurrency, version = excluded.version, planned_at = clock_timestamp()`,
    [limits.maxFailures, limits.targetConcurrency, version()],
  );
  await database.rows(
    `insert into changeover_fleet.tenant (name, source, host, schema, state_schema, wave, digest, bytes, odd)
     select j ->> 'name', j ->> 'source', j ->> 'host', j ->> 'schema', j ->> 'stateSchema', (j ->> 'wave')::int,
       j ->> 'digest', (j ->> 'bytes')::bigint,
       case when jsonb_typeof(j -> 'odd') = 'array' then array(select jsonb_array_elements_text(j -> 'odd')) end
     from jsonb_array_elements($1::text::jsonb) as j
     on conflict (name) do update set source = excluded.source, host = excluded.host, schema = excluded.schema,
       state_schema = excluded.state_schema, wave = excluded.wave, digest = excluded.digest, bytes = excluded.bytes,
       odd = excluded.odd
     where tenant.wanted is null`,
    [JSON.stringify(tenants)],
  );
}
