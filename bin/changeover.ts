// The same command line for Deno, from the sources.
import { main } from "../src/cli/main.ts";

await main(process.argv.slice(2));
