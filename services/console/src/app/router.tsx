import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { Failure, Loading } from "../ui/states.tsx";
import { areas } from "./areas.ts";
import { homeOf } from "./home.ts";
import { NotFound } from "./not-found.tsx";
import { sessionAtHand } from "./session-at-hand.ts";

const root = createRootRoute({
  // Everything that stands in the address is kept as it stands there; each screen reads what it knows.
  validateSearch: (search: Record<string, unknown>): Record<string, unknown> => search,
  search: { middlewares: [retainSearchParams(["asOf"])] },
  component: Outlet,
  notFoundComponent: NotFound,
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: lazyRouteComponent(() => import("../shell/login.tsx"), "Login"),
});

/** Nobody comes in without a session; who signs in goes on to where he wanted. */
async function signedIn({ location }: { readonly location: { readonly href: string } }): Promise<void> {
  if ((await sessionAtHand()) !== null) return;
  const to = location.href === "/" ? {} : { then: location.href };
  throw redirect({ to: "/login", search: to as never });
}

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import("../shell/shell.tsx"), "Shell"),
});

const bare = createRoute({
  getParentRoute: () => root,
  id: "bare",
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import("../shell/bare.tsx"), "Bare"),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: async () => {
    const account = await sessionAtHand();
    if (account !== null) throw redirect({ to: homeOf(account) });
  },
});

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    shell.addChildren([home, ...areas.flatMap((area) => area.routes(shell))]),
    bare.addChildren(areas.flatMap((area) => area.bare?.(bare) ?? [])),
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
  scrollRestoration: true,
  // By address, not by visit: visits are never forgotten, and a desk makes hundreds of them an hour.
  getScrollRestorationKey: ({ href }) => href,
});
