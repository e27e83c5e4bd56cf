import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { Note } from "./notes.ts";
import type { SwitchingNotes } from "./switching-notes.ts";

/** `POST /notes`, `PUT /notes/7`, `GET /notes/7`: plain text in, JSON out. `GET /` tells which database is asked. */
export function createService(notes: SwitchingNotes): Server {
  return createServer((request, response) => {
    answer(notes, request).then(
      ({ status, body }) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
      (error: unknown) =>
        response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ error: String(error) })),
    );
  });
}

interface Answer {
  readonly status: number;
  readonly body: Note | { readonly place: string } | { readonly error: string };
}

async function answer(notes: SwitchingNotes, request: IncomingMessage): Promise<Answer> {
  if (request.url === "/") return { status: 200, body: { place: notes.place } };
  if (request.url === "/notes" && request.method === "POST")
    return { status: 201, body: await notes.add(await text(request)) };
  const id = Number(/^\/notes\/(\d+)$/.exec(request.url ?? "")?.[1]);
  if (Number.isNaN(id)) return { status: 404, body: { error: "no such page" } };
  const note = request.method === "PUT" ? await notes.edit(id, await text(request)) : await notes.get(id);
  return note === null ? { status: 404, body: { error: "no such note" } } : { status: 200, body: note };
}
