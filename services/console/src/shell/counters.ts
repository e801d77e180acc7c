import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get } from "../api/client.ts";
import { isCustomer, useSession, worksOnTickets } from "../api/session.ts";
import { useWatch } from "../live/context.ts";
import { useMoment } from "../moment/moment.ts";

export interface Counter {
  readonly view: string;
  readonly count: number;
  readonly capped: boolean;
}

/** The counters of the queues: told live by the socket, or asked for once at a past moment. */
const noViews: readonly string[] = [];

export function useCounters(views: readonly string[] = noViews): ReadonlyMap<string, Counter> {
  const { account } = useSession();
  const { asOf, live } = useMoment();
  const [told, setTold] = useState<ReadonlyMap<string, Counter>>(new Map());
  const [spoken, setSpoken] = useState(true);
  const wanted = worksOnTickets(account) || isCustomer(account);
  useWatch(wanted ? { view: "counters", filter: views.length === 0 ? {} : { views } } : null, {
    frame: (frame) => {
      if (frame.type !== "counters") return;
      const changed = frame["counters"] as readonly Counter[];
      setTold(
        (before) =>
          new Map([...(frame["whole"] === true ? [] : before), ...changed.map((each) => [each.view, each] as const)]),
      );
    },
    refused: () => setSpoken(false),
  });
  const asked = useQuery({
    queryKey: ["queues", "counters", asOf],
    queryFn: ({ signal }) => get<{ counters: readonly Counter[] }>("/queues", { query: { asOf }, signal }),
    enabled: wanted && (!live || !spoken),
    refetchInterval: live ? 5_000 : false,
  });
  useEffect(() => {
    if (!live) setTold(new Map());
  }, [live]);
  return live && told.size > 0 ? told : new Map((asked.data?.counters ?? []).map((each) => [each.view, each]));
}
