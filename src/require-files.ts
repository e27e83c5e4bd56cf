import { UsageError } from "./errors.ts";

/**
 * Refuses where the modules came from an https address, as Deno loads them from JSR: SQL, migrations and the page are
 * files next to them, and SQLite's native part is required from there.
 */
export function requireFiles(module: string = import.meta.url): void {
  if (module.startsWith("file:")) return;
  throw new UsageError({
    code: "PACKAGE_NOT_ON_DISK",
    message: `changeover was loaded from ${new URL(module).origin}, and its files are not on this machine`,
    hint: "install it from npm: npm install changeover; Deno runs it from node_modules",
  });
}
