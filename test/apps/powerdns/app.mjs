// The authoritative server with its HTTP API: zones, records and keys lie in its database.
import { execFileSync, spawn } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { assert, refusal, runChecks } from "./serve-checks.mjs";
import { isPostgres, serveLines, sqliteFile } from "./serve-lines.mjs";

if (["schema", "migrate"].includes(process.argv[2])) {
  const schema = (kind) => `/usr/share/pdns-backend-${kind}/schema/schema.${kind}.sql`;
  if (isPostgres())
    execFileSync("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-f", schema("pgsql"), process.env.DATABASE_URL]);
  else execFileSync("sqlite3", [sqliteFile(), `.read ${schema("sqlite3")}`]);
  process.exit(0);
}

const free = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const [dns, http] = [await free(), await free()];

function backend() {
  if (!isPostgres()) return ["--launch=gsqlite3", `--gsqlite3-database=${sqliteFile()}`, "--gsqlite3-dnssec=yes"];
  const { hostname, port, username, password, pathname } = new URL(process.env.DATABASE_URL);
  return [
    "--launch=gpgsql",
    `--gpgsql-host=${hostname}`,
    `--gpgsql-port=${port}`,
    `--gpgsql-user=${decodeURIComponent(username)}`,
    `--gpgsql-password=${decodeURIComponent(password)}`,
    `--gpgsql-dbname=${decodeURIComponent(pathname.slice(1))}`,
    "--gpgsql-dnssec=yes",
  ];
}

spawn(
  "/usr/sbin/pdns_server",
  [
    "--config-dir=/nonexistent",
    "--daemon=no",
    "--guardian=no",
    "--disable-syslog",
    `--socket-dir=${process.cwd()}`,
    "--local-address=127.0.0.1",
    `--local-port=${dns}`,
    "--api=yes",
    "--api-key=secret",
    "--webserver=yes",
    `--webserver-port=${http}`,
    "--cache-ttl=0",
    "--query-cache-ttl=0",
    "--negquery-cache-ttl=0",
    "--zone-cache-refresh-interval=0",
    "--default-soa-content=a.misconfigured.dns.server.invalid hostmaster.@ 0 10800 3600 604800 3600",
    ...backend(),
  ],
  { stdio: ["ignore", 2, 2] },
);

