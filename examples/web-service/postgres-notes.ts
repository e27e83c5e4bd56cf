import postgres from "postgres";
import type { Note, Notes } from "./notes.ts";

interface Row {
  readonly id: string;
  readonly text: string;
  readonly created_at: Date;
}

export class PostgresNotes implements Notes {
  readonly #sql: postgres.Sql;

  constructor(url: string) {
    this.#sql = postgres(url, { max: 5, onnotice: () => {} });
  }

  async add(text: string): Promise<Note> {
    const [row] = await this.#sql<
      Row[]
    >`insert into notes (text, created_at) values (${text}, date_trunc('milliseconds', now())) returning id, text, created_at`;
    if (row === undefined) throw new Error("PostgreSQL returned no row");
    return noteOf(row);
  }

  async edit(id: number, text: string): Promise<Note | null> {
    const [row] = await this.#sql<
      Row[]
    >`update notes set text = ${text} where id = ${id} returning id, text, created_at`;
    return row === undefined ? null : noteOf(row);
  }

  async get(id: number): Promise<Note | null> {
    const [row] = await this.#sql<Row[]>`select id, text, created_at from notes where id = ${id}`;
    return row === undefined ? null : noteOf(row);
  }
}

function noteOf({ id, text, created_at }: Row): Note {
  return { id: Number(id), text, createdAt: created_at.toISOString() };
}
