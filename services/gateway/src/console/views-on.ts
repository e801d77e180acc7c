import { queueView, type QueueView } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { Clock, Logger } from "@docket/service-kit";
import { isCustomer, type Principal } from "../auth/principal.ts";
import type { Directory } from "../directory/directory.ts";
import type { MoreFrame, MoreViews, Reader } from "../live/connection.ts";
import { CountersSubscription } from "../live/counters.ts";
import type { Hub } from "../live/hub.ts";
import { createSortedViews, type SortedSpec } from "../live/sorted-views.ts";
import { sortedSpecOf } from "../live/sorted-spec.ts";
import { WindowSubscription } from "../live/window.ts";
import { demand } from "../policy/enforce.ts";
import { staffOnlyViews } from "../tickets/queue-views.ts";
import type { Bus } from "./bus.ts";
import { readJob } from "./bulk/jobs.ts";
import { JobSubscription } from "./bulk/subscription.ts";
import { countUnread, readNotifications } from "./notifications/read.ts";
import { NotificationsSubscription } from "./notifications/subscription.ts";
import { findView, queryOfView } from "./own/saved-views.ts";
import type { PresenceBoard } from "./presence/board.ts";
import { PresenceSubscription } from "./presence/subscription.ts";
import { readRibbons } from "./ribbons/ribbons.ts";

export interface LiveParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly hub: Hub;
  readonly bus: Bus;
  readonly board: PresenceBoard;
  readonly directory: Directory;
}

/** The stock views of a caller; what a customer's people have of them. */
export const stockViews = (caller: Principal): QueueView[] =>
  queueView.options.filter((view) => !isCustomer(caller) || (view !== "intake" && !staffOnlyViews.has(view as never)));

/** Live views beyond rows by key: windows of sorted views, counters, who is where. */
export function moreViews(parts: LiveParts): MoreViews {
  const sorted = createSortedViews(parts);

  function window(frame: Extract<MoreFrame, { view: "window" }>, reader: Reader, spec: SortedSpec): WindowSubscription {
    const { caller, write, fail } = reader;
    const ribbons = async (ticketIds: readonly string[]) => {
      const at = parts.clock.now();
      const found = await readRibbons({ db: parts.db, directory: parts.directory.now() }, caller, ticketIds, {
        moment: null,
        at: at.getTime(),
      });
      return { at: at.toISOString(), ...found };
    };
    return new WindowSubscription(frame.id, spec, frame.window, caller, {
      sorted,
      write,
      fail,
      ...(frame.ribbons && spec.rows === "tickets" ? { ribbons } : {}),
    });
  }

  async function counters(frame: Extract<MoreFrame, { view: "counters" }>, reader: Reader) {
    const { caller, send } = reader;
    const specs = new Map<string, SortedSpec>();
    for (const queue of stockViews(caller)) specs.set(queue, await sortedSpecOf({ queue, filters: {} }, caller, parts));
    for (const viewId of frame.filter.views)
      specs.set(viewId, await sortedSpecOf(queryOfView(await findView(parts.db, caller, viewId)), caller, parts));
    return new CountersSubscription(frame.id, specs, sorted, send);
  }

  async function notifications(id: string, { caller, language, send }: Reader) {
    const { groupIds } = await parts.directory.groupsOf(caller.staffId, null);
    return new NotificationsSubscription(
      id,
      {
        read: (wish) =>
          readNotifications(
            { db: parts.db, directory: parts.directory.now(), now: parts.clock.now() },
            caller,
            groupIds,
            language,
            wish,
          ),
        unread: () => countUnread({ db: parts.db, now: parts.clock.now() }, caller, groupIds),
        onMarked: (tell) =>
          parts.bus.listen((message) => {
            if (message.kind === "notifications" && message.accountId === caller.accountId) tell();
          }),
      },
      send,
    );
  }

  return {
    async subscribe(frame, reader) {
      const { caller } = reader;
      switch (frame.view) {
        case "window": {
          const { queue, q, ...filters } = frame.filter;
          return window(frame, reader, await sortedSpecOf({ queue, q, filters, sort: frame.sort }, caller, parts));
        }
        case "counters":
          return counters(frame, reader);
        case "presence":
          demand(caller, { do: "presence" });
          return new PresenceSubscription(frame.id, parts.board, reader.send);
        case "notifications":
          demand(caller, { do: "ownSettings" });
          return notifications(frame.id, reader);
        case "job":
          demand(caller, { do: "bulk" });
          return new JobSubscription(
            frame.id,
            frame.filter.jobId,
            async () => (await readJob(parts.db, caller, frame.filter.jobId)).progress,
            parts.bus,
            reader.send,
          );
      }
    },
    present: (place, caller, { ticketId, doing }) => parts.board.say(place, caller, ticketId, doing),
    leave: (place) => parts.board.leave(place),
  };
}
