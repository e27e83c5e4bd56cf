import { rmSync } from "node:fs";
import Database from "libsql";
import type { SampleShape } from "./sample-shapes.ts";

/** Makes the database of a shape at a path. */
export function makeShape(path: string, shape: SampleShape, { scale, seed }: { scale: number; seed: number }): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  database.exec(`BEGIN; ${shape.sql(scale, seed)}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
}
