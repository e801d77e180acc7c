import { z } from "zod";
import { text, uuid } from "@docket/domain";
import {
  askRebuild,
  processesReply,
  projectionsReply,
  rebuildRequest,
  releaseParked,
  simulation,
  simulationSpeed,
  storedEvent,
  streamsReply,
} from "../console/operations.ts";
import { defineRoute } from "../route.ts";
import { logPosition } from "../values.ts";

const tag = "operations";
const limit = z.coerce.number().int().min(1).max(500).default(50);

/** For those who look after Docket itself (role admin). */
export const operationRoutes = {
  projections: defineRoute({
    id: "ops.projections",
    method: "GET",
    path: "/api/v1/ops/projections",
    tag,
    summary: {
      ru: "Модели чтения: место, отставание, отложенное, перестройки",
      en: "Read models: place, lag, parked, rebuilds",
    },
    reply: projectionsReply,
  }),
  releaseParked: defineRoute({
    id: "ops.releaseParked",
    method: "POST",
    path: "/api/v1/ops/parked/release",
    tag,
    summary: { ru: "Свернуть отложенные события ещё раз", en: "Fold parked events once more" },
    body: releaseParked,
    reply: z.strictObject({ streams: z.int() }),
  }),
  askRebuild: defineRoute({
    id: "ops.askRebuild",
    method: "POST",
    path: "/api/v1/ops/rebuilds",
    tag,
    summary: { ru: "Перестроить модели чтения", en: "Rebuild read models" },
    body: askRebuild,
    reply: rebuildRequest,
    status: 202,
    errors: ["unknown_projection"],
  }),
  streams: defineRoute({
    id: "ops.streams",
    method: "GET",
    path: "/api/v1/ops/streams",
    tag,
    summary: { ru: "Потоки хранилища событий", en: "Streams of the event store" },
    query: z.strictObject({
      kind: text(40).min(1).optional(),
      /** a part of the name */
      q: text(200).min(1).optional(),
      limit,
      /** streams that began before this position, from `nextPage` */
      page: logPosition.optional(),
    }),
    reply: streamsReply,
  }),
  stream: defineRoute({
    id: "ops.stream",
    method: "GET",
    path: "/api/v1/ops/streams/{stream}",
    tag,
    summary: { ru: "События одного потока", en: "The events of one stream" },
    params: z.strictObject({ stream: text(200).min(1) }),
    query: z.strictObject({ from: z.coerce.number().int().min(0).default(0), limit }),
    reply: z.strictObject({ stream: z.string(), items: z.array(storedEvent), nextRevision: z.int().nullable() }),
    errors: ["not_found"],
  }),
  all: defineRoute({
    id: "ops.all",
    method: "GET",
    path: "/api/v1/ops/all",
    tag,
    summary: { ru: "Хвост журнала $all, новейшее первым", en: "The tail of $all, newest first" },
    query: z.strictObject({
      before: logPosition.optional(),
      limit,
      /** only events whose type begins so, and of streams whose name begins so */
      type: text(100).min(1).optional(),
      stream: text(200).min(1).optional(),
    }),
    reply: z.strictObject({ head: logPosition, items: z.array(storedEvent), nextPage: logPosition.nullable() }),
  }),
  processes: defineRoute({
    id: "ops.processes",
    method: "GET",
    path: "/api/v1/ops/processes",
    tag,
    summary: { ru: "Процессы, ведущие, реакторы, исходящая почта", en: "Processes, leads, reactors, outgoing mail" },
    reply: processesReply,
  }),
  retryMail: defineRoute({
    id: "ops.retryMail",
    method: "POST",
    path: "/api/v1/ops/outbox/{mailId}/retry",
    tag,
    summary: { ru: "Отправить письмо ещё раз", en: "Send a mail once more" },
    params: z.strictObject({ mailId: uuid }),
    reply: null,
    status: 204,
    errors: ["not_found"],
  }),
  simulation: defineRoute({
    id: "ops.simulation",
    method: "GET",
    path: "/api/v1/ops/simulation",
    tag,
    summary: { ru: "Имитация обращений", en: "Simulated traffic" },
    reply: simulation,
  }),
  changeSimulation: defineRoute({
    id: "ops.changeSimulation",
    method: "PATCH",
    path: "/api/v1/ops/simulation",
    tag,
    summary: { ru: "Остановить, пустить, ускорить имитацию", en: "Stop, start or speed up the simulated traffic" },
    body: z.strictObject({ running: z.boolean().optional(), speed: simulationSpeed.optional() }),
    reply: simulation,
  }),
} as const;
