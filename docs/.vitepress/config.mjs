// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const DOCS = fileURLToPath(new URL("../", import.meta.url));

/** A page's title is its first heading. */
const titleOf = (/** @type {string} */ page) =>
  /^# (.*)$/m.exec(readFileSync(`${DOCS}${page}`, "utf8"))?.[1]?.replaceAll("`", "") ?? page;

const entry = (/** @type {string} */ page) => ({
  text: titleOf(page),
  link: `/${page.replace(/(^|\/)README\.md$/, "$1").replace(/\.md$/, "")}`,
});

/** The pages of a folder; its README comes first where there is one, and says in which order the others are to be read. */
const folder = (/** @type {string} */ name) => {
  const pages = readdirSync(`${DOCS}${name}`).filter((page) => page.endsWith(".md"));
  const index = pages.includes("README.md") ? readFileSync(`${DOCS}${name}/README.md`, "utf8") : "";
  const place = (/** @type {string} */ page) => (page === "README.md" ? -2 : index.indexOf(`(${page})`));
  return pages.sort((one, other) => place(one) - place(other) || (one < other ? -1 : 1)).map((page) => entry(`${name}/${page}`));
};

export default defineConfig({
  title: "changeover",
  description: "Moves a live SQLite or libSQL database to PostgreSQL",
  cleanUrls: true,
  // A folder's README is its first page, here as on a code host.
  rewrites: { "README.md": "index.md", ":folder/README.md": ":folder/index.md" },
  // Pages link to sources, examples and the README with paths of the repository: they are none of the site's.
  ignoreDeadLinks: [/^(\.\.\/|\.\/)+(README|CHANGELOG|CONTRIBUTING|SECURITY|src|test|bench|examples)\b/],
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "Guides", link: "/guides/" },
      { text: "Reference", link: "/reference/commands" },
      { text: "Architecture", link: "/architecture" },
    ],
    sidebar: [
      { text: "Start", items: ["README.md", "tutorial.md", "concepts.md", "glossary.md"].map(entry) },
      { text: "Guides", items: folder("guides") },
      { text: "Reference", items: folder("reference") },
      { text: "Architecture", items: [entry("architecture.md"), ...folder("architecture")] },
      { text: "Decisions", collapsed: true, items: folder("decisions") },
      { text: "Measured", items: ["performance.md", "torture.md"].map(entry) },
    ],
    outline: "deep",
  },
});
