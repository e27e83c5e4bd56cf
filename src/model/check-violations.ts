/** Rows of a table that break one of its CHECKs. */
export interface CheckViolations {
  readonly table: string;
  /** Place of the CHECK in the table's list. */
  readonly position: number;
  readonly rows: number;
  /** SQLite condition that holds for them, for rows `t`. */
  readonly where: string;
}
