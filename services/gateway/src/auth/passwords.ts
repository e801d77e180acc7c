import { hash, verify } from "@node-rs/argon2";
import { Refusal } from "../http/refusal.ts";

/** argon2id (the library's default) at the cost that OWASP names for it: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashing runs on the thread pool, and no more than two at once, so that a flood of logins takes neither the event loop nor
 * every thread; what would wait behind a hundred others is refused.
 */
const atOnce = 2;
const mostWaiting = 100;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting) throw new Refusal("overloaded");
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

/** The hash to keep of a password. */
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password.normalize("NFKC"), cost));

let nobody: Promise<string> | undefined;

/**
 * Does the password fit the hash? Without a hash (nobody has that name) the same work is done against one that nothing
 * fits, so that the time tells nothing.
 */
export async function passwordFits(kept: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID());
  const against = kept ?? (await nobody);
  const fits = await inTurn(() => verify(against, password.normalize("NFKC")).catch(() => false));
  return fits && kept !== undefined;
}
