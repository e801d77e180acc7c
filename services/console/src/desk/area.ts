import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { worksOnTickets } from "../api/session.ts";
import type { Area, RailEntry } from "../app/area.ts";
import {
  IconAlert,
  IconBuilding,
  IconClosed,
  IconConfirm,
  IconDevice,
  IconFlame,
  IconHourglass,
  IconInbox,
  IconList,
  IconPause,
  IconUser,
  IconUsers,
} from "../ui/icons.ts";

const group = "desk.group" as const;
const queue = (view: string, title: RailEntry["title"], icon: RailEntry["icon"], letter: string): RailEntry => ({
  id: `queue-${view}`,
  title,
  icon,
  to: `/queues/${view}`,
  letter,
  counter: view,
  group,
});

const staffQueues: readonly RailEntry[] = [
  { ...queue("intake", "queue.intake", IconInbox, "i"), to: "/intake" },
  queue("unassigned", "queue.unassigned", IconUsers, "u"),
  queue("my-line", "queue.my-line", IconBuilding, "l"),
  queue("mine", "queue.mine", IconUser, "m"),
  queue("due-soon", "queue.due-soon", IconHourglass, "d"),
  queue("missed", "queue.missed", IconAlert, "x"),
  queue("waiting", "queue.waiting", IconPause, "w"),
  queue("under-control", "queue.under-control", IconFlame, "e"),
  queue("confirmation", "queue.confirmation", IconConfirm, "c"),
  queue("all-open", "queue.all-open", IconList, "q"),
  queue("closed", "queue.closed", IconClosed, "z"),
  { id: "wall", title: "wall.open", icon: IconDevice, to: "/wall", letter: "b", group },
];

/** The operators' desk: queues, tickets, intake. */
export const desk: Area = {
  id: "desk",
  rail: (account) => (worksOnTickets(account) ? staffQueues : []),
  bare: (bare) => [
    createRoute({
      getParentRoute: () => bare,
      path: "/wall",
      component: lazyRouteComponent(() => import("./wall/wall-screen.tsx"), "WallScreen"),
    }),
  ],
  routes: (shell) => {
    const queue = createRoute({
      getParentRoute: () => shell,
      path: "/queues/$view",
      component: lazyRouteComponent(() => import("./queue/queue-screen.tsx"), "QueueScreen"),
    });
    const ticketInQueue = createRoute({
      getParentRoute: () => queue,
      path: "$ticket",
      component: lazyRouteComponent(() => import("./ticket/ticket-screen.tsx"), "TicketScreen"),
    });
    const intake = createRoute({
      getParentRoute: () => shell,
      path: "/intake",
      component: lazyRouteComponent(() => import("./intake/intake-screen.tsx"), "IntakeScreen"),
    });
    const contact = createRoute({
      getParentRoute: () => intake,
      path: "$contact",
      component: lazyRouteComponent(() => import("./intake/contact-screen.tsx"), "ContactScreen"),
    });
    return [
      queue.addChildren([ticketInQueue]),
      intake.addChildren([contact]),
      createRoute({
        getParentRoute: () => shell,
        path: "/intake/phone",
        component: lazyRouteComponent(() => import("./intake/phone-screen.tsx"), "PhoneScreen"),
      }),
      createRoute({
        getParentRoute: () => shell,
        path: "/tickets/$ticket",
        component: lazyRouteComponent(() => import("./ticket/ticket-screen.tsx"), "TicketScreen"),
      }),
    ];
  },
};
