import { expect, it } from "vitest";
import { actAsOrigin, actAsReplica } from "../../src/target/deferred/restore-early.ts";
import { openTarget } from "../../src/target/target.ts";
import { superuser } from "../support/superuser.ts";

// `rehearse` said that no step can be done, of every role without the privilege: RESET needs it as SET does.
it("a role that may not act as a replica goes on as it is", async () => {
  const url = new URL(await superuser());
  const server = openTarget({ url: url.href });
  const role = `plain_role_${process.pid}`;
  try {
    const session = await server.session();
    await session.run(`create role ${role} login password 'plain'`);
  } finally {
    await server.close();
  }
  url.username = role;
  url.password = "plain";
  const target = openTarget({ url: url.href });
  try {
    const session = await target.session();
    expect(await actAsReplica(session)).toBe(false);
    await actAsOrigin(session);
    expect(await session.rows("select 1 as alive", [])).toEqual([{ alive: 1 }]);
  } finally {
    await target.close();
  }
});