async function api(path, { method = "GET", body } = {}) {
  const answer = await fetch(`http://127.0.0.1:${http}/api/v1/servers/localhost/${path}`, {
    method,
    headers: { "X-API-Key": "secret", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

for (let tries = 0; ; tries++) {
  const isUp = await api("zones").then(
    () => true,
    () => false,
  );
  if (isUp) break;
  if (tries > 200) throw new Error("PowerDNS does not answer");
  await delay(100);
}

const resolver = new Resolver();
resolver.setServers([`127.0.0.1:${dns}`]);

const rrset = (name, type, ...contents) => ({
  name,
  type,
  ttl: 300,
  changetype: "REPLACE",
  records: contents.map((content) => ({ content, disabled: false })),
});

const makeZone = (name) =>
  api("zones", { method: "POST", body: { name, kind: "Native", nameservers: [`ns1.${name}`, `ns2.${name}`] } });
const change = (zone, ...rrsets) => api(`zones/${zone}`, { method: "PATCH", body: { rrsets } });

const text = (value) => `"${value}"`;

const checks = (place) => [
  ["lists the zones", async () => assert((await api("zones")).length >= 20, "too few zones")],
  [
    "answers a query for an address",
    async () => assert((await resolver.resolve4("www.zone-3.example")).join() === "192.0.2.3", "another address"),
  ],
  [
    "answers MX, TXT and AAAA",
    async () => {
      const [mail] = await resolver.resolveMx("zone-4.example");
      assert(mail.exchange === "mail.zone-4.example" && mail.priority === 10, mail);
      const [[words]] = await resolver.resolveTxt("zone-4.example");
      assert(words === "v=spf1 -all; zone 4", words);
      assert((await resolver.resolve6("www.zone-4.example")).join() === "2001:db8::4", "another AAAA");
    },
  ],
  [
    "reads a comment of a record",
    async () => {
      const zone = await api("zones/zone-5.example.");
      const { comments } = zone.rrsets.find(({ name, type }) => name === "www.zone-5.example." && type === "A");
      assert(comments[0]?.content === "by hand, ü", comments);
    },
  ],
  [
    "keeps DNSSEC keys, and answers signed",
    async () => {
      const keys = await api("zones/zone-1.example./cryptokeys");
      assert(keys.length === 1 && keys[0].active === true && keys[0].dnskey.length > 40, keys);
    },
  ],
  [
    "reads metadata",
    async () => {
      const { metadata } = await api("zones/zone-1.example./metadata/ALLOW-AXFR-FROM");
      assert(metadata.join() === "192.0.2.0/24", metadata);
    },
  ],
  [
    "makes a zone",
    async () => {
      await makeZone(`${place}.example.`);
      await change(`${place}.example.`, rrset(`a.${place}.example.`, "A", "198.51.100.7"));
      assert((await resolver.resolve4(`a.${place}.example`)).join() === "198.51.100.7", "no answer");
    },
  ],
  [
    "refuses a zone twice",
    async () => assert(/409|Conflict/.test(await refusal(() => makeZone("zone-2.example."))), "?"),
  ],
  [
    "replaces a record",
    async () => {
      await change(`${place}.example.`, rrset(`a.${place}.example.`, "A", "198.51.100.8", "198.51.100.9"));
      const addresses = (await resolver.resolve4(`a.${place}.example`)).sort();
      assert(addresses.join() === "198.51.100.8,198.51.100.9", addresses);
    },
  ],
  [
    "disables a record",
    async () => {
      const set = rrset(`off.${place}.example.`, "A", "198.51.100.10");
      await change(`${place}.example.`, { ...set, records: [{ ...set.records[0], disabled: true }] });
      assert(/ENOTFOUND|ENODATA/.test(await refusal(() => resolver.resolve4(`off.${place}.example`))), "it answers");
    },
  ],
  [
    "finds by search",
    async () => {
      const found = await api("search-data?q=*zone-6*&max=50");
      assert(found.some(({ object_type: type }) => type === "record") && found.some(({ zone_id: id }) => id), found);
    },
  ],
  [
    "secures a zone",
    async () => {
      await api(`zones/${place}.example./cryptokeys`, { method: "POST", body: { keytype: "csk", active: true } });
      const keys = await api(`zones/${place}.example./cryptokeys`);
      assert(keys.length === 1 && keys[0].id > 1, keys);
    },
  ],
  [
    "deletes a zone with all that it has",
    async () => {
      await api(`zones/${place}.example.`, { method: "DELETE" });
      assert(/ENOTFOUND|EREFUSED|ENODATA/.test(await refusal(() => resolver.resolve4(`a.${place}.example`))), "left");
    },
  ],
];

await serveLines({
  async seed() {
    for (let number = 1; number <= 20; number++) {
      const zone = `zone-${number}.example.`;
      await makeZone(zone);
      const comments = [{ content: "by hand, ü", account: "admin" }];
      await change(
        zone,
        { ...rrset(`www.${zone}`, "A", `192.0.2.${number}`), comments },
        rrset(`www.${zone}`, "AAAA", `2001:db8::${number}`),
        rrset(zone, "MX", `10 mail.${zone}`),
        rrset(zone, "TXT", text(`v=spf1 -all; zone ${number}`)),
      );
    }
    await api("zones/zone-1.example./cryptokeys", { method: "POST", body: { keytype: "csk", active: true } });
    const metadata = { kind: "ALLOW-AXFR-FROM", metadata: ["192.0.2.0/24"] };
    await api("zones/zone-1.example./metadata", { method: "POST", body: metadata });
  },
  checks: (place) => runChecks(checks(place)),
  write: (name) => change("zone-2.example.", rrset(`${name}.zone-2.example.`, "TXT", text(name))),
  async titles(prefix) {
    const { rrsets } = await api("zones/zone-2.example.");
    return rrsets.map(({ name }) => name.split(".")[0]).filter((name) => name.startsWith(prefix));
  },
});
