import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useMemo, useState } from "react";
import { whenSignedOut } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { SessionProvider, signOut } from "../api/session.ts";
import { forgetSession, sessionAtHand } from "../app/session-at-hand.ts";
import { listenForKeys } from "../keys/keyboard.ts";
import { LiveProvider } from "../live/context.ts";
import { browserSocket, type LiveSocket } from "../live/socket.ts";
import { say } from "../text/i18n.ts";
import { Failure, Loading } from "../ui/states.tsx";
import { draftCount, forgetPersonal } from "./kept.ts";
import { KeyRefusal } from "./key-refusal.tsx";

/** What every screen stands on: who is signed in, the one socket, the keys. A session that ends leads to the way in and back. */
export function Inside({ children }: { readonly children: React.ReactNode }): React.ReactNode {
  const navigate = useNavigate();
  const href = useRouterState({ select: ({ location }) => location.href });
  const session = useQuery({ queryKey: ["me"], queryFn: sessionAtHand, staleTime: Infinity });
  const [socket, setSocket] = useState<LiveSocket | null>(null);
  const account = session.data ?? null;
  const accountId = account?.accountId;

  useEffect(() => {
    const out = (): void => {
      forgetSession();
      queryClient.removeQueries({ queryKey: ["me"] });
      void navigate({ to: "/login", search: { then: href } as never, replace: true });
    };
    whenSignedOut(out);
    return () => whenSignedOut(() => undefined);
  }, [navigate, href]);

  useEffect(() => {
    if (accountId === undefined) return undefined;
    const made = browserSocket();
    const retry = (): void => made.retry();
    const shown = (): void => {
      if (document.visibilityState === "visible") made.retry();
    };
    made.connect();
    setSocket(made);
    window.addEventListener("online", retry);
    document.addEventListener("visibilitychange", shown);
    return () => {
      window.removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", shown);
      made.close();
    };
  }, [accountId]);

  useLayoutEffect(() => listenForKeys(document), []);

  const value = useMemo(
    () =>
      account === null
        ? null
        : {
            account,
            leave: async () => {
              // Whoever comes next at this machine finds nothing of those before him; so what is not sent must not go unnoticed.
              const drafts = draftCount();
              if (drafts > 0 && !window.confirm(say("shell.leaveDrafts", { count: drafts }))) return;
              await signOut();
              forgetSession();
              queryClient.clear();
              await navigate({ to: "/login", search: {} as never });
              // after the screens are gone, which keep what they show
              forgetPersonal();
            },
          },
    [account, navigate],
  );
  // Whoever works here goes on with what he has; a question that failed meanwhile takes nothing away from him.
  if (session.isError && account === null)
    return <Failure error={session.error} retry={() => void session.refetch()} />;
  if (value === null || socket === null) return <Loading />;
  return (
    <SessionProvider value={value}>
      <LiveProvider value={socket}>{children}</LiveProvider>
      <KeyRefusal />
    </SessionProvider>
  );
}
