export interface Note {
  readonly id: number;
  readonly text: string;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
}

/** What the service asks of a database; there is one of these for SQLite and one for PostgreSQL. */
export interface Notes {
  add(text: string): Promise<Note>;
  edit(id: number, text: string): Promise<Note | null>;
  get(id: number): Promise<Note | null>;
}
