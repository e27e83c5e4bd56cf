import { LEDGER } from "../migrate/ledger.ts";
import { migrate } from "../migrate/migrate.ts";
import { jobOf } from "../migrate/migrate-target.ts";

/** Applies migrations like `up`, but without records, which are useless in a database that is dropped. */
export async function runUp(url: string, directory: string, count: number): Promise<void> {
  await migrate({ url, directory, ledger: LEDGER }, jobOf("up", { count }));
}

export async function runDown(url: string, directory: string, count: number): Promise<void> {
  await migrate({ url, directory, ledger: LEDGER }, jobOf("down", { count }));
}
