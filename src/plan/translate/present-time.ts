import type { Expression } from "../../sqlite-sql/ast.ts";
import { unknownCall } from "./translate-function.ts";
import { translateNow } from "./translate-now.ts";
import { ADD, type Scope, type TypedSql, typed } from "./typed-sql.ts";

/** `datetime('now')` and the like, as the text or number that SQLite gives; in a statement, which runs once. */
export function presentTime(node: Expression, { now }: Scope): TypedSql {
  const seconds = now === true && nameOf(node) === "unixepoch" ? translateNow(node, "bigint") : null;
  if (seconds !== null && seconds !== "") return { ...typed(seconds, "integer", ADD), range: [0, 1e11] };
  const text = now === true ? translateNow(node, "text") : null;
  if (text === null || text === "") throw unknownCall(nameOf(node));
  // `2026-12-01` and the like; only a format of its own may give digits alone.
  return { ...typed(text, "text"), isWord: nameOf(node) !== "strftime", ...todayOf(node) };
}

/** What it is next to a column of dates. */
function todayOf(node: Expression): Pick<TypedSql, "today"> {
  const sql = ["date", "current_date"].includes(nameOf(node)) ? translateNow(node, "date") : null;
  return sql === null || sql === "" ? {} : { today: sql };
}
/** Whether it asks for the present time in a way that has a translation. */
export function isPresentTime(node: Expression, { now }: Scope): boolean {
  return (
    now === true && [translateNow(node, "bigint"), translateNow(node, "text")].some((sql) => sql !== null && sql !== "")
  );
}

function nameOf(node: Expression): string {
  return node.kind === "now" ? node.word.toLowerCase() : node.kind === "call" ? node.name.text.toLowerCase() : "now";
}
