import { z } from "zod";
import { instant, text, uuid } from "@docket/domain";
import { logPosition } from "../values.ts";

const projectionName = z.string().regex(/^[a-z][a-z_]{0,30}$/);

export const rebuildRequest = z
  .strictObject({
    requestId: uuid,
    projections: z.array(z.string()),
    askedBy: z.string(),
    askedAt: instant,
    state: z.enum(["asked", "running", "done", "differs", "failed"]),
    detail: z.string().nullable(),
    finishedAt: instant.nullable(),
  })
  .meta({ id: "RebuildRequest" });

const rebuild = z.strictObject({
  id: z.int(),
  projection: z.string(),
  version: z.int(),
  generation: z.int(),
  state: z.enum(["prepared", "running", "built", "compared", "switched", "aborted", "failed"]),
  position: logPosition,
  target: logPosition,
  eventsDone: z.int(),
  rowsWritten: z.int(),
  /** of tables that were compared: which differ */
  different: z.array(z.string()),
  error: z.string().nullable(),
  startedAt: instant,
  updatedAt: instant,
});

export const projectionsReply = z
  .strictObject({
    /** end of the store's log, and how far the read models have come */
    head: logPosition,
    checkpoint: logPosition,
    /** events of ours that lie between; counted up to a limit */
    lagEvents: z.int(),
    lagCapped: z.boolean(),
    items: z.array(
      z.strictObject({
        name: z.string(),
        version: z.int(),
        generation: z.int(),
        switchedAt: instant,
        parkedStreams: z.int(),
        rebuildable: z.boolean(),
      }),
    ),
    projectors: z.array(
      z.strictObject({
        instance: z.string(),
        state: z.string(),
        position: logPosition,
        stuckBecause: z.string().nullable(),
        stuckOn: z.record(z.string(), z.unknown()).nullable(),
        updatedAt: instant,
        /** false: its process has not been heard of for a while; what it said last stands here */
        alive: z.boolean(),
      }),
    ),
    parked: z.array(
      z.strictObject({
        projection: z.string(),
        stream: z.string(),
        events: z.int(),
        revision: z.int(),
        type: z.string(),
        cause: z.string().nullable(),
        parkedAt: instant,
      }),
    ),
    rebuilds: z.array(rebuild),
    requests: z.array(rebuildRequest),
  })
  .meta({ id: "Projections" });

export const releaseParked = z.strictObject({
  projection: projectionName.optional(),
  stream: text(200).min(1).optional(),
});
export const askRebuild = z.strictObject({ projections: z.array(projectionName).max(50).default([]) });

/** An event of the store, opened with the keys; `fault` where it cannot be. */
export const storedEvent = z
  .strictObject({
    position: logPosition,
    stream: z.string(),
    revision: z.int(),
    eventId: z.string(),
    type: z.string(),
    title: z.string(),
    writtenAt: instant,
    data: z.unknown(),
    meta: z.unknown(),
    hash: z.string().nullable(),
    prevHash: z.string().nullable(),
    fault: z.string().nullable(),
  })
  .meta({ id: "StoredEvent" });
export type StoredEventShown = z.infer<typeof storedEvent>;

export const streamsReply = z
  .strictObject({
    items: z.array(
      z.strictObject({
        stream: z.string(),
        kind: z.string(),
        begunAt: instant,
        position: logPosition,
        type: z.string(),
      }),
    ),
    nextPage: z.string().nullable(),
  })
  .meta({ id: "Streams" });

export const processesReply = z
  .strictObject({
    /** what each process last said of itself */
    processes: z.array(
      z.strictObject({
        /** host and process id */
        instance: z.string(),
        name: z.string(),
        version: z.string(),
        runtime: z.string(),
        startedAt: instant,
        seenAt: instant,
        /** false: it has not been heard of for a while */
        alive: z.boolean(),
        memoryBytes: z.int(),
        heapBytes: z.int(),
        /** share of the last seconds in which it was at work, 0 to 1 */
        busy: z.number(),
      }),
    ),
    /** what is connected to the database, by what it calls itself */
    items: z.array(
      z.strictObject({ name: z.string(), connections: z.int(), busy: z.int(), since: instant.nullable() }),
    ),
    store: z.strictObject({ reachable: z.boolean(), head: logPosition.nullable() }),
    leads: z.array(z.strictObject({ name: z.string(), holder: z.string(), epoch: z.string(), acquiredAt: instant })),
    reactors: z.array(
      z.strictObject({
        name: z.string(),
        position: logPosition,
        updatedAt: instant,
        /** events that concern it and that it has not dealt with yet; counted up to a limit; null while the store is away */
        behind: z.int().nullable(),
        behindCapped: z.boolean(),
        parked: z.int(),
        /** what it parked and why, oldest first */
        causes: z.array(
          z.strictObject({ stream: z.string(), revision: z.int(), type: z.string(), cause: z.string().nullable() }),
        ),
      }),
    ),
    outbox: z.array(z.strictObject({ status: z.string(), count: z.int(), oldest: instant.nullable() })),
  })
  .meta({ id: "Processes" });

export const simulationSpeed = z.number().min(0.1).max(100);

/** Traffic that a trial installation makes by itself; nobody but its own program looks at this. */
export const simulation = z
  .strictObject({
    /** null: nobody has said; the simulation does as it was started */
    running: z.boolean().nullable(),
    speed: z.number().nullable(),
    /** somebody has a live view open */
    watched: z.boolean(),
  })
  .meta({ id: "Simulation" });
