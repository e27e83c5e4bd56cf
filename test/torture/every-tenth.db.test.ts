import { describeCases } from "./describe-cases.ts";
import { readCases } from "./parse-case.ts";

// The others are in `npm run test:long`.
const TENTH = new Set(
  readCases()
    .filter((_, index) => index % 10 === 0)
    .map(({ name }) => name),
);

describeCases("every tenth of the awkward databases", ({ name }) => TENTH.has(name));
