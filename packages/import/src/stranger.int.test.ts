import {
  evolveTicket,
  type Fact,
  personalFieldsOf,
  type TicketEvent,
  type TicketState,
  visitLeaves,
} from "@docket/domain";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importTexts, inWindows1251, memoryStore, type MemoryStore, scratch } from "../test/harness.ts";

let files: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => void (files = await scratch()));
afterEach(() => files.remove());

const contract = `contract:
  organization: {name: Old customer}
  calendar: 24x7
  targets:
    - {type: incident, priority: high, reaction: 1h, resolution: 8h}
    - {type: incident, priority: medium, reaction: 1h, resolution: 8h}
    - {type: incident, priority: low, reaction: 1h, resolution: 8h}
`;

function ticketOf(
  { streams }: MemoryStore,
  number: string,
): { state: TicketState; facts: readonly Fact<TicketEvent>[] } {
  for (const facts of streams.values()) {
    let state: TicketState | null = null;
    for (const fact of facts) state = evolveTicket(state, fact as Fact<TicketEvent>);
    if (state?.number === number) return { state, facts: facts as unknown as Fact<TicketEvent>[] };
  }
  throw new Error(`no ticket ${number}`);
}
const steps = (facts: readonly Fact<TicketEvent>[]): string[] =>
  facts
    .map(({ type }) => type)
    .filter((type) => /Accepted|Asked|Answered|Resolved|Confirmed|Withdrawn|Returned|Missed/.test(type));

