import type { Account } from "@docket/api-contract";
import { createContext, useContext } from "react";
import { ApiError } from "./problem.ts";
import { get, post, setCsrf } from "./client.ts";

interface Signed {
  readonly account: Account;
  readonly csrfToken: string | null;
}

/** Who is signed in by the cookie; null when nobody is. */
export async function whoAmI(): Promise<Account | null> {
  try {
    const { account, csrfToken } = await get<Signed>("/me");
    setCsrf(csrfToken);
    return account;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export async function signIn(login: string, password: string): Promise<Account> {
  const { account, csrfToken } = await post<Signed>("/login", { login, password }, { timeless: true });
  setCsrf(csrfToken);
  return account;
}

export async function signOut(): Promise<void> {
  await post("/logout", {}, { timeless: true });
  setCsrf(null);
}

export interface Session {
  readonly account: Account;
  leave(): Promise<void>;
}

const SessionContext = createContext<Session | null>(null);
export const SessionProvider = SessionContext.Provider;

/** Who works here; only inside the shell, where somebody is signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("no session: this is drawn outside the shell");
  return session;
}

const staffRoles = new Set(["operator", "engineer", "expert", "service_manager", "admin"]);
export const worksOnTickets = ({ role }: Account): boolean => staffRoles.has(role);
const clerks = new Set(["operator", "service_manager", "admin"]);
/** Says whom a contact is from and under which contract; the other lines write down what they are told. */
export const decidesContacts = ({ role }: Account): boolean => clerks.has(role);
export const isCustomer = ({ role }: Account): boolean => role === "requester";
