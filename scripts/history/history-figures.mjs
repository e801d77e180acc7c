#!/usr/bin/env node
// Figures of the ServiceNow incident log, computed straight from its CSV. A check on the import: it shares no code with it, only
// Node's own library. Usage: node scripts/history/history-figures.mjs FILE.csv[.gz] > figures.json
//
// The definitions, which docs/import-figures.md states in words:
//  - A row counts from its sys_updated_at (UTC); where that lies before an earlier row's of the same incident, from the latest time
//    seen so far. Rows of an incident stand in the order of the file.
//  - State: New; In work (Active, Awaiting Vendor / Problem / Evidence); Waiting (Awaiting User Info); Resolved; Closed. A state that
//    is none of these (-100) leaves the state as it was.
//  - Closed is the end: what later rows of that incident say is not counted.
//  - "?" and nothing: not stated; what was known before holds.
//  - A resolved incident keeps its priority, group and person until it is reopened.
//  - New never follows work that has begun (it does not in this log; the script says so if it does).
//  - An incident belongs to no group until a row names one; work in hand without a named group belongs to "not known".
//  - Priority: 1 and 2 are high, 3 is medium, 4 is low.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write("usage: history-figures.mjs FILE.csv[.gz]\n");
  process.exit(2);
}

const stateOf = {
  New: "new",
  Active: "in_work",
  "Awaiting Vendor": "in_work",
  "Awaiting Problem": "in_work",
  "Awaiting Evidence": "in_work",
  "Awaiting User Info": "waiting",
  Resolved: "resolved",
  Closed: "closed",
};
const priorityOf = { "1 - Critical": "high", "2 - High": "high", "3 - Moderate": "medium", "4 - Low": "low" };
export const moments = [
  "2016-03-01T00:00:00.000Z",
  "2016-03-07T09:30:00.000Z",
  "2016-03-15T00:00:00.000Z",
  "2016-03-31T23:59:59.999Z",
  "2016-04-12T12:00:00.000Z",
  "2016-04-30T00:00:00.000Z",
  "2016-05-09T08:15:00.000Z",
  "2016-05-20T18:00:00.000Z",
  "2016-07-01T00:00:00.000Z",
  "2017-02-15T15:00:00.000Z",
];
const times = moments.map((moment) => Date.parse(moment));
const UNKNOWN = "not known";

/** 29/2/2016 01:16 -> milliseconds */
function timeOf(text) {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{2}):(\d{2})$/.exec(text);
  if (match === null) return null;
  const [day, month, year, hour, minute] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute);
}
const stated = (text) => (text === "" || text === "?" ? null : text);

function cellsOf(line) {
  if (!line.includes('"')) return line.split(",");
  const cells = [];
  for (let at = 0; at <= line.length;) {
    if (line[at] === '"') {
      let text = "";
      for (at++; !(line[at] === '"' && line[at + 1] !== '"'); at++) {
        if (at >= line.length) throw new Error("a quote is open at the line's end");
        text += line[at];
        if (line[at] === '"') at++;
      }
      cells.push(text);
      at += 2;
    } else {
      const end = line.indexOf(",", at);
      cells.push(line.slice(at, end < 0 ? undefined : end));
      at = end < 0 ? line.length + 1 : end + 1;
    }
  }
  return cells;
}

const snapshots = moments.map(() => ({ incidents: 0, byStateAndPriority: {}, openByGroup: {} }));
const totals = {
  rows: 0,
  incidents: 0,
  rowsAfterClose: 0,
  rowsAfterCloseThatSaySomething: 0,
  rowsBack: 0,
  statesUnknown: 0,
  openedAfterRow: 0,
  newAfterWork: 0,
  groupChangesWhileResolved: 0,
  personChangesWhileResolved: 0,
  priorityChangesWhileResolved: 0,
  subjectChanges: 0,
  requesterChanges: 0,
  locationChanges: 0,
  reopened: 0,
  neverClosed: 0,
  missedBySource: 0,
  missedBySourceAtClose: 0,
};
/** sums of milliseconds: opening to the first work, opening to the last solution, opening to the close */
const spans = { firstWork: [0, 0], lastSolution: [0, 0], close: [0, 0] };

