import type { Account } from "@docket/api-contract";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Area, RailEntry } from "../app/area.ts";
import { withLaterTexts } from "../text/i18n.ts";
import { IconHistory, IconSearch } from "../ui/icons.ts";

const audits = ({ role }: Account): boolean => role === "auditor";

const lines: readonly RailEntry[] = [
  { id: "audit-search", title: "audit.search", icon: IconSearch, to: "/audit", letter: "s", group: "audit.group" },
  {
    id: "audit-tickets",
    title: "audit.tickets",
    icon: IconHistory,
    to: "/queues/all-open",
    letter: "q",
    group: "audit.group",
  },
];

/** What auditors work with: the trail of every fact, and each ticket's life step by step. */
export const audit: Area = {
  id: "audit",
  rail: (account) => (audits(account) ? lines : []),
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: "/audit",
      component: lazyRouteComponent(() => withLaterTexts(import("./search-screen.tsx")), "SearchScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/audit/replay/$ticket",
      component: lazyRouteComponent(() => withLaterTexts(import("./replay-screen.tsx")), "ReplayScreen"),
    }),
  ],
};
