// The wiki behind PHP's own web server, used through its HTTP API.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { assert, refusal, runChecks } from "./serve-checks.mjs";
import { isPostgres, serveLines, sqliteFile } from "./serve-lines.mjs";

const WIKI = "/usr/share/mediawiki";
const PASSWORD = "a long password 1";
const settings = join(process.cwd(), isPostgres() ? "settings-postgres.php" : "settings-sqlite.php");

if (["schema", "migrate"].includes(process.argv[2])) {
  install();
  process.exit(0);
}

function install() {
  const conf = ["--confpath", process.cwd(), "--scriptpath", "", "--pass", PASSWORD, "--server", "http://127.0.0.1"];
  const args = isPostgres() ? postgresArguments() : ["--dbtype", "sqlite", "--dbpath", dirname(sqliteFile())];
  const name = isPostgres() ? [] : ["--dbname", "app"];
  const env = { ...process.env, MW_CONFIG_FILE: join(process.cwd(), "none.php") };
  execFileSync("php", [`${WIKI}/maintenance/install.php`, ...conf, ...args, ...name, "Test Wiki", "Admin"], {
    stdio: ["ignore", "inherit", "inherit"],
    env,
  });
  renameSync(join(process.cwd(), "LocalSettings.php"), settings);
  writeFileSync(
    settings,
    `${readFileSync(settings, "utf8")}
$wgMainCacheType = CACHE_NONE;
$wgParserCacheType = CACHE_NONE;
$wgMessageCacheType = CACHE_NONE;
$wgSessionCacheType = CACHE_DB;
$wgJobRunRate = 0;
$wgShowExceptionDetails = true;
$wgSecretKey = '0123456789abcdef0123456789abcdef';
$wgRateLimits = [];
$wgSearchType = null;
`,
  );
}

function postgresArguments() {
  const { hostname, port, username, password, pathname } = new URL(process.env.DATABASE_URL);
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  return [
    ...["--dbtype", "postgres", "--dbserver", hostname, "--dbport", port, "--dbname", pathname.slice(1)],
    ...["--dbuser", user, "--dbpass", secret, "--installdbuser", user, "--installdbpass", secret],
    ...["--dbschema", "public"],
  ];
}

const free = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

if (!existsSync(settings)) throw new Error(`${settings} is not there`);
const port = await free();
spawn("php", ["-S", `127.0.0.1:${port}`, "-t", WIKI], {
  stdio: ["ignore", "ignore", "ignore"],
  env: { ...process.env, MW_CONFIG_FILE: settings },
});

const cookies = new Map();

async function api(values, method = "POST") {
  const body = new URLSearchParams({ format: "json", formatversion: "2", ...values });
  const url = `http://127.0.0.1:${port}/api.php`;
  const answer = await fetch(method === "GET" ? `${url}?${body}` : url, {
    method,
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    ...(method === "GET" ? {} : { body }),
  });
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    cookies.set(name, value);
  }
  const text = await answer.text();
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    throw new Error(text.slice(0, 500));
  }
  if (said.error !== undefined) throw new Error(`${said.error.code}: ${said.error.info}`);
  return said;
}

const get = (values) => api({ action: "query", ...values }, "GET");
const tokenOf = async (type) => (await get({ meta: "tokens", type })).query.tokens[`${type}token`];

async function logIn(lgname = "Admin", lgpassword = PASSWORD) {
  cookies.clear();
  const lgtoken = await tokenOf("login");
  const { login } = await api({ action: "login", lgname, lgpassword, lgtoken });
  if (login.result !== "Success") throw new Error(JSON.stringify(login));
}

let csrf;
async function edit(title, text, more = {}) {
  csrf ??= await tokenOf("csrf");
  return (await api({ action: "edit", title, text, token: csrf, ...more })).edit;
}

async function textOf(title) {
  const { query } = await get({ titles: title, prop: "revisions", rvprop: "content|timestamp|user", rvslots: "main" });
  return query.pages[0].revisions?.[0].slots.main.content ?? null;
}

for (let tries = 0; ; tries++) {
  const isUp = await get({ meta: "siteinfo" }).then(
    () => true,
    (error) => (tries > 60 ? error : false),
  );
  if (isUp === true) break;
  if (isUp !== false) throw isUp;
  await delay(300);
}