describe("logs of other companies", () => {
  it("whose state stands in two columns, with groups whose names tell their line", async () => {
    const mapping = `version: 1
source: vinst
file: {delimiter: ";"}
ticket:
  key: SR Number
  rowTime: Change Date+Time
  subject: {text: "{Product} / {Country}"}
  group: Involved ST
  line: {groups: {"*3rd": 3, "*2nd": 2}, otherwise: 1}
  priority: {text: "{Impact}-{Urgency}", values: {High-*: high, "*-Low": low}, otherwise: medium}
status:
  text: "{Status}/{Sub Status}"
  values: {Queued/*: new, Accepted/Wait - User: waiting_customer, Accepted/*: in_work, Completed/Resolved: resolved, Completed/Closed: closed, Completed/Cancelled: withdrawn}
${contract}`;
    const data = [
      "\uFEFFSR Number;Change Date+Time;Status;Sub Status;Involved ST;Product;Country;Impact;Urgency",
      "1-700;2012-04-02T09:00:00+01:00;Queued;Awaiting Assignment;V5 3rd;PROD1;Sweden;High;Low",
      "1-700;2012-04-02T10:00:00+01:00;Accepted;In Progress;D8 2nd;PROD1;Sweden;High;Low",
      "1-700;2012-04-02T11:00:00+01:00;Accepted;Wait - User;D8 2nd;PROD1;Sweden;High;Low",
      "1-700;2012-04-02T12:00:00+01:00;Completed;Resolved;G9;PROD1;Sweden;High;Low",
      "1-700;2012-04-02T13:00:00+01:00;Completed;Closed;G9;PROD1;Sweden;High;Low",
      "1-701;2012-04-02T13:00:00+01:00;Unmatched;Unmatched;G9;;;Low;Low",
    ].join("\r\n");
    const memory = memoryStore();
    const { summary, report } = await importTexts(files, memory.store, mapping, data);
    const { state, facts } = ticketOf(memory, "1-700");
    expect(state).toMatchObject({ status: "closed", priority: "high", subject: "PROD1 / Sweden" });
    expect(steps(facts)).toContain("TicketCustomerAsked");
    expect(
      facts.flatMap(({ type, data: of }) => (type === "TicketAssigned" ? [(of as { line: number }).line] : [])),
    ).toEqual(expect.arrayContaining([3]));
    // The columns of its subject say nothing: it gets its key.
    expect(ticketOf(memory, "1-701").state.subject).toBe("1-701");
    expect(report.map(({ row, code, detail }) => [row, code, detail])).toEqual([
      [7, "state_unknown", "Unmatched/Unmatched"],
    ]);
    expect(summary.reasons).toEqual([
      { code: "state_unknown", outcome: "partly", count: 1, words: ["Unmatched/Unmatched (1)"] },
    ]);
  });

  it("that begin in the middle: what a field was before its first change is taken from the change", async () => {
    const mapping = `version: 1
source: jira
ticket:
  key: key
  rowTime: created
  subject: {text: "{key}"}
  priority: {values: {Critical: high, Major: medium, Minor: low}}
changes:
  field: field
  from: from
  to: to
  names: {status: status, priority: priority, assignee: person}
status:
  values: {Open: new, In Progress: in_work, Resolved: resolved, Closed: closed}
  transitions: [{from: Open, to: Closed, as: withdrawn}]
${contract}`;
    const data = `key,created,author,field,from,to
H-1,2023-02-13T03:41:00.000+0100,x,description,"a
b",c
H-1,2023-02-13T04:41:00.000+0100,x,assignee,,Mary
H-1,2023-02-13T05:41:00.000+0100,x,status,In Progress,Resolved
H-1,2023-02-13T06:41:00.000+0100,x,priority,Critical,Minor
H-2,2023-02-13T06:41:00.000+0100,x,status,Open,Closed
`;
    const memory = memoryStore();
    const { report } = await importTexts(files, memory.store, mapping, data);
    const { facts } = ticketOf(memory, "H-1");
    const classified = facts.find(({ type }) => type === "TicketClassified");
    expect(classified?.data).toMatchObject({ priority: "high" });
    const accepted = facts.find(({ type }) => type === "TicketAccepted");
    expect(accepted?.meta.recordedAt).toBe("2023-02-13T02:41:00.000Z");
    expect(ticketOf(memory, "H-2").state.closedBecause).toBe("withdrawn");
    expect(report.map(({ code }) => code)).toEqual(["wrong_status"]);
  });

  it("as spreadsheets save them: windows-1251, a first line sep=;, a title above the table, months by name", async () => {
    const mapping = `version: 1
source: excel
file: {encoding: windows-1251, delimiter: ";", skipLines: 2}
time: {formats: "d MMM yyyy, H:mm", zone: Europe/Moscow}
ticket:
  key: Номер
  rowTime: Дата
  subject: Тема
  requester: {name: Заявитель, email: Почта}
status:
  column: Статус
  values: {Новая: new, В работе: in_work}
${contract}`;
    const text =
      'sep=;\r\nВыгрузка за май\r\nНомер;Дата;Тема;Статус;Заявитель;Почта\r\nЗ-17;5 мая 2024, 9:05;"Не ""печатает""; срочно";Новая;Иванов;Иванов И. <ivanov@x.example>\r\n';
    const memory = memoryStore();
    const { report, summary } = await importTexts(files, memory.store, mapping, inWindows1251(text));
    expect(report).toEqual([]);
    expect(summary).toMatchObject({ rows: 1, from: "2024-05-05T06:05:00.000Z" });
    const registered = [...memory.streams.values()].flat().find(({ type }) => type === "TicketRegistered");
    expect(registered?.data).toMatchObject({
      subject: 'Не "печатает"; срочно',
      requester: { name: "Иванов", email: "ivanov@x.example" },
    });
  });
});

const everything = `version: 1
source: old
time: {formats: [iso, d.M.yyyy H:mm]}
ticket:
  key: id
  rowTime: at
  openedAt: opened
  subject: title
  description: body
  organization: customer
  requester: {key: caller, name: caller, email: mail, phone: phone}
  group: team
  person: worker
  personEmail: worker_mail
  product: thing
  region: where
  priority: {column: prio, values: {1: high, 2: medium, 3: low}}
status:
  column: state
  values: {Open: new, Work: in_work, Wait: waiting_customer, Done: resolved, Shut: closed}
keep: [state, category, caller, mail, phone, title, worker, remark, alias]
keepTexts: [body]
${contract}`;
const columns =
  "id,at,opened,title,body,customer,caller,mail,phone,team,worker,worker_mail,thing,where,prio,state,category,remark,alias";

