import { useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/** Whoever walks on within this time has not looked at the ticket that stood beside the list. */
export const stayMs = 150;

/** Goes with an address to which somebody came by walking through a list, and from which he may walk on at once. */
export const walking = { isWalk: true } as const;

/**
 * Whether somebody stays with this ticket, so that it is worth its drawing. The first one is stayed with, and so is one that was
 * chosen; one that was come to by walking, after a short rest. A key that is held down then draws the last ticket and none of those between.
 */
export function useStaying(reference: string): boolean {
  const isWalk = useRouterState({
    select: ({ location }) => (location.state as { readonly isWalk?: boolean }).isWalk === true,
  });
  const [stayed, setStayed] = useState(reference);
  useEffect(() => {
    if (stayed === reference) return undefined;
    const timer = setTimeout(() => setStayed(reference), isWalk ? stayMs : 0);
    return () => clearTimeout(timer);
  }, [stayed, reference, isWalk]);
  return !isWalk || stayed === reference;
}