const checks = (place) => [
  [
    "logs in",
    async () => {
      await logIn();
      csrf = undefined;
      assert((await get({ meta: "userinfo" })).query.userinfo.name === "Admin", "somebody else");
    },
  ],
  [
    "refuses a wrong password",
    async () => assert(/Failed|WrongPass/.test(await refusal(() => logIn("Admin", "no"))), "?"),
  ],
  ["logs in again", () => logIn()],
  [
    "reads a page",
    async () => assert((await textOf("Page 3"))?.includes("text of page 3, Ærø 漢"), await textOf("Page 3")),
  ],
  [
    "reads the history of a page with its timestamps",
    async () => {
      const { query } = await get({ titles: "Page 1", prop: "revisions", rvlimit: "10", rvprop: "timestamp|comment" });
      const revisions = query.pages[0].revisions;
      assert(revisions.length === 3 && revisions.every(({ timestamp }) => /^202\d-.*Z$/.test(timestamp)), revisions);
    },
  ],
  [
    "lists a category",
    async () => {
      const { query } = await get({ list: "categorymembers", cmtitle: "Category:Even" });
      assert(query.categorymembers.length === 5, query.categorymembers);
    },
  ],
  [
    "finds what links here",
    async () => {
      const { query } = await get({ list: "backlinks", bltitle: "Page 1" });
      assert(query.backlinks.length >= 9, query.backlinks);
    },
  ],
  [
    "lists recent changes",
    async () =>
      assert((await get({ list: "recentchanges", rclimit: "50" })).query.recentchanges.length >= 12, "too few"),
  ],
  [
    "lists all pages in order",
    async () => {
      const { query } = await get({ list: "allpages", apprefix: "Page", aplimit: "50" });
      assert(query.allpages[0].title === "Page 1" && query.allpages[1].title === "Page 10", query.allpages);
    },
  ],
  [
    "parses a page",
    async () => {
      const { parse } = await api({ action: "parse", page: "Page 2" }, "GET");
      assert(parse.text.includes("<b>bold</b>"), parse.text.slice(0, 200));
    },
  ],
  [
    "makes a page",
    async () => {
      csrf = undefined;
      const made = await edit(`Made ${place}`, `made on ${place} [[Page 1]] [[Category:Made]]`);
      assert(made.result === "Success" && made.new === true, made);
      assert((await textOf(`Made ${place}`)).startsWith(`made on ${place}`), "another text");
    },
  ],
  [
    "changes it, and shows the difference",
    async () => {
      const { oldrevid, newrevid } = await edit(`Made ${place}`, "another text");
      const { compare } = await api({ action: "compare", fromrev: String(oldrevid), torev: String(newrevid) }, "GET");
      assert(compare.body.includes("another text"), compare);
    },
  ],
  [
    "moves it",
    async () => {
      const move = { action: "move", from: `Made ${place}`, to: `Moved ${place}`, token: csrf };
      assert((await api(move)).move.to === `Moved ${place}`, "not moved");
    },
  ],
  [
    "deletes it, and restores it",
    async () => {
      await api({ action: "delete", title: `Moved ${place}`, token: csrf });
      assert((await textOf(`Moved ${place}`)) === null, "still there");
      await api({ action: "undelete", title: `Moved ${place}`, token: csrf });
      assert((await textOf(`Moved ${place}`)) === "another text", "not restored");
    },
  ],
  [
    "makes a user, who logs in",
    async () => {
      const [username, password] = [`User ${place}`, "another long password 2"];
      const createtoken = await tokenOf("createaccount");
      const account = { action: "createaccount", username, password, retype: password, createtoken };
      const { createaccount } = await api({ ...account, createreturnurl: "http://127.0.0.1/" });
      assert(createaccount.status === "PASS", createaccount);
      await logIn(username, password);
      await logIn();
      csrf = undefined;
    },
  ],
  [
    "watches a page",
    async () => {
      await api({ action: "watch", titles: "Page 5", token: await tokenOf("watch") });
      const { query: page } = await get({ titles: "Page 5", prop: "info", inprop: "watched" });
      assert(page.pages[0].watched === true, page.pages);
    },
  ],
  [
    "blocks a user, and unblocks",
    async () => {
      await api({ action: "block", user: `User ${place}`, expiry: "never", token: csrf });
      const { query } = await get({ list: "blocks", bkusers: `User ${place}` });
      assert(query.blocks[0]?.expiry === "infinity", query.blocks);
      await api({ action: "unblock", user: `User ${place}`, token: csrf });
    },
  ],
];

await serveLines({
  async seed() {
    await logIn();
    for (let number = 1; number <= 10; number++) {
      const category = number % 2 === 0 ? "[[Category:Even]]" : "";
      await edit(
        `Page ${number}`,
        `text of page ${number}, Ærø 漢 '''bold''' [[Page 1]] [[Page ${number + 1}]] ${category}`,
      );
    }
    for (const change of ["second", "third"]) await edit("Page 1", `${change} [[Page 2]]`, { summary: change });
    execFileSync("php", [`${WIKI}/maintenance/runJobs.php`], { env: { ...process.env, MW_CONFIG_FILE: settings } });
  },
  checks: (place) => runChecks(checks(place)),
  async write(name) {
    if (csrf === undefined || csrf.length < 10) await logIn();
    await edit(`Live ${name}`, `written meanwhile: ${name}`);
  },
  async titles(prefix) {
    const titles = [];
    let more = {};
    do {
      const answer = await get({ list: "allpages", apprefix: `Live ${prefix}`, aplimit: "500", ...more });
      titles.push(...answer.query.allpages.map(({ title }) => title.slice("Live ".length)));
      more = answer.continue ?? null;
    } while (more !== null);
    return titles;
  },
});
