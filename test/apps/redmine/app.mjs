// Redmine behind a web server, used through its REST API with the administrator's password.
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { assert, refusal, runChecks } from "./serve-checks.mjs";
import { isPostgres, serveLines, sqliteFile } from "./serve-lines.mjs";

const home = join(process.cwd(), isPostgres() ? "redmine-postgres" : "redmine-sqlite");
const ids = { priority: 0, status: 0, tracker: 0 };
const env = {
  ...process.env,
  RAILS_ENV: "production",
  REDMINE_LANG: "en",
  REDMINE_INSTANCE: "test",
  SECRET_KEY_BASE: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
};
delete env.DATABASE_URL;

/** A copy of Debian's program whose only instance uses this database. */
function lay() {
  if (existsSync(home)) return;
  cpSync("/usr/share/redmine", home, { recursive: true, verbatimSymlinks: true });
  rmSync(join(home, "instances"));
  rmSync(join(home, "config", "database.yml"));
  const instance = join(home, "instances", "test");
  for (const folder of ["config", "log", "tmp/cache"]) mkdirSync(join(instance, folder), { recursive: true });
  for (const folder of ["tmp", "log", "files"]) mkdirSync(join(home, folder), { recursive: true });
  for (const place of [instance, home]) writeFileSync(join(place, "config", "database.yml"), settings());
  writeFileSync(join(instance, "config", "secret_key.txt"), env.SECRET_KEY_BASE);
  // Debian's list of gems has no web server for development.
  rmSync(join(home, "Gemfile.lock"), { force: true });
  appendFileSync(join(home, "Gemfile"), '\ngem "webrick"\n');
}

function settings() {
  if (!isPostgres())
    return JSON.stringify({ production: { adapter: "sqlite3", database: sqliteFile(), timeout: 5000 } });
  const { hostname: host, port, username, password, pathname } = new URL(process.env.DATABASE_URL);
  const [user, secret, database] = [username, password, pathname.slice(1)].map(decodeURIComponent);
  const production = { adapter: "postgresql", host, port: Number(port), username: user, password: secret, database };
  return JSON.stringify({ production });
}

const ruby = (...args) => execFileSync("/usr/bin/ruby", args, { cwd: home, env, stdio: ["ignore", 2, 2] });

if (["schema", "migrate"].includes(process.argv[2])) {
  lay();
  ruby("-S", "rake", "db:migrate");
  process.exit(0);
}

lay();
if (!isPostgres() && !existsSync(join(home, "seeded"))) {
  ruby("-S", "rake", "redmine:load_default_data");
  ruby(
    "bin/rails",
    "runner",
    "Setting.rest_api_enabled = '1'; u = User.find_by_login('admin'); u.password = 'a long password'; " +
      "u.must_change_passwd = false; u.save!",
  );
  writeFileSync(join(home, "seeded"), "");
}

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
spawn("/usr/bin/ruby", ["bin/rails", "server", "-u", "webrick", "-b", "127.0.0.1", "-p", String(port)], {
  cwd: home,
  env,
  stdio: ["ignore", 2, 2],
});