const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

describe("what a mapping keeps beside a ticket", () => {
  const secrets = {
    caller: "Zinaida Quux",
    mail: "zina@quux.example",
    phone: "+7 495 765-43-21",
    title: "Grandmother's recipe",
    body: "the cat sat on my keyboard",
    worker: "Vladlen Smithee",
    worker_mail: "vladlen@desk.example",
    remark: "Please call my husband Hieronymus after six",
  };
  const row = (at: string, state: string, more: Partial<Record<string, string>> = {}): string => {
    const cells: Record<string, string> = {
      ...secrets,
      id: "T-1",
      at,
      opened: "",
      customer: "Old customer",
      team: "Net",
      thing: "Router",
      where: "Omsk",
      prio: "2",
      state,
      category: "Category 5",
      alias: secrets.caller,
      ...more,
    };
    return columns
      .split(",")
      .map((name) => `"${(cells[name] ?? "").replaceAll('"', '""')}"`)
      .join(",");
  };

  it("holds nobody's name, address or words in clear, whatever the mapping lists under keep", async () => {
    const data = [
      columns,
      row("2024-03-01", "Open"),
      row("2024-03-02", "Work", { category: secrets.worker }),
      row("2024-03-03", "zina@quux.example asked again"),
      row("2024-03-04", "Done", { category: "Category 6" }),
    ].join("\n");
    const memory = memoryStore();
    // The widest mapping there is: any state is taken as it stands.
    const { summary } = await importTexts(
      files,
      memory.store,
      everything.replace("status:\n", "status:\n  otherwise: in_work\n"),
      data,
    );
    expect(summary.outcomes.refused).toBe(0);
    const records = [...memory.streams.values()].flat().filter(({ type }) => type === "TicketSourceRecorded");
    expect(records.length).toBeGreaterThan(2);
    for (const { data: of } of records as unknown as { data: { texts: string } }[])
      expect(JSON.parse(of.texts)).toMatchObject({
        caller: secrets.caller,
        remark: secrets.remark,
        alias: secrets.caller,
      });
    expect(records[0]?.data).toMatchObject({
      fields: [
        { name: "state", value: "Open" },
        { name: "category", value: "Category 5" },
      ],
    });

    // Of everything that was written, without what is sealed per person: nothing of them is left.
    for (const facts of memory.streams.values())
      for (const fact of facts) {
        const plain = structuredClone(fact.data) as Record<string, unknown>;
        for (const { path } of personalFieldsOf(fact.type))
          visitLeaves(plain, path, ({ parent, key }) => void (parent[key] = "sealed"));
        // Neither as they stand nor as a part of an id.
        const said = bare(JSON.stringify(plain));
        for (const secret of Object.values(secrets)) expect(said, `${fact.type} ${secret}`).not.toContain(bare(secret));
      }
  });
});

