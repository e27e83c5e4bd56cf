import type { TableMapping } from "../../src/model/mapping.ts";

/** A table `t` of its key alone. */
export const ONLY_KEY: TableMapping = {
  id: 1,
  source: "t",
  target: { schema: "public", name: "t" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [
    {
      source: "id",
      target: "id",
      affinity: "integer",
      collation: "BINARY",
      conversion: { kind: "integer", type: "bigint" },
    },
  ],
};
