import { pathToFileURL } from "node:url";
import { type Client, createClient, type Row } from "@libsql/client";
import type { Note, Notes } from "./notes.ts";

export class SqliteNotes implements Notes {
  readonly #client: Client;

  constructor(path: string) {
    // SQLITE_BUSY is waited out: others write to the file as well, changeover among them.
    this.#client = createClient({ url: pathToFileURL(path).href, concurrency: 1, timeout: 5_000 });
  }

  async prepare(): Promise<void> {
    await this.#client.executeMultiple(
      "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, created_at DATETIME NOT NULL)",
    );
  }

  async add(text: string): Promise<Note> {
    const note = await this.#one(
      "INSERT INTO notes (text, created_at) VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) RETURNING id, text, created_at",
      [text],
    );
    if (note === null) throw new Error("SQLite returned no row");
    return note;
  }

  edit(id: number, text: string): Promise<Note | null> {
    return this.#one("UPDATE notes SET text = ? WHERE id = ? RETURNING id, text, created_at", [text, id]);
  }

  get(id: number): Promise<Note | null> {
    return this.#one("SELECT id, text, created_at FROM notes WHERE id = ?", [id]);
  }

  async #one(sql: string, args: (string | number)[]): Promise<Note | null> {
    const { rows } = await this.#client.execute({ sql, args });
    return rows[0] === undefined ? null : noteOf(rows[0]);
  }
}

function noteOf(row: Row): Note {
  return { id: Number(row["id"]), text: String(row["text"]), createdAt: String(row["created_at"]) };
}
