import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Area, RailEntry } from "../app/area.ts";
import { IconBuilding } from "../ui/icons.ts";

const lines: readonly RailEntry[] = [
  {
    id: "admin-directory",
    title: "admin.directory",
    icon: IconBuilding,
    to: "/admin",
    letter: "a",
    group: "admin.group",
  },
];

/** What administrators keep: customers, contracts, staff, groups, calendars, plans and rules. */
export const admin: Area = {
  id: "admin",
  rail: ({ role }) => (role === "admin" ? lines : []),
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: "/admin",
      component: lazyRouteComponent(() => import("./directory-screen.tsx"), "DirectoryScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/admin/$kind/$entry",
      component: lazyRouteComponent(() => import("./entry-screen.tsx"), "EntryScreen"),
    }),
  ],
};
