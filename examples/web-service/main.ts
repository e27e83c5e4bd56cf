// node dist/examples/web-service/main.js notes.db postgres://… [port]
import type { AddressInfo } from "node:net";
import { onCutover } from "changeover";
import { PostgresNotes } from "./postgres-notes.ts";
import { createService } from "./service.ts";
import { SqliteNotes } from "./sqlite-notes.ts";
import { SwitchingNotes } from "./switching-notes.ts";

const [path, url, port = "0"] = process.argv.slice(2);
if (path === undefined || url === undefined) {
  process.stderr.write("usage: main.js FILE.db POSTGRES-URL [PORT]\n");
  process.exit(2);
}
const sqlite = new SqliteNotes(path);
await sqlite.prepare();
const notes = new SwitchingNotes({ sqlite, postgres: new PostgresNotes(url) }, "sqlite");

// A process that only reads would never be refused, and read on from the old database: so it is told.
void onCutover(path, () => notes.switchTo("postgres"));

const server = createService(notes).listen(Number(port), "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
