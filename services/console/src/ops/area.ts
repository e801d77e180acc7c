import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Area, RailEntry } from "../app/area.ts";
import { withLaterTexts } from "../text/i18n.ts";
import { IconList, IconMail, IconSettings } from "../ui/icons.ts";

const group = "ops.group" as const;
const lines: readonly RailEntry[] = [
  { id: "ops-state", title: "ops.state", icon: IconSettings, to: "/ops", letter: "v", group },
  { id: "ops-streams", title: "ops.streams", icon: IconList, to: "/ops/streams", letter: "y", group },
  { id: "ops-outbox", title: "ops.outbox", icon: IconMail, to: "/ops/outbox", letter: "k", group },
];

/** What administrators watch: read models, processes, the event store, mail. */
export const ops: Area = {
  id: "ops",
  rail: ({ role }) => (role === "admin" ? lines : []),
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: "/ops",
      component: lazyRouteComponent(() => withLaterTexts(import("./state-screen.tsx")), "StateScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/ops/streams",
      component: lazyRouteComponent(() => withLaterTexts(import("./streams-screen.tsx")), "StreamsScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/ops/outbox",
      component: lazyRouteComponent(() => withLaterTexts(import("./outbox-screen.tsx")), "OutboxScreen"),
    }),
  ],
};
