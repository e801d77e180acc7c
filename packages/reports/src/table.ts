import { dimensions, type ReportReply, type TicketMeasures } from "@docket/api-contract";

export type CellType = "text" | "number" | "instant" | "boolean";

/** Rows of one shape: what CSV, Arrow and a terminal show. Instants are ISO texts in UTC. */
export interface Column {
  readonly name: string;
  readonly type: CellType;
}
export type Cell = string | number | boolean | null;
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

const labelled: ReadonlySet<string> = new Set(["organization", "contract", "group", "engineer"]);

/** A report as a table: a column for each dimension (and for the names of those that have ids), for each measure, and the position. */
export function tableOf(reply: ReportReply): Table {
  const by = reply.groupBy.filter((name) => Object.hasOwn(dimensions, name));
  const columns: Column[] = [
    ...by.flatMap((name): Column[] => [
      { name, type: "text" },
      ...(labelled.has(name) ? [{ name: `${name}Name`, type: "text" as const }] : []),
    ]),
    ...reply.measures.map((name): Column => ({ name, type: "number" })),
    { name: "position", type: "text" },
  ];
  const rows = reply.rows.map((row) => [
    ...by.flatMap((name): Cell[] => [
      row.keys[name] ?? null,
      ...(labelled.has(name) ? [row.labels[name] ?? row.keys[name] ?? null] : []),
    ]),
    ...reply.measures.map((name): Cell => row.values[name] ?? null),
    row.position,
  ]);
  return { columns, rows };
}

/** A line of JSON for each row, by the names of the columns. */
export const jsonLines = (columns: readonly Column[], rows: Table["rows"]): string =>
  rows
    .map((row) => `${JSON.stringify(Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])))}\n`)
    .join("");

const ticketCells = {
  ticketId: "text",
  number: "text",
  organization: "text",
  contract: "text",
  type: "text",
  priority: "text",
  status: "text",
  line: "number",
  group: "text",
  engineer: "text",
  product: "text",
  channel: "text",
  requester: "text",
  registeredAt: "instant",
  acceptedAt: "instant",
  resolvedAt: "instant",
  closedAt: "instant",
  closedBecause: "text",
  reaction: "text",
  reactionWorkingSeconds: "number",
  reactionWallSeconds: "number",
  reactionMissedAt: "instant",
  resolution: "text",
  resolutionWorkingSeconds: "number",
  resolutionWallSeconds: "number",
  resolutionMissedAt: "instant",
  returns: "number",
  handOvers: "number",
  escalations: "number",
  recordedAt: "instant",
  position: "text",
} as const satisfies Record<keyof TicketMeasures, CellType>;

/** The columns of an extract of tickets. */
export const ticketTable: readonly Column[] = Object.entries(ticketCells).map(([name, type]) => ({ name, type }));
export const ticketCellsOf = (ticket: TicketMeasures): readonly Cell[] =>
  ticketTable.map(({ name }) => ticket[name as keyof TicketMeasures]);