function tell(rows) {
  totals.incidents++;
  let now = -Infinity;
  let state = null;
  let [priority, group, person, opened, firstWork, solved, closed, judgement] = Array.from({ length: 8 }, () => null);
  /** the incident after each row: from when, and how it stood */
  const life = [];
  /** what an incident is called, by whom and from where it came: the last that was stated of each */
  const fixed = { subject: null, requester: null, location: null };
  const countFixed = (row) => {
    const words = [row.category, row.subcategory, row.u_symptom].map(stated);
    const told = {
      subject: words.every((word) => word === null) ? null : words.map((word) => word ?? "").join(" / "),
      requester: stated(row.caller_id),
      location: stated(row.location),
    };
    for (const [name, value] of Object.entries(told)) {
      if (value === null) continue;
      if (fixed[name] !== null && fixed[name] !== value) totals[`${name}Changes`]++;
      fixed[name] = value;
    }
  };
  for (const row of rows) {
    const at = timeOf(row.sys_updated_at);
    if (state === "closed") {
      totals.rowsAfterClose++;
      const same =
        row.incident_state === "Closed" &&
        priorityOf[row.priority] === priority &&
        (stated(row.assignment_group) ?? group) === group &&
        (stated(row.assigned_to) ?? person) === person;
      if (same) countFixed(row);
      else totals.rowsAfterCloseThatSaySomething++;
      continue;
    }
    countFixed(row);
    if (at < now) totals.rowsBack++;
    now = Math.max(now, at);
    if (opened === null) {
      opened = timeOf(row.opened_at);
      if (opened > at) totals.openedAfterRow++;
      opened = Math.min(opened, now);
    }
    let next = stateOf[row.incident_state];
    if (next === undefined) {
      totals.statesUnknown++;
      next = state ?? "new";
    }
    if (next === "new" && state !== null && state !== "new") {
      totals.newAfterWork++;
      next = "in_work";
    }
    const settled = state === "resolved" && (next === "resolved" || next === "closed");
    const [rowPriority, rowGroup, rowPerson] = [
      priorityOf[row.priority] ?? null,
      stated(row.assignment_group),
      stated(row.assigned_to),
    ];
    if (settled) {
      if (rowPriority !== null && rowPriority !== priority) totals.priorityChangesWhileResolved++;
      if (rowGroup !== null && rowGroup !== group) totals.groupChangesWhileResolved++;
      else if (rowPerson !== null && rowPerson !== person) totals.personChangesWhileResolved++;
    } else {
      priority = rowPriority ?? priority;
      const before = group;
      group = rowGroup ?? group ?? (next === "new" && rowPerson === null ? null : UNKNOWN);
      // A ticket that goes to another group leaves its person behind unless the row names one.
      person = rowPerson ?? (group === before ? person : null);
    }
    if (state === "resolved" && next !== "resolved" && next !== "closed") totals.reopened++;
    if (next !== "new" && firstWork === null) firstWork = now;
    if ((next === "resolved" || next === "closed") && state !== "resolved") solved = now;
    if (next === "closed") closed = now;
    state = next;
    judgement = row.made_sla;
    life.push({ from: now, state, priority, group });
  }
  if (state !== "closed") totals.neverClosed++;
  if (rows.at(-1).made_sla === "false") totals.missedBySource++;
  if (judgement === "false") totals.missedBySourceAtClose++;
  for (const [name, end] of [
    ["firstWork", firstWork],
    ["lastSolution", solved],
    ["close", closed],
  ]) {
    if (end === null) continue;
    spans[name][0] += end - opened;
    spans[name][1]++;
  }
  for (const [i, time] of times.entries()) {
    const then = life.findLast(({ from }) => from <= time);
    if (then === undefined) continue;
    const snapshot = snapshots[i];
    snapshot.incidents++;
    const key = `${then.state} ${then.priority}`;
    snapshot.byStateAndPriority[key] = (snapshot.byStateAndPriority[key] ?? 0) + 1;
    if (then.state !== "closed") {
      const name = then.group ?? "none";
      snapshot.openByGroup[name] = (snapshot.openByGroup[name] ?? 0) + 1;
    }
  }
}

const file = createReadStream(path);
const lines = createInterface({ input: path.endsWith(".gz") ? file.pipe(createGunzip()) : file, crlfDelay: Infinity });
let header;
let rows = [];
for await (const line of lines) {
  const cells = cellsOf(line.replace(/^\uFEFF/, ""));
  if (header === undefined) {
    header = cells;
    continue;
  }
  totals.rows++;
  const row = Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ""]));
  if (rows.length > 0 && rows[0].number !== row.number) {
    tell(rows);
    rows = [];
  }
  rows.push(row);
}
if (rows.length > 0) tell(rows);

const sorted = (counts) => Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
const mean = ([sum, count]) => ({ tickets: count, meanSeconds: count === 0 ? null : Math.round(sum / count / 1000) });
const figures = {
  totals,
  meanTimes: Object.fromEntries(Object.entries(spans).map(([name, span]) => [name, mean(span)])),
  moments: snapshots.map((snapshot, i) => ({
    at: moments[i],
    incidents: snapshot.incidents,
    byStateAndPriority: sorted(snapshot.byStateAndPriority),
    openByGroup: sorted(snapshot.openByGroup),
  })),
};
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
