import type { Inverse } from "./inverse.ts";

export const boolean: Inverse = {
  formatOf: () => "integer",
  formats: () => ["integer"],
  write: (targetText) => ({
    value: { type: "integer", value: targetText === "true" || targetText === "t" ? 1n : 0n },
    exact: true,
  }),
};
