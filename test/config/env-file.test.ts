import { expect, it } from "vitest";
import { withoutEnvFile } from "../../src/env-file.ts";

it("an environment that a runtime filled from ./.env is told from what was set", () => {
  const environment = { DATABASE_URL: "postgres://file", CHANGEOVER_SOURCE: "set.db", HOME: "/root" };
  expect(withoutEnvFile(environment, { DATABASE_URL: "postgres://file", CHANGEOVER_SOURCE: "file.db" })).toEqual({
    CHANGEOVER_SOURCE: "set.db",
    HOME: "/root",
  });
});
