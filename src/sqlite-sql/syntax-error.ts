/** SQL that SQLite does not accept. Whoever parses says what that means for the person. */
export class SqlSyntaxError extends Error {
  /** The word or sign that does not fit; empty at the end of the text. */
  readonly near: string;
  /** Where it stands in the text. */
  readonly offset: number;

  constructor(near: string, offset: number) {
    super(near === "" ? "the statement ends too early" : "the statement is no SQL that SQLite knows");
    this.name = "SqlSyntaxError";
    this.near = near;
    this.offset = offset;
  }
}
