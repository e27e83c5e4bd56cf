import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { admin, organization } from "better-auth/plugins";
import { isPostgres, serveLines, sqliteFile } from "./serve-lines.mjs";

async function database() {
  if (isPostgres()) {
    const { default: pg } = await import("pg");
    return new pg.Pool({ connectionString: process.env.DATABASE_URL });
  }
  const { default: Database } = await import("better-sqlite3");
  return new Database(sqliteFile(), { timeout: 5000 });
}

const options = {
  baseURL: "http://127.0.0.1:3999",
  secret: "only for a test, and as long as it must be",
  database: await database(),
  emailAndPassword: { enabled: true, password: { hash: async (text) => `plain:${text}`, verify } },
  plugins: [organization(), admin()],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
};

// Its own hash takes a tenth of a second of a processor.
async function verify({ hash, password }) {
  return hash === `plain:${password}`;
}

if (["schema", "migrate"].includes(process.argv[2])) {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  process.exit(0);
}

const auth = betterAuth(options);

/** A request as a browser sends it; the cookie of the answer is the session. */
async function request(path, { body, cookie, method = body === undefined ? "GET" : "POST" } = {}) {
  const answer = await auth.handler(
    new Request(`http://127.0.0.1:3999/api/auth/${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        origin: "http://127.0.0.1:3999",
        ...(cookie === undefined ? {} : { cookie }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  const cookies = answer.headers.getSetCookie().map((line) => line.split(";")[0]);
  return { value: text === "" ? null : JSON.parse(text), cookie: cookies.join("; ") };
}

const person = (name) => ({ name, email: `${name}@example.org`, password: "a long password" });
const signUp = (name) => request("sign-up/email", { body: person(name) });
const signIn = (name) => request("sign-in/email", { body: person(name) });

/** The session of a user who signed in before the move: it must hold on both sides. */
let kept;

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

const checks = (place) => [
  [
    "signs in a user of before the move",
    async () => {
      const { value } = await signIn("user-1");
      assert(value.user.email === "user-1@example.org", JSON.stringify(value));
    },
  ],
  [
    "keeps a session",
    async () => {
      const { value } = await request("get-session", { cookie: (await signIn("user-2")).cookie });
      assert(value?.user.name === "user-2", JSON.stringify(value));
      assert(!Number.isNaN(Date.parse(value.session.expiresAt)), "expiresAt is no date");
      assert(value.user.emailVerified === false, `emailVerified is ${value.user.emailVerified}`);
      assert(value.user.banned === false || value.user.banned === null, `banned is ${value.user.banned}`);
    },
  ],
  ["signs up a new user", async () => assert((await signUp(`new-${place}`)).value.user.id, "no id")],
  [
    "refuses an address that is taken",
    async () => {
      const said = await signUp("user-3").then(
        () => "taken twice",
        (error) => error.message,
      );
      assert(/exist/i.test(said), said);
    },
  ],
  [
    "refuses a wrong password",
    async () => {
      const body = { ...person("user-3"), password: "another password" };
      const said = await request("sign-in/email", { body }).then(
        () => "let in",
        (error) => error.message,
      );
      assert(/401/.test(said), said);
    },
  ],
  [
    "changes a user",
    async () => {
      const { cookie } = await signIn("user-4");
      await request("update-user", { cookie, body: { name: `four ${place}` } });
      const { value } = await request("get-session", { cookie: (await signIn("user-4")).cookie });
      assert(value.user.name === `four ${place}`, value.user.name);
      await request("update-user", { cookie, body: { name: "user-4" } });
    },
  ],
  [
    "lists the sessions of a user, and ends one",
    async () => {
      const { cookie } = await signIn("user-5");
      const before = (await request("list-sessions", { cookie })).value;
      const token = before.find((session) => session)?.token;
      assert(token !== undefined, "no session");
      await request("sign-out", { cookie, body: {} });
      const after = await request("get-session", { cookie });
      assert(after.value === null, "the session goes on");
    },
  ],
  [
    "reads an organization of before the move, with its members",
    async () => {
      const { cookie } = await signIn("user-1");
      const { value } = await request("organization/get-full-organization?organizationSlug=first", { cookie });
      assert(value.members.length === 1 && value.members[0].role === "owner", JSON.stringify(value));
      assert(JSON.stringify(value.metadata ?? null).includes("blue"), `metadata: ${JSON.stringify(value.metadata)}`);
    },
  ],
  [
    "makes an organization",
    async () => {
      const { cookie } = await signIn("user-6");
      const body = { name: `Org ${place}`, slug: `org-${place}` };
      await request("organization/create", { cookie, body });
      const { value } = await request("organization/list", { cookie });
      assert(
        value.some(({ slug }) => slug === body.slug),
        JSON.stringify(value),
      );
    },
  ],
  [
    "deletes what it made",
    async () => {
      const { cookie } = await signIn("user-6");
      const { value } = await request("organization/list", { cookie });
      for (const { id } of value.filter(({ slug }) => slug === `org-${place}`))
        await request("organization/delete", { cookie, body: { organizationId: id } });
    },
  ],
];

await serveLines({
  async seed() {
    for (let number = 1; number <= 20; number++) await signUp(`user-${number}`);
    kept = (await signIn("user-1")).cookie;
    const body = { name: "First", slug: "first", metadata: { colour: "blue" } };
    await request("organization/create", { cookie: kept, body });
  },
  async checks(place) {
    const results = [];
    for (const [name, check] of checks(place)) {
      const error = await check().then(
        () => null,
        (failed) => String(failed.message).slice(0, 300),
      );
      results.push({ name, error });
    }
    return results;
  },
  write: (name) => signUp(name),
  async titles(prefix) {
    const context = await auth.$context;
    const found = await context.adapter.findMany({
      model: "user",
      limit: 100_000,
      where: [{ field: "email", operator: "starts_with", value: prefix }],
    });
    return found.map(({ name }) => name);
  },
});
