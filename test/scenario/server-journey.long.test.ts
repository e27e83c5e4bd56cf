import { describe, expect, it } from "vitest";
import { hranaServer } from "../support/hrana/start-hrana.ts";
import { emptyDatabase, query } from "../support/target.ts";
import { wholeJourney } from "../support/whole-journey.ts";

/** Requests of the journey, between which a fault lies. */
const FAULT_EVERY = 29;

describe("a migration from a libSQL server", () => {
  it.for([
    { roundTripMs: 0, faulty: false },
    { roundTripMs: 0, faulty: true },
    { roundTripMs: 40, faulty: false },
  ])(
    "goes there under a writer, and back with what was written since, at $roundTripMs ms, faulty: $faulty",
    { timeout: 600_000 },
    async (options) => {
      const url = await emptyDatabase();
      let requests = 0;
      await wholeJourney({
        target: url,
        application: (text) => query(url, text),
        source: async (statements) => {
          const { application, server } = await hranaServer(statements);
          server.oneWayMs = options.roundTripMs / 2;
          server.fault = (seen) => {
            const isOurs = JSON.stringify(seen).includes("_changeover_");
            if (!isOurs || ++requests % FAULT_EVERY !== 0 || !options.faulty) return null;
            return (requests / FAULT_EVERY) % 2 === 0 ? { kind: "lost" } : { kind: "status", status: 503 };
          };
          return { application, path: server.url };
        },
      });
      expect(requests).toBeGreaterThan(0);
    },
  );
});
