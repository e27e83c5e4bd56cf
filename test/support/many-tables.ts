/**
 * Statements that make so many tables, of the kinds that cost something at a cutover. Each has an index and a foreign
 * key to the one before. One in ten has AUTOINCREMENT, one in ten no key.
 */
export function manyTables(count: number, { rows = 2 }: { readonly rows?: number } = {}): string {
  const values = Array.from({ length: rows }, (_, row) => `(${row + 1}, 'name ${row}', ${row + 1})`).join(", ");
  return Array.from({ length: count }, (_, index) => {
    const name = `t${index}`;
    const parent = index === 0 || (index - 1) % 10 === 7 ? "" : ` REFERENCES t${index - 1}(id)`;
    const key = index % 10 === 7 ? "INTEGER" : `INTEGER PRIMARY KEY${index % 10 === 3 ? " AUTOINCREMENT" : ""}`;
    return (
      `CREATE TABLE ${name}(id ${key}, name TEXT, parent INTEGER${parent}); CREATE INDEX ${name}_name ON ` +
      `${name}(name); ` +
      `INSERT INTO ${name} VALUES ${values};`
    );
  }).join("\n");
}
