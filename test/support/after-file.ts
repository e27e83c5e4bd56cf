import { afterAll } from "vitest";
import { releaseServer } from "./target.ts";

afterAll(releaseServer);
