import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Area, RailEntry } from "../app/area.ts";
import { withLaterTexts } from "../text/i18n.ts";
import { IconBuilding, IconKey, IconMail, IconTemplate, IconUser, IconUsers } from "../ui/icons.ts";

const rights: RailEntry = {
  id: "admin-rights",
  title: "admin.rights.title",
  icon: IconUsers,
  to: "/admin/rights",
  group: "admin.group",
};
const lines: readonly RailEntry[] = [
  {
    id: "admin-directory",
    title: "admin.directory",
    icon: IconBuilding,
    to: "/admin",
    letter: "a",
    group: "admin.group",
  },
  {
    id: "admin-letters",
    title: "letters.title",
    icon: IconMail,
    to: "/admin/letters",
    group: "admin.group",
  },
  {
    id: "admin-templates",
    title: "templates.title",
    icon: IconTemplate,
    to: "/admin/templates",
    group: "admin.group",
  },
  {
    id: "admin-access",
    title: "admin.access",
    icon: IconKey,
    to: "/admin/access",
    group: "admin.group",
  },
  rights,
  {
    id: "admin-privacy",
    title: "admin.privacy.title",
    icon: IconUser,
    to: "/admin/privacy",
    letter: "j",
    group: "admin.group",
  },
];

/** What administrators keep: customers, contracts, staff, groups, calendars, plans and rules. */
export const admin: Area = {
  id: "admin",
  // service managers keep customers, contracts and groups, and what is written to customers; what is theirs to change, each screen says
  rail: ({ role }) =>
    role === "admin" ? lines : role === "service_manager" ? lines.slice(0, 3) : role === "auditor" ? [rights] : [],
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: "/admin",
      component: lazyRouteComponent(() => withLaterTexts(import("./directory-screen.tsx")), "DirectoryScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/admin/letters",
      component: lazyRouteComponent(() => withLaterTexts(import("./letters/letters-screen.tsx")), "LettersScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/admin/templates",
      component: lazyRouteComponent(
        () => withLaterTexts(import("./templates/templates-screen.tsx")),
        "TemplatesScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/admin/access",
      component: lazyRouteComponent(() => withLaterTexts(import("./access-screen.tsx")), "AccessScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/admin/rights",
      component: lazyRouteComponent(() => withLaterTexts(import("./rights-screen.tsx")), "RightsScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/admin/privacy",
      component: lazyRouteComponent(() => withLaterTexts(import("./privacy-screen.tsx")), "PrivacyScreen"),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: "/admin/$kind/$entry",
      component: lazyRouteComponent(() => withLaterTexts(import("./entry-screen.tsx")), "EntryScreen"),
    }),
  ],
};
