import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { isCustomer } from "../api/session.ts";
import type { Area, RailEntry } from "../app/area.ts";
import { IconList, IconPlus } from "../ui/icons.ts";

const lines: readonly RailEntry[] = [
  {
    id: "portal-tickets",
    title: "portal.tickets",
    icon: IconList,
    to: "/portal",
    letter: "p",
    group: "portal.group",
  },
  {
    id: "portal-new",
    title: "portal.new",
    icon: IconPlus,
    to: "/portal/new",
    letter: "n",
    begins: true,
    group: "portal.group",
  },
];

/** The customers' own screens; one ticket is shown by the desk's page, which shows a customer what is his. */
export const portal: Area = {
  id: "portal",
  rail: (account) => (isCustomer(account) ? lines : []),
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: "/portal",
      component: lazyRouteComponent(() => import("./tickets-screen.tsx"), "TicketsScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/portal/new",
      component: lazyRouteComponent(() => import("./new-screen.tsx"), "NewScreen"),
    }),
  ],
};
