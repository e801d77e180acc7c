import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { valuesOf } from "@docket/domain";
import { allFacts, clocksOf, foldUpTo, queuesOf } from "../../test/folded.ts";
import { deed, newHistory, perform, type History } from "../../test/history.ts";
import { openHouse, password, type House } from "../../test/house.ts";
import { session, type Session } from "../../test/session.ts";

/**
 * Random histories on a real store and a real Postgres. At random moments everything is asked and kept; later each moment is asked
 * about, and must be answered as it was then. Other random moments are held against the domain's own folds of the store's events.
 */
let house: House;
let door: Session;
const history: History = newHistory();

interface Kept {
  readonly at: string;
  readonly answers: ReadonlyMap<string, unknown>;
}
const kept: Kept[] = [];
const day = 86_400_000;

const views = [
  "all-open",
  "unassigned",
  "my-line",
  "mine",
  "due-soon",
  "missed",
  "waiting",
  "under-control",
  "confirmation",
  "closed",
];
const directories = ["organizations", "contracts", "staff", "groups", "calendars", "routing-rules", "plans"];

beforeAll(async () => {
  house = await openHouse();
  door = await house.token("operator", ["read", "command", "intake"]);
}, 60_000);
afterAll(() => house.close());

/** People's sessions end by the clock that the histories move. */
const signedIn = async (login: string): Promise<Session> => session(house.app).login(login, password);

/** Every address that is asked about a moment. */
function questions(at: string): { readonly who: "olga" | "maria" | "audit"; readonly path: string }[] {
  const until = new Date(Date.parse(at) + 2 * day).toISOString();
  const paths = [
    "/tickets?limit=500",
    "/tickets?sort=number&limit=3",
    "/queues",
    "/contacts?limit=500",
    "/queues/intake?limit=2",
    "/sla/clocks?limit=500&sort=startedAt",
    "/sla/judgements?limit=500",
    "/contracts/c-1",
    "/calendars/msk",
    "/groups/l3",
    ...views.map((view) => `/queues/${view}?limit=${view === "all-open" ? 2 : 500}`),
    ...directories.map((name) => `/${name}?limit=500`),
    ...history.tickets
      .slice(-4)
      .flatMap((id) => [`/tickets/${id}`, `/tickets/${id}/clocks`, `/tickets/${id}/timeline?limit=1000`]),
    ...history.contacts.slice(-3).map((id) => `/contacts/${id}`),
  ];
  return [
    ...paths.map((path) => ({ who: "olga" as const, path })),
    { who: "maria", path: `/forecast?until=${until}&limit=500` },
    // Reading is recorded as well, a moment later and on streams of its own, so those are left out.
    {
      who: "audit",
      path: "/journal?limit=500&streamKind=ticket,contact,organization,contract,staff,group,calendar,plan",
    },
  ];
}
/** An answer without what says when it was asked, and with all of its pages. */
async function answer(who: Session, path: string, more: string): Promise<unknown> {
  const join = path.includes("?") ? "&" : "?";
  const items: unknown[] = [];
  for (let page = ""; ;) {
    const { status, body } = await who.get(`/v1${path}${join}${more}${page}`, {
      headers: { "docket-wait-position": history.position },
    });
    if (status !== 200) return { status, code: body.code };
    const { position: _position, asOf: _asOf, nextPage, suggestions: _suggestions, ...rest } = body;
    if (!Array.isArray(rest.items)) return rest;
    items.push(...rest.items);
    if (nextPage === null || nextPage === undefined || !path.match(/limit=[23]$/)) return { ...rest, items };
    page = `&page=${nextPage}`;
  }
}

async function askAll(asked: ReturnType<typeof questions>, more: string): Promise<Map<string, unknown>> {
  const people = { olga: await signedIn("olga"), maria: await signedIn("maria"), audit: await signedIn("audit") };
  const answers = new Map<string, unknown>();
  for (const { who, path } of asked) answers.set(path, await answer(people[who], path, more));
  return answers;
}

async function keep(): Promise<void> {
  const at = house.clock.now().toISOString();
  kept.push({ at, answers: await askAll(questions(at), "") });
  // what is recorded from here on is recorded later
  house.clock.advanceBy(1);
}

const part = fc.record({
  deeds: fc.array(deed, { minLength: 10, maxLength: 20 }),
  /** where between the first moment of the history and now other moments lie, in thousandths; below 0 before the beginning */
  places: fc.array(fc.integer({ min: -50, max: 1_000 }), { minLength: 2, maxLength: 2 }),
});

it(
  "a moment's answers are those that were given then, and those that the store's events up to it give",
  { timeout: 600_000 },
  async () => {
    const begin = house.clock.now().getTime();
    await fc.assert(
      fc.asyncProperty(part, async ({ deeds, places }) => {
        for (const one of deeds) await perform(house, door, history, one);
        await keep();
        const then = kept[Math.abs(places[0] ?? 0) % kept.length] as Kept;
        await asItWas(then);
        const now = house.clock.now().getTime();
        for (const place of places)
          await asFolded(new Date(Math.round(begin + ((now - 1 - begin) * place) / 1_000)).toISOString());
      }),
      { numRuns: Number(process.env["PAST_RUNS"] ?? 6), endOnFailure: true },
    );
    for (const then of kept) await asItWas(then);
    for (const { at } of kept) await asFolded(at);
    expect(history.done).toBeGreaterThan(5);
  },
);

