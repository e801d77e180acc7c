import { z } from "zod";
import { filledText, instant, text, uuid } from "@docket/domain";
import { listQuery } from "../list.ts";
import { ticketFields } from "../ticket-fields.ts";
import { ticketQueue } from "../ticket.ts";

const {
  limit: _limit,
  page: _page,
  sort: _sort,
  count: _count,
  wait: _wait,
  ...filters
} = listQuery(ticketFields).shape;

/** The conditions of a list of tickets, as its address takes them. */
export const ticketListFilters = z.strictObject(filters);

const column = z.string().regex(/^[A-Za-z]{1,40}$/);

const fields = {
  name: filledText(100),
  /** the stock view that it narrows */
  queue: ticketQueue,
  filter: ticketListFilters,
  q: text(200).nullable(),
  sort: z
    .string()
    .regex(/^-?[A-Za-z]{1,40}$/)
    .nullable(),
  columns: z.array(column).max(60).nullable(),
  shared: z.boolean(),
};

export const newView = z.strictObject({
  name: fields.name,
  queue: fields.queue.default("all-open"),
  filter: fields.filter.default({}),
  q: fields.q.default(null),
  sort: fields.sort.default(null),
  columns: fields.columns.default(null),
  shared: fields.shared.default(false),
});

/** `revision` is the one that the sender has seen; another one is refused (`stale_revision`). */
export const viewChange = z.strictObject({ ...z.strictObject(fields).partial().shape, revision: z.int().min(0) });

export const savedView = z
  .strictObject({
    viewId: uuid,
    name: z.string(),
    queue: ticketQueue,
    filter: z.record(z.string(), z.unknown()),
    q: z.string().nullable(),
    sort: z.string().nullable(),
    columns: z.array(z.string()).nullable(),
    shared: z.boolean(),
    own: z.boolean(),
    /** may be changed by who asks */
    editable: z.boolean(),
    owner: z.strictObject({ accountId: z.string(), name: z.string() }),
    revision: z.int(),
    updatedAt: instant,
  })
  .meta({ id: "SavedView" });
export type SavedView = z.infer<typeof savedView>;