describe("rows of any dirt", () => {
  const nasty = fc.constantFrom(
    "",
    " ",
    "?",
    "\0",
    "\u0007x",
    "\uD800",
    "x".repeat(400),
    "😀".repeat(120),
    '"',
    "a\nb",
    "=1+1",
    "__proto__",
    "null",
    "0001-01-01",
    "1899-12-30",
    "9999-12-31",
    "2024-02-30",
    "2024-03-01T10:00:00Z",
    "1.3.2024 9:00",
    "-1",
    "1e308",

    "a@b",
    "a@b.c",
    "A@B.C",
    "Anna <a@b.c>",
    "a@b..c",
    "@",
    `${"m".repeat(300)}@x.y`,
    "ООО «Ромашка»",
    "Open",
    "Work",
    "Done",
    "Shut",
    "Wait",
    "1",
    "2",
    "3",
    "SC-1",
    "T 1",
    "constructor",
  );
  const rowOf = fc.record({
    id: fc.oneof(fc.constantFrom("T-1", "T-2", "T-3"), nasty),
    at: fc.oneof(
      fc
        .date({ min: new Date("2024-01-01"), max: new Date("2024-03-01"), noInvalidDate: true })
        .map((date) => date.toISOString()),
      nasty,
    ),
    state: fc.oneof(fc.constantFrom("Open", "Work", "Wait", "Done", "Shut"), nasty),
    rest: fc.array(nasty, { minLength: 16, maxLength: 16 }),
  });

  const states = everything.slice(everything.indexOf("status:"), everything.indexOf("keep:"));
  const forms = {
    snapshots: everything,
    changes: everything
      .replace("priority: {column: prio, ", "order: time\n  priority: {")
      .replace("  column: state\n", "")
      .replace(
        "status:\n",
        "changes: {field: prio, from: category, to: state, names: {1: status, 2: priority, 3: person, Wo*: group}}\nstatus:\n",
      ),
    lists: everything.replace("  rowTime: at\n  openedAt: opened\n", "").replace(
      states,
      `moments:
  - {column: at, as: new}
  - {column: opened, as: in_work}
  - {column: alias, as: resolved}
  - {column: remark, as: {column: state, values: {Wait: withdrawn}, otherwise: closed}}
`,
    ),
  };

  it.each(Object.entries(forms))(
    "of %s stop no import, and each is in one count, with its reason if it was not taken",
    async (form, mapping) => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(rowOf, { minLength: 1, maxLength: 12 }), async (rows) => {
          const names = columns.split(",");
          const lines = rows.map(({ id, at, state, rest }) => {
            const others = [...rest];
            return names
              .map((name) =>
                name === "id" ? id : name === "at" ? at : name === "state" ? state : (others.shift() ?? ""),
              )
              .map((cell) => `"${cell.replaceAll('"', '""')}"`)
              .join(",");
          });
          const memory = memoryStore();
          const { summary, report } = await importTexts(files, memory.store, mapping, [columns, ...lines].join("\n"), {
            work: `${form}-${++run}`,
          });
          const { outcomes } = summary;
          expect(summary.rows).toBe(rows.length);
          expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
          const { refused, partly, adjusted } = outcomes;
          expect(new Set(report.map(({ row }) => row)).size).toBe(refused + partly + adjusted);
          // Of a list's line one moment may be refused and another taken.
          if (form === "lists") return;
          // Whatever was not taken as it stands has its line in the report.
          const worst = new Map<number, string>();
          for (const { row, outcome } of report)
            if (worst.get(row) !== "refused" && !(worst.get(row) === "partly" && outcome === "adjusted"))
              worst.set(row, outcome);
          for (const outcome of ["refused", "partly", "adjusted"] as const)
            expect(
              [...worst.values()].filter((one) => one === outcome),
              outcome,
            ).toHaveLength(outcomes[outcome]);
        }),
        { numRuns: 20 },
      );
    },
    120_000,
  );

  it("are a key's own trouble when a key is no ticket's: rows beyond 20,000 of one are reported, not held", async () => {
    const rows = Array.from({ length: 20_003 }, (_, i) => `same,${new Date(1.7e12 + i * 1000).toISOString()},Open`);
    const mapping = `version: 1
source: old
ticket: {key: id, rowTime: at, subject: id}
status: {column: state, values: {Open: new}}
${contract}`;
    const { summary, report } = await importTexts(files, null, mapping, ["id,at,state", ...rows].join("\n"), {
      dryRun: true,
    });
    expect(summary.outcomes).toMatchObject({ taken: 1, unchanged: 19_999, refused: 3 });
    expect(report.map(({ row, code }) => [row, code])).toEqual([
      [20_002, "ticket_too_long"],
      [20_003, "ticket_too_long"],
      [20_004, "ticket_too_long"],
    ]);
  }, 60_000);
});