/** All that was asked at a moment is asked again, about that moment. */
async function asItWas({ at, answers }: Kept): Promise<void> {
  const asked = [...answers.keys()].map((path) => ({
    path,
    who: path.startsWith("/forecast")
      ? ("maria" as const)
      : path.startsWith("/journal")
        ? ("audit" as const)
        : ("olga" as const),
  }));
  const again = await askAll(asked, `asOf=${at}`);
  for (const [path, given] of answers)
    expect({ at, path, answer: again.get(path) }).toEqual({ at, path, answer: given });
}

/** What the read models say of a moment is what the domain's folds make of the events recorded up to it. */
async function asFolded(at: string): Promise<void> {
  const folded = foldUpTo(await allFacts(house.store), at);
  const olga = await signedIn("olga");
  const get = async (
    path: string,
  ): Promise<{ items: Record<string, unknown>[]; counters: { view: string; count: number }[] }> =>
    (await olga.get(`/v1${path}${path.includes("?") ? "&" : "?"}asOf=${at}`)).body;
  const queues = queuesOf(folded, "olga", at);
  for (const view of views) {
    const { items } = await get(`/queues/${view}?limit=500`);
    expect({ at, view, found: items.map(({ number }) => number).toSorted() }).toEqual({
      at,
      view,
      found: queues[view],
    });
  }
  const waiting = [...folded.contacts.values()].filter(({ status }) =>
    ["received", "held", "verified"].includes(status),
  );
  for (const { view, count } of (await get("/queues")).counters)
    expect({ at, view, count }).toEqual({ at, view, count: view === "intake" ? waiting.length : queues[view]?.length });
  const tickets = (await get("/tickets?limit=500")).items;
  expect(tickets.map(essence).toSorted(byId)).toEqual([...folded.tickets.values()].map(essenceOfState).toSorted(byId));
  const clocks = (await get("/sla/clocks?limit=500")).items;
  expect(
    clocks
      .map((one) =>
        [
          one["ticketId"],
          one["kind"],
          one["line"],
          one["cycle"],
          one["state"],
          one["ticking"],
          one["deadline"],
          one["target"],
          one["extendedTo"],
        ].join("/"),
      )
      .toSorted(),
  ).toEqual(clocksOf(folded));
  const judged = (await get("/sla/judgements?limit=500")).items;
  expect(
    judged
      .map((one) => [one["ticketId"], one["kind"], one["line"] ?? "null", one["cycle"], one["outcome"]].join("/"))
      .toSorted(),
  ).toEqual(folded.judgements);
  const contacts = (await get("/contacts?limit=500")).items;
  expect(
    contacts
      .map(({ contactId, status, ticketId, organizationId }) => [contactId, status, ticketId, organizationId])
      .toSorted(),
  ).toEqual(
    [...folded.contacts.values()]
      .map(({ contactId, status, ticketId, entitlement }) => [
        contactId,
        status,
        ticketId,
        entitlement?.organizationId ?? null,
      ])
      .toSorted(),
  );
  const states = async (path: string) =>
    (await get(`${path}?limit=500`)).items.map(({ id, state }) => [id, state] as const).toSorted();
  const { directory } = folded;
  // an entry's `active` stands beside its state
  expect(
    (await get("/groups?limit=500")).items
      .map(({ id, active, state }) => [id, { ...(state as object), active }])
      .toSorted(),
  ).toEqual(valuesOf(directory.groups).map((group) => [group.groupId, group]));
  expect(await states("/calendars")).toEqual(valuesOf(directory.calendars).map((entry) => [entry.calendarId, entry]));
  expect(await states("/contracts")).toEqual(valuesOf(directory.contracts).map((one) => [one.contractId, one]));
  expect(await states("/staff")).toEqual(valuesOf(directory.staff).map((one) => [one.staffId, one]));
}

const byId = (a: { ticketId: unknown }, b: { ticketId: unknown }): number =>
  String(a.ticketId) < String(b.ticketId) ? -1 : 1;

const essence = (row: Record<string, unknown>) => ({
  ticketId: row["ticketId"],
  number: row["number"],
  status: row["status"],
  closedBecause: row["closedBecause"],
  type: row["type"],
  priority: row["priority"],
  classified: row["classified"],
  product: row["product"],
  line: row["line"],
  groupId: row["groupId"],
  engineerId: row["engineerId"],
  returns: row["returns"],
  revision: row["revision"],
  autoCloseAt: row["autoCloseAt"],
});

const essenceOfState = (
  state: ReturnType<typeof foldUpTo>["tickets"] extends ReadonlyMap<string, infer T> ? T : never,
) => ({
  ticketId: state.ticketId,
  number: state.number,
  status: state.status,
  closedBecause: state.closedBecause,
  type: state.type,
  priority: state.priority,
  classified: state.classified,
  product: state.product,
  line: state.assignment?.line ?? null,
  groupId: state.assignment?.groupId ?? null,
  engineerId: state.assignment?.engineerId ?? null,
  returns: state.cycle - 1,
  revision: state.revision,
  autoCloseAt: state.confirmation?.autoCloseAt == null ? null : new Date(state.confirmation.autoCloseAt).toISOString(),
});
