import type { Account } from "@docket/api-contract";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Area, RailEntry } from "../app/area.ts";
import { withLaterTexts } from "../text/i18n.ts";
import { IconChart, IconHourglass, IconRoute, IconTable } from "../ui/icons.ts";

const analyses = ({ role }: Account): boolean => role === "analyst" || role === "service_manager";
const group = "insight.rail" as const;

const lines: readonly RailEntry[] = [
  { id: "insight", title: "insight.dashboard", icon: IconChart, to: "/insight", letter: "b", group },
  { id: "insight-reports", title: "insight.reports", icon: IconTable, to: "/insight/reports", letter: "o", group },
  {
    id: "insight-forecast",
    title: "insight.forecastRail",
    icon: IconHourglass,
    to: "/insight/forecast",
    letter: "f",
    group,
  },
  { id: "insight-what-if", title: "insight.whatIf", icon: IconRoute, to: "/insight/what-if", letter: "h", group },
];

/** Figures that open into the lists they count: the dashboard, any report, the forecast, what-if. */
export const insight: Area = {
  id: "insight",
  rail: (account) => (analyses(account) ? lines : []),
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: "/insight",
      component: lazyRouteComponent(() => withLaterTexts(import("./dashboard-screen.tsx")), "DashboardScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/insight/reports",
      component: lazyRouteComponent(() => withLaterTexts(import("./reports-screen.tsx")), "ReportsScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/insight/tickets",
      component: lazyRouteComponent(() => withLaterTexts(import("./tickets-screen.tsx")), "TicketsScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/insight/forecast",
      component: lazyRouteComponent(() => withLaterTexts(import("./forecast-screen.tsx")), "ForecastScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/insight/what-if",
      component: lazyRouteComponent(() => withLaterTexts(import("./what-if-screen.tsx")), "WhatIfScreen"),
    }),
  ],
};
