import { useEffect, useState } from "react";
import { useSession } from "../api/session.ts";
import { useLive, useStandstill, useWatch } from "../live/context.ts";

export interface PresentPerson {
  readonly accountId: string;
  readonly name: string;
  readonly role: string;
  readonly doing: "looking" | "writing";
  readonly since: string;
}

type Presence = ReadonlyMap<string, readonly PresentPerson[]>;

/** Who else looks at or writes in which ticket; oneself is left out. */
export function usePresence(): Presence {
  const { account } = useSession();
  const [there, setThere] = useState<Presence>(new Map());
  useWatch(account.role === "requester" ? null : { view: "presence", filter: {} }, {
    frame: (frame) => {
      if (frame.type !== "presence") return;
      const told = frame["tickets"] as readonly { ticketId: string; people: readonly PresentPerson[] }[];
      setThere((before) => {
        const after = new Map(frame["whole"] === true ? [] : before);
        for (const { ticketId, people } of told) {
          const others = people.filter(({ accountId }) => accountId !== account.accountId);
          if (others.length === 0) after.delete(ticketId);
          else after.set(ticketId, others);
        }
        return after;
      });
    },
  });
  return there;
}

/** Tells the others that one is here, and whether one writes; repeated, since what is not repeated is forgotten. */
export function useBeingThere(ticketId: string | undefined, writing: boolean): void {
  const socket = useLive();
  const standstill = useStandstill();
  const { account } = useSession();
  const staff = account.role !== "requester";
  useEffect(() => {
    if (ticketId === undefined || standstill !== null || !staff) return undefined;
    const tell = (doing: string): void => socket.send({ type: "presence", ticketId, doing });
    tell(writing ? "writing" : "looking");
    const timer = setInterval(() => tell(writing ? "writing" : "looking"), 8_000);
    return () => clearInterval(timer);
  }, [socket, ticketId, writing, standstill, staff]);
  useEffect(() => {
    if (ticketId === undefined || !staff) return undefined;
    return () => socket.send({ type: "presence", ticketId, doing: "gone" });
  }, [socket, ticketId, staff]);
}
