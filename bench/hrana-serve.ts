import { HranaServer } from "../test/support/hrana/hrana-server.ts";

// A libSQL server for measurements, in a process of its own: FILE [round trip, ms].
const [file = "", roundTripMs = "0"] = process.argv.slice(2);
const server = await HranaServer.start({ file });
server.oneWayMs = Number(roundTripMs) / 2;
process.stdout.write(`${server.url}\n`);
process.on("SIGUSR2", () => process.stderr.write(`${server.requests} requests\n`));
