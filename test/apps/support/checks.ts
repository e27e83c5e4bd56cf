import { isDeepStrictEqual } from "node:util";
import type { Program } from "./program.ts";

export interface Check {
  readonly name: string;
  /** Null where it passed. */
  readonly error: string | null;
}

type Ask = Program["ask"];

export interface ShelfOptions {
  /** Where the ORM keeps no fractions of a second. */
  readonly wholeSeconds: boolean;
}

const AUTHORS = 40;

/** An author as each ORM takes and gives it: JSON, with dates as ISO texts and bytes as hexadecimal digits. */
const madeAuthor = (number: number) => ({
  name: `Author ${number} Ærøskøbing 漢`,
  email: `a${number}@example.org`,
  active: number % 3 !== 0,
  rating: number % 5 === 0 ? null : number / 4,
  balance: `${number * 7}.${String((number * 13) % 100).padStart(2, "0")}`,
  born: `${1950 + number}-0${(number % 9) + 1}-28`,
  joined: new Date(Date.UTC(2020, number % 12, 1 + (number % 28), number % 24, 30, number, 123)).toISOString(),
  settings: { theme: number % 2 === 0 ? "dark" : "light", list: [1, 2, number], nested: { deep: true, none: null } },
  photo: Buffer.from([0, 255, number, 10, 13, 92]).toString("hex"),
  token: `0a1b2c3d-4e5f-4a6b-8c7d-${String(number).padStart(12, "0")}`,
});

type MadeAuthor = ReturnType<typeof madeAuthor>;

const cut = (made: MadeAuthor, wholeSeconds: boolean): MadeAuthor =>
  wholeSeconds ? { ...made, joined: made.joined.replace(/\.\d+Z$/, ".000Z") } : made;

/** Fills the empty tables through the ORM. */
export async function seedShelf(ask: Ask, { wholeSeconds }: ShelfOptions): Promise<void> {
  for (let number = 1; number <= AUTHORS; number++) {
    const id = await ask<number>("addAuthor", cut(madeAuthor(number), wholeSeconds));
    for (let post = 1; post <= 3; post++) {
      const made = await ask<number>("addPost", {
        authorId: id,
        title: `Post ${number}/${post}`,
        status: post === 1 ? "published" : "draft",
        views: number * post,
        big: 9_007_199_254_740_991 - number,
      });
      if (post === 1) for (const tag of ["red", `n${number % 4}`]) await ask("tag", made, tag);
    }
  }
}

/** One of many writes during a move. */
export async function writeToShelf(ask: Ask, title: string): Promise<void> {
  await ask("addPost", { authorId: 2, title, status: "draft", views: 1, big: 1 });
}

/** What an ORM must do on any database. Leaves behind only rows that say by `place` where they were written. */
export async function checkShelf(ask: Ask, place: string, options: ShelfOptions): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [name, check] of shelfChecks(ask, place, options))
    checks.push(
      await check().then(
        () => ({ name, error: null }),
        (error: unknown) => ({ name, error: (error instanceof Error ? error.message : String(error)).slice(0, 300) }),
      ),
    );
  return checks;
}

interface Author {
  readonly id: number;
  readonly [field: string]: unknown;
}

