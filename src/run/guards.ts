import type { Guard } from "../schema/migrate/migrate-settings.ts";

/** Several that have a say, one after the other. */
export function guards(...all: readonly Guard[]): Guard {
  return {
    async begin(tx) {
      for (const guard of all) await guard.begin(tx);
    },
    async statements(...given) {
      for (const guard of all) await guard.statements(...given);
    },
    async changes(...given) {
      for (const guard of all) await guard.changes?.(...given);
    },
    async commit(tx) {
      for (const guard of all) await guard.commit(tx);
    },
  };
}
