import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What a server is made to say of itself, in the answer to target/server-state.sql. */
export interface ToldState {
  readonly version?: string;
  readonly encoding?: string;
  readonly isStandby?: boolean;
  readonly isReadOnly?: boolean;
  readonly waitsForStandby?: boolean;
}

export interface ToldOtherwise {
  readonly url: string;
  /** Null: the truth. */
  told: ToldState | null;
}

/** Version, encoding and three truths, each behind its length. */
const STATE =
  /(\x00\x00\x00\x06)(\d{6})(\x00\x00\x00\x04)(UTF8)(\x00\x00\x00\x01)f(\x00\x00\x00\x01)f(\x00\x00\x00\x01)f/;

/** A way to a server on which it says what the told one would: a standby or an old version is not to be had here. */
export async function toldOtherwise(url: string, ended: (done: () => void) => void): Promise<ToldOtherwise> {
  const real = new URL(url);
  const sockets = new Set<Socket>();
  const way: { url: string; told: ToldState | null } = { url, told: null };
  const server = createServer((client) => {
    const upstream = connect(Number(real.port), real.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    client.on("data", (chunk: Buffer) => upstream.write(chunk));
    upstream.on("data", (chunk: Buffer) => client.write(way.told === null ? chunk : changed(chunk, way.told)));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  ended(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const far = new URL(url);
  far.hostname = "127.0.0.1";
  far.port = String((server.address() as AddressInfo).port);
  way.url = far.href;
  return way;
}

function changed(chunk: Buffer, told: ToldState): Buffer {
  const truth = (is: boolean | undefined) => (is === true ? "t" : "f");
  const text = chunk
    .toString("latin1")
    .replace(
      STATE,
      (_, length: string, version: string, four: string, encoding: string, one: string, two: string, three: string) =>
        `${length}${told.version ?? version}${four}${told.encoding ?? encoding}${one}${truth(told.isStandby)}` +
        `${two}${truth(told.isReadOnly)}${three}${truth(told.waitsForStandby)}`,
    );
  return Buffer.from(text, "latin1");
}
