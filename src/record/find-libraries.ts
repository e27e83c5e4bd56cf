import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A library as the application would load it; null where it has none. */
export function loadLibrary(name: string, via: readonly string[] = []): unknown {
  for (const place of [process.argv[1] ?? "", join(process.cwd(), "main.js")]) {
    const library = place === "" ? null : loadFrom(place, [...via, name]);
    if (library !== null) return library;
  }
  return null;
}

/** Each is found from the one before: libsql is a dependency of @libsql/client, not of the application. */
function loadFrom(place: string, names: readonly string[]): unknown {
  const [name, ...rest] = names;
  if (name === undefined) return null;
  const require = createRequire(place);
  let path: string;
  try {
    path = require.resolve(name);
  } catch {
    return null;
  }
  return rest.length === 0 ? require(path) : loadFrom(join(dirname(path), "main.js"), rest);
}

/** node:sqlite, where this version of Node or Deno has it. Node 22 warns of it, which the application did not ask for. */
export function loadNodeSqlite(): unknown {
  const load = (process as { readonly getBuiltinModule?: (id: string) => unknown }).getBuiltinModule;
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return load?.("node:sqlite") ?? null;
  } finally {
    process.emitWarning = emitWarning;
  }
}
