import type { Account } from "@docket/api-contract";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Area, RailEntry } from "../app/area.ts";
import { withLaterTexts } from "../text/i18n.ts";
import { IconAudit, IconEye, IconHistory, IconSearch, IconSend } from "../ui/icons.ts";

const audits = ({ role }: Account): boolean => role === "auditor";
const group = "audit.group" as const;

const lines: readonly RailEntry[] = [
  { id: "audit-search", title: "audit.search", icon: IconSearch, to: "/audit", letter: "s", group },
  { id: "audit-tickets", title: "audit.tickets", icon: IconHistory, to: "/queues/all-open", letter: "q", group },
  { id: "audit-trust", title: "audit.trustRail", icon: IconAudit, to: "/audit/trust", letter: "t", group },
  { id: "audit-evidence", title: "audit.evidence", icon: IconSend, to: "/audit/evidence", letter: "e", group },
  { id: "audit-access", title: "audit.accessTitle", icon: IconEye, to: "/audit/access", letter: "r", group },
];

/** What auditors work with: the trail of every fact, each ticket's life step by step, what proves it, and who looked. */
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
    createRoute({
      getParentRoute: () => shell,
      path: "/audit/trust",
      component: lazyRouteComponent(() => withLaterTexts(import("./trust-screen.tsx")), "TrustScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/audit/evidence",
      component: lazyRouteComponent(() => withLaterTexts(import("./evidence-screen.tsx")), "EvidenceScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/audit/access",
      component: lazyRouteComponent(() => withLaterTexts(import("./access-screen.tsx")), "AccessScreen"),
    }),
  ],
};