async function api(path, { method = "GET", body, as = "admin:a long password" } = {}) {
  const answer = await fetch(`http://127.0.0.1:${port}/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(as).toString("base64")}`,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
  return text.trim() === "" ? null : JSON.parse(text);
}

for (let tries = 0; ; tries++) {
  const said = await api("users/current.json").then(
    () => null,
    (error) => error,
  );
  if (said === null) break;
  if (tries > 400) throw said;
  await delay(500);
}
ids.priority = (await api("enumerations/issue_priorities.json")).issue_priorities[0]?.id;
ids.status = (await api("issue_statuses.json")).issue_statuses[0]?.id;
ids.tracker = (await api("trackers.json")).trackers[0]?.id;

const newIssue = (subject, more = {}) =>
  api("issues.json", {
    method: "POST",
    body: {
      issue: {
        project_id: "first",
        tracker_id: ids.tracker,
        status_id: ids.status,
        priority_id: ids.priority,
        subject,
        ...more,
      },
    },
  });

const checks = (place) => {
  let made;
  return [
    ["reads a project", async () => assert((await api("projects/first.json")).project.name === "First, Ærø", "?")],
    [
      "lists trackers and statuses",
      async () => assert((await api("issue_statuses.json")).issue_statuses.length >= 5, "?"),
    ],
    [
      "reads an issue with its dates",
      async () => {
        const { issues } = await api("issues.json?subject=Issue%205&status_id=*");
        const [issue] = issues;
        assert(issue?.start_date === "2024-02-05" && issue.estimated_hours === 1.5, issue);
        assert(/^202\d-.*Z$/.test(issue.created_on) && issue.is_private === false, issue);
      },
    ],
    [
      "pages and sorts",
      async () => {
        const { issues, total_count: count } = await api("issues.json?limit=3&offset=2&sort=id&status_id=*");
        assert(issues.length === 3 && issues[0].subject === "Issue 3" && count >= 10, issues);
      },
    ],
    [
      "makes an issue",
      async () => {
        made = (await newIssue(`made on ${place}`, { done_ratio: 30 })).issue;
        assert(made.id > 10 && made.done_ratio === 30, made);
      },
    ],
    [
      "changes it, and keeps the history",
      async () => {
        const issue = { subject: `changed on ${place}`, notes: "a note, ü" };
        await api(`issues/${made.id}.json`, { method: "PUT", body: { issue } });
        const { issue: got } = await api(`issues/${made.id}.json?include=journals`);
        assert(got.subject === issue.subject && got.journals[0].notes === issue.notes, got);
        assert(got.journals[0].details[0].name === "subject", got.journals);
      },
    ],
    [
      "refuses an issue without a subject",
      async () => assert(/422/.test(await refusal(() => newIssue(""))), "it was made"),
    ],
    [
      "makes a user, who logs in",
      async () => {
        const user = { login: `u-${place}`, firstname: "U", lastname: place, mail: `${place}@example.org` };
        await api("users.json", { method: "POST", body: { user: { ...user, password: "another password" } } });
        const { user: got } = await api("users/current.json", { as: `u-${place}:another password` });
        assert(got.mail === user.mail, got);
      },
    ],
    [
      "refuses a login twice",
      async () => {
        const user = { login: "admin", firstname: "A", lastname: "B", mail: "x@example.org", password: "long enough" };
        assert(/422/.test(await refusal(() => api("users.json", { method: "POST", body: { user } }))), "taken twice");
      },
    ],
    [
      "makes a wiki page, and a second version of it",
      async () => {
        for (const text of ["first", "second"]) {
          const body = { wiki_page: { text: `h1. ${text} ${place}` } };
          await api(`projects/first/wiki/${place}.json`, { method: "PUT", body });
        }
        const { wiki_page: page } = await api(`projects/first/wiki/${place}.json`);
        assert(page.version === 2 && page.text.includes("second"), page);
      },
    ],
    ["searches", async () => assert((await api("search.json?q=Issue&limit=50")).results.length >= 10, "too few")],
    [
      "deletes an issue",
      async () => {
        await api(`issues/${made.id}.json`, { method: "DELETE" });
        assert(/404/.test(await refusal(() => api(`issues/${made.id}.json`))), "still there");
      },
    ],
  ];
};

await serveLines({
  async seed() {
    const project = { name: "First, Ærø", identifier: "first", tracker_ids: [ids.tracker] };
    await api("projects.json", { method: "POST", body: { project } });
    for (let number = 1; number <= 10; number++) {
      const start = `2024-02-${String(number).padStart(2, "0")}`;
      await newIssue(`Issue ${number}`, { start_date: start, estimated_hours: 1.5 });
    }
  },
  checks: (place) => runChecks(checks(place)),
  write: (name) => newIssue(`Live ${name}`),
  async titles(prefix) {
    const titles = [];
    for (let offset = 0; ; offset += 100) {
      const { issues } = await api(`issues.json?limit=100&offset=${offset}&sort=id&status_id=*`);
      titles.push(...issues.map(({ subject }) => subject));
      if (issues.length < 100) break;
    }
    return titles.filter((title) => title.startsWith(`Live ${prefix}`)).map((title) => title.slice("Live ".length));
  },
});
