import { inState, stateOf } from "../target/state-schema.ts";
import type { FleetStatements } from "./fleet-database.ts";

/**
 * Drops the state schema of a tenant whose run is over, so that the catalogue does not grow with the fleet. Its history
 * is kept. Where rows are quarantined, or something outside still uses it, it stays.
 */
export async function dropState(
  tx: FleetStatements,
  tenant: { readonly name: string; readonly stateSchema: string },
): Promise<boolean> {
  const state = stateOf(tenant);
  const [found] = await tx.rows<{ there: boolean; used: boolean }>(
    `select to_regclass(${inState(tenant, "history")}) is not null as there, exists (
       select from pg_depend d
       join pg_proc p on d.refclassid = 'pg_proc'::regclass and p.oid = d.refobjid
         and p.pronamespace = to_regnamespace($1)
       left join pg_trigger g on d.classid = 'pg_trigger'::regclass and g.oid = d.objid
       left join pg_attrdef a on d.classid = 'pg_attrdef'::regclass and a.oid = d.objid
       join pg_class c on c.oid = coalesce(g.tgrelid, a.adrelid) and c.relnamespace <> p.pronamespace) as used`,
    [state],
  );
  if (found?.there !== true || found.used) return false;
  const [kept] = await tx.rows<{ quarantined: boolean }>(
    `select exists (select from ${state}.quarantine) as quarantined`,
  );
  if (kept?.quarantined === true) return false;
  await tx.rows(
    `insert into changeover_fleet.tenant_history (tenant, entry)
     select $1, to_jsonb(h) from ${state}.history h order by h.id`,
    [tenant.name],
  );
  await tx.run(`drop schema ${state} cascade`);
  return true;
}
