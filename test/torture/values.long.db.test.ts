import { describeCases } from "./describe-cases.ts";

describeCases("awkward values", ({ name }) => name.startsWith("values/"));
