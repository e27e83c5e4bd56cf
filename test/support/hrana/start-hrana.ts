import { type Client, createClient } from "@libsql/client";
import { onTestFinished } from "vitest";
import { sqliteFile } from "../source.ts";
import { HranaServer, type HranaServerOptions } from "./hrana-server.ts";

/** A libSQL server with a database, and a client that stands for the application and writes through the server. */
export async function hranaServer(
  statements: string,
  options: Omit<HranaServerOptions, "file"> = {},
): Promise<{ readonly server: HranaServer; readonly application: Client; readonly file: string }> {
  const { application: maker, path } = await sqliteFile(statements);
  maker.close();
  const server = await HranaServer.start({ file: path, ...options });
  const { token } = options;
  const application = createClient({
    url: server.url,
    intMode: "bigint",
    ...(token === undefined ? {} : { authToken: token }),
  });
  onTestFinished(() => {
    application.close();
    server.close();
  });
  return { server, application, file: path };
}
