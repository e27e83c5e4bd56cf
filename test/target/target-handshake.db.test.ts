import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { openTarget } from "../../src/target/target.ts";
import { emptyDatabase } from "../support/target.ts";

/** The same database through a server that ends each connection after so many bytes of the answer. */
async function endingAfter(bytes: number, url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let left = bytes;
    client.pipe(upstream);
    upstream.on("data", (data) => {
      client.write(data.subarray(0, left));
      left -= data.length;
      if (left <= 0) client.end();
    });
    for (const socket of [client, upstream]) socket.on("error", () => {});
    client.on("close", () => upstream.destroy());
    if (bytes === 0) client.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return through.toString();
}

it("a connection that ends during startup is an error, at any point", async () => {
  const url = await emptyDatabase();
  for (let bytes = 0; bytes < 500; bytes += 23) {
    const target = openTarget({ url: await endingAfter(bytes, url) });
    await expect(target.session(), `after ${bytes} bytes`).rejects.toMatchObject({ code: "TARGET_LOST" });
    await target.close();
  }
});
