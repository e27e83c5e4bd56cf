import { afterAll, beforeAll, expect, it } from "vitest";
import { askNodePostgres, askPostgresJs } from "./ask-drivers.ts";
import { CONNECTION_CASES } from "./connection-cases.ts";
import { type ConnectionWorld, connectionWorld } from "./connection-world.ts";

let world: ConnectionWorld;
beforeAll(async () => {
  world = await connectionWorld();
});
afterAll(() => world.close());

it.each(["good", "expired", "none"] as const)(
  "both drivers do what a connection string says, and refuse for the same reason: server's certificate %s",
  async (server) => {
    await world.use(server);
    for (const { env, outcome, text } of CONNECTION_CASES.filter(
      ({ isShort, server: of = "good" }) => isShort === true && of === server,
    )) {
      const environment = { HOME: world.home, ...env?.(world.world) };
      const given = text(world.world);
      const asked = [await askPostgresJs(given, environment), await askNodePostgres(given, environment)];
      expect(asked, given).toEqual([outcome, outcome]);
    }
  },
);
