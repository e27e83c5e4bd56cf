import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AppSpec } from "./app-spec.ts";

export interface InstalledApp {
  /** A new folder with the application's files, and its packages beside them. */
  readonly folder: string;
  readonly version: string;
}

/** Packages are kept between runs; the application's own folder is new each time. */
const CACHE = process.env["CHANGEOVER_APPS_CACHE"] ?? join(homedir(), ".cache", "changeover-apps");

/** Packages whose native part is built once for all applications that use this version. */
const NATIVE = ["better-sqlite3", "sqlite3"];

const SUPPORT = fileURLToPath(new URL(".", import.meta.url));

/** Installs from npm and Debian; throws with the reason where that is not possible. */
export function installApp(spec: AppSpec): InstalledApp {
  if (spec.debian !== undefined) installDebian(spec.debian);
  const folder = mkdtempSync(join(tmpdir(), `changeover-app-${spec.name}-`));
  cpSync(join(SUPPORT, "..", spec.name), folder, { recursive: true });
  for (const file of readdirSync(SUPPORT).filter((file) => file.startsWith("serve"))) {
    cpSync(join(SUPPORT, file), join(folder, file));
  }
  const packages = spec.packages ?? {};
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: spec.name, type: "module", private: true }));
  if (Object.keys(packages).length > 0) symlinkSync(npmPackages(spec.name, packages), join(folder, "node_modules"));
  return { folder, version: packages[spec.version_of] ?? debianVersion(spec.version_of) };
}

function installDebian(packages: readonly string[]): void {
  const missing = packages.filter((name) => debianVersion(name) === "");
  if (missing.length === 0) return;
  execFileSync("apt-get", ["install", "-y", "--no-install-recommends", ...missing], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

function debianVersion(name: string): string {
  try {
    const text = execFileSync("dpkg-query", ["-W", "-f", "${Status} ${Version}", name], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /^install ok installed (.*)$/.exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}

function npmPackages(name: string, packages: Readonly<Record<string, string>>): string {
  const home = join(CACHE, name);
  const wanted = JSON.stringify({ name, private: true, dependencies: packages }, null, 2);
  const made = join(home, "made.json");
  if (!existsSync(made) || readFileSync(made, "utf8") !== wanted) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), wanted);
    npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"], home);
    for (const native of NATIVE) {
      const version = packages[native];
      if (version !== undefined) {
        const built = join(builtPackage(native, version), "build");
        cpSync(built, join(home, "node_modules", native, "build"), { recursive: true });
      }
    }
    writeFileSync(made, wanted);
  }
  return join(home, "node_modules");
}

/** A native package, compiled: two minutes of a processor, once. */
function builtPackage(name: string, version: string): string {
  const home = join(CACHE, `${name}@${version}`);
  const folder = join(home, "node_modules", name);
  if (existsSync(join(folder, "build", "Release"))) return folder;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true, dependencies: { [name]: version } }));
  npm(["install", "--no-audit", "--no-fund"], home);
  return folder;
}

function npm(args: readonly string[], cwd: string): void {
  execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
}
