import { describeCases } from "./describe-cases.ts";

describeCases("awkward schemas and files", ({ name }) => !name.startsWith("values/"));
