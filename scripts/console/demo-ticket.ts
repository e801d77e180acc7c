import { request } from "./request.ts";
import type { Stand } from "./stand.ts";

/**
 * The number of the demo's ticket with this subject. The demo registers several tickets at a time, so which number a ticket gets is
 * not the same from run to run.
 */
export async function demoTicket(stand: Stand, subject: string): Promise<string> {
  const { items } = (await request(stand, "olga", "GET", `/tickets?q=${encodeURIComponent(subject)}&limit=50`)) as {
    items: { number: string; subject: string }[];
  };
  const found = items.find((each) => each.subject === subject);
  if (found === undefined) throw new Error(`the demo has no ticket with the subject "${subject}"`);
  return found.number;
}

/** A ticket of the demo with a long life: asked, answered, resolved, confirmed. */
export const wholeLife = "Не обновляются сигнатуры";
/** A ticket of the demo that is worked on and waits for its customer. */
export const inWork = "Не устанавливается агент";
