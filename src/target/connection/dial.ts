import { lookup } from "node:dns/promises";
import { isIP, Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { type Connection, type Endpoint, isSocketDirectory, socketPath } from "./resolve-connection.ts";
import { noTlsError } from "./tls-error.ts";
import { readTlsMaterial } from "./tls-settings.ts";

/** One way to reach an endpoint. */
export interface Route {
  readonly endpoint: Endpoint;
  /** An address of the endpoint's name; null for a Unix socket. */
  readonly address: string | null;
  /** `offered`: TLS if the server has it. */
  readonly encryption: "none" | "offered" | "required";
}

export interface Dialled {
  readonly socket: Socket;
  readonly isEncrypted: boolean;
}

export interface DialOptions {
  /** For messages. */
  readonly location: string;
  readonly signal: AbortSignal | undefined;
}

/** The addresses of an endpoint, in the resolver's order. */
export async function addressesOf({ address, host }: Endpoint): Promise<readonly (string | null)[]> {
  if (isSocketDirectory(host)) return [null];
  if (address !== null) return [address];
  if (isIP(host) !== 0) return [host];
  return (await lookup(host, { all: true, verbatim: true })).map((found) => found.address);
}

/** Opens a socket over which PostgreSQL's startup message can go: both drivers get one, and do no TLS of their own. */
export async function dial(route: Route, connection: Connection, { location, signal }: DialOptions): Promise<Dialled> {
  const deadline = new Deadline(connection.connectTimeoutSeconds, signal);
  const plain = await deadline.guard((socket) => openSocket(socket, route), new Socket());
  try {
    // Until a driver listens.
    plain.on("error", () => {});
    if (connection.keepAliveMs !== null && route.address !== null) plain.setKeepAlive(true, connection.keepAliveMs);
    if (route.encryption === "none") return { socket: plain, isEncrypted: false };
    if (!connection.tls.isDirect && !(await deadline.guard(askForTls, plain))) {
      if (route.encryption === "offered") return { socket: plain, isEncrypted: false };
      throw noTlsError(location, connection.tls.mode);
    }
    const options = tlsOptions(route, connection);
    return { socket: await deadline.guard((socket) => encrypt(socket, options), plain), isEncrypted: true };
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

/** One time limit for all steps of a connection. */
class Deadline {
  readonly #end: number;
  readonly #seconds: number;
  readonly #signal: AbortSignal | undefined;

  constructor(seconds: number, signal: AbortSignal | undefined) {
    this.#seconds = seconds;
    this.#signal = signal;
    this.#end = performance.now() + seconds * 1_000;
  }

  async guard<T>(step: (socket: Socket) => Promise<T>, socket: Socket): Promise<T> {
    let stop: () => void = () => {};
    const stopped = new Promise<never>((_, reject) => {
      const fail = (why: string) => reject(Object.assign(new Error(why), { code: "CONNECT_TIMEOUT" }));
      const late = () => fail(`no answer within ${this.#seconds} s`);
      const aborted = () => fail("the connection was given up");
      const timer = setTimeout(late, Math.max(0, this.#end - performance.now()));
      if (this.#signal?.aborted === true) aborted();
      this.#signal?.addEventListener("abort", aborted, { once: true });
      stop = () => {
        clearTimeout(timer);
        this.#signal?.removeEventListener("abort", aborted);
      };
    });
    try {
      return await Promise.race([step(socket), stopped]);
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      stop();
    }
  }
}

/**
 * TCP_NODELAY: with Nagle's algorithm the small message that ends a COPY waits for the server's delayed
 * acknowledgement, 40 ms each time.
 */
function openSocket(socket: Socket, { address, endpoint }: Route): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.removeListener("error", reject);
      socket.setNoDelay(true);
      resolve(socket);
    });
    if (address === null) socket.connect(socketPath(endpoint.host, endpoint.port).replace(/^@/, "\0"));
    else socket.connect(endpoint.port, address);
  });
}

const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Whether the server answers that it has TLS. */
function askForTls(socket: Socket): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void) => {
      socket.removeAllListeners("readable");
      socket.removeListener("error", onError);
      socket.removeListener("end", onEnd);
      work();
    };
    const onError = (error: Error) => settle(() => reject(error));
    const onEnd = () => settle(() => reject(endedDuringStartup()));
    socket.once("error", onError);
    socket.once("end", onEnd);
    socket.on("readable", () => {
      // Exactly one byte: what follows was not encrypted, and could come from someone between us and the server.
      const answer: Buffer | null = socket.read(1);
      if (answer === null) return;
      if (socket.readableLength > 0)
        return settle(() => reject(Object.assign(new Error("plain bytes before TLS"), { code: "EPROTO" })));
      settle(() => resolve(answer.toString("latin1") === "S"));
    });
    socket.write(TLS_REQUEST);
  });
}

function encrypt(socket: Socket, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({ ...options, socket });
    const onClose = () => reject(endedDuringStartup());
    secure.once("error", reject);
    secure.once("close", onClose);
    secure.once("secureConnect", () => {
      secure.removeListener("error", reject);
      secure.removeListener("close", onClose);
      resolve(secure);
    });
  });
}

export function endedDuringStartup(): Error {
  return Object.assign(new Error("the server ended the connection during startup"), { code: "CONNECTION_CLOSED" });
}

function tlsOptions({ endpoint }: Route, { tls }: Connection): ConnectionOptions {
  const { verifiesChain, ...material } = readTlsMaterial(tls);
  const name = endpoint.host;
  return {
    ...material,
    ca: material.ca === undefined ? undefined : [...material.ca],
    // Without a servername, the certificate is compared with it.
    host: name,
    rejectUnauthorized: verifiesChain,
    ...(tls.mode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    ...(tls.sendsServerName && isIP(name) === 0 ? { servername: name } : {}),
    minVersion: tls.minVersion,
    ...(tls.maxVersion === null ? {} : { maxVersion: tls.maxVersion }),
    ...(tls.isDirect ? { ALPNProtocols: ["postgresql"] } : {}),
  };
}