function shelfChecks(
  ask: Ask,
  place: string,
  { wholeSeconds }: ShelfOptions,
): readonly (readonly [string, () => Promise<void>])[] {
  const author = (number: number) => cut(madeAuthor(number), wholeSeconds);
  const field =
    (name: string, read: (value: unknown) => unknown = (value) => value) =>
    async () => {
      for (const number of [1, 5, 12, 40]) {
        const got = await ask<Author>("author", number);
        same(read(got[name]), read(author(number)[name as keyof MadeAuthor]), `author ${number}`);
      }
    };
  const extra = { email: `${place}@example.org`, name: place };
  let added = 0;
  return [
    ["reads text", field("name")],
    ["reads booleans as booleans", field("active")],
    ["reads floating point numbers and NULL", field("rating")],
    ["reads decimals", field("balance", Number)],
    ["reads dates", field("born")],
    ["reads timestamps to the millisecond", field("joined")],
    ["reads JSON as objects", field("settings")],
    ["reads bytes", field("photo")],
    ["reads UUIDs", field("token")],
    ["reads 64-bit integers", async () => same(await ask("big", 1), String(9_007_199_254_740_991 - 1), "big")],
    [
      "filters by boolean",
      async () => same((await ask<number[]>("authors", { active: false })).slice(0, 4), [3, 6, 9, 12], "ids"),
    ],
    ["filters by date", async () => same(await ask("authors", { bornBefore: "1954-01-01" }), [1, 2, 3], "ids")],
    [
      "filters by timestamp",
      async () => {
        const wanted = [...Array(AUTHORS).keys()].map((index) => index + 1);
        const after = "2020-11-15T00:00:00.000Z";
        const ids = (await ask<number[]>("authors", { joinedAfter: after })).filter((id) => id <= AUTHORS);
        same(
          ids,
          wanted.filter((number) => author(number).joined > after),
          "ids",
        );
      },
    ],
    ["pages", async () => same(await ask("authors", { limit: 5, offset: 10 }), [11, 12, 13, 14, 15], "ids")],
    [
      "joins",
      async () =>
        same(
          await ask("posts", 7),
          [1, 2, 3].map((post) => ({ title: `Post 7/${post}`, author: author(7).name })),
          "posts",
        ),
    ],
    ["aggregates", async () => same(Number(await ask("views", 7)), 42, "sum")],
    ["reads many to many", async () => same(await ask("tagsOf", 1), ["n1", "red"], "tags")],
    [
      "gives a new row a free key",
      async () => {
        added = await ask<number>("addAuthor", { ...author(1), ...extra, token: author(99).token });
        if (!(added > AUTHORS)) throw new Error(`the key is ${added}`);
      },
    ],
    [
      "reads back what it wrote",
      async () => {
        const { id: _id, ...got } = await ask<Author>("author", added);
        const wanted = { ...author(1), ...extra, token: author(99).token };
        same({ ...got, balance: Number(got["balance"]) }, { ...wanted, balance: Number(wanted.balance) }, "author");
      },
    ],
    [
      "updates",
      async () => {
        await ask("changeAuthor", added, { active: false, rating: 2.5, settings: { theme: "grey" } });
        const got = await ask<Author>("author", added);
        same([got["active"], got["rating"], got["settings"]], [false, 2.5, { theme: "grey" }], "author");
      },
    ],
    ["refuses an equal unique value", refused(() => ask("addAuthor", { ...author(2), ...extra }), /uniq|duplicate/i)],
    [
      "refuses a missing parent",
      refused(
        () => ask("addPost", { authorId: 999_999, title: "orphan", status: "draft", views: 0, big: 1 }),
        /foreign key/i,
      ),
    ],
    [
      "rolls a transaction back",
      async () => {
        const before = (await ask<number[]>("authors", {})).length;
        await ask("failingTransaction", {
          ...author(3),
          email: `rolled-${place}@example.org`,
          token: author(98).token,
        });
        same((await ask<number[]>("authors", {})).length, before, "authors");
      },
    ],
    [
      "links many to many, by an upsert",
      async () => {
        const post = await ask<number>("addPost", {
          authorId: added,
          title: `of ${place}`,
          status: "published",
          views: 1,
          big: 5,
        });
        for (const tag of ["red", place]) await ask("tag", post, tag);
        same(await ask("tagsOf", post), ["red", place].sort(), "tags");
      },
    ],
    [
      "takes the default values",
      async () => {
        const id = await ask<number>("addAuthor", { name: "plain", email: `plain-${place}@example.org` });
        const got = await ask<Author>("author", id);
        same(got["active"], true, "active");
        const age = Date.now() - Date.parse(String(got["joined"]));
        if (!(Math.abs(age) < 120_000)) throw new Error(`joined is ${String(got["joined"])}`);
        await ask("removeAuthor", id);
      },
    ],
    [
      "deletes with what hangs on it",
      async () => {
        await ask("removeAuthor", added);
        same(await ask("posts", added), [], "posts");
      },
    ],
  ];
}

const refused = (work: () => Promise<unknown>, pattern: RegExp) => async () => {
  const said = await work().then(
    () => "nothing was refused",
    (error: Error) => error.message,
  );
  if (!pattern.test(said)) throw new Error(said);
};

function same(got: unknown, wanted: unknown, what: string): void {
  if (!isDeepStrictEqual(got, wanted))
    throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}
