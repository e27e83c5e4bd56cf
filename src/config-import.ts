import { pathToFileURL } from "node:url";
import { messageOf } from "./errors.ts";

/**
 * The default export of a config that is a program. It may import this package even where it is not installed next to
 * it.
 */
export async function importConfig(path: string): Promise<unknown> {
  try {
    return await importDefault(path);
  } catch (error) {
    if (!isMissingOurPackage(error)) throw error;
    return importByJiti(path, await ourPackage());
  }
}

async function importDefault(path: string): Promise<unknown> {
  // Node before 22.18 does not read TypeScript.
  if (path.endsWith(".ts") && !readsTypeScript()) return importByJiti(path, {});
  return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
}

async function importByJiti(path: string, virtualModules: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { createJiti } = await import("jiti");
  return createJiti(import.meta.url, { tryNative: false, virtualModules: { ...virtualModules } }).import(path, {
    default: true,
  });
}

function readsTypeScript(): boolean {
  return (
    "Deno" in globalThis || "Bun" in globalThis || Boolean((process.features as { typescript?: unknown }).typescript)
  );
}

const NAMES = ["changeover", "@changeover/changeover"];

/** Each runtime has its own error for a name that it cannot resolve; all of them quote the name. */
function isMissingOurPackage(error: unknown): boolean {
  const [, name] = /['"](?:npm:|jsr:)?((?:@changeover\/)?changeover)(?:\/fenced-by)?['"]/.exec(messageOf(error)) ?? [];
  return name !== undefined && NAMES.includes(name);
}

/** By URL, as from outside: the layers above are not this file's to import. */
async function ourPackage(): Promise<Readonly<Record<string, unknown>>> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const load = (name: string) => import(new URL(`./${name}.${extension}`, import.meta.url).href) as Promise<unknown>;
  const [index, fencedBy] = [await load("index"), await load("fenced-by")];
  return Object.fromEntries(
    NAMES.flatMap((name) => [
      [name, index],
      [`${name}/fenced-by`, fencedBy],
    ]),
  );
}
