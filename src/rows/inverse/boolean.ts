import type { Inverse } from "./inverse.ts";

export const boolean: Inverse = {
  formatOf: () => "integer",
  formats: () => ["integer"],
  write: (arrived) => ({
    value: { type: "integer", value: arrived === "true" || arrived === "t" ? 1n : 0n },
    exact: true,
  }),
};
