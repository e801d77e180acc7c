import type { DirectoryEntry } from "@docket/api-contract";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { get } from "./client.ts";
import { isCustomer, useSession } from "./session.ts";

export interface Names {
  organization(id: string | null | undefined): string;
  person(id: string | null | undefined): string;
  group(id: string | null | undefined): string;
  contract(id: string | null | undefined): string;
  readonly organizations: readonly DirectoryEntry[];
  readonly staff: readonly DirectoryEntry[];
  readonly groups: readonly DirectoryEntry[];
  readonly contracts: readonly DirectoryEntry[];
}

interface Page {
  readonly items: readonly DirectoryEntry[];
  readonly nextPage: string | null;
}

/** All of one list of the directory; these are names, not tickets, and change rarely. */
async function all(path: string, signal: AbortSignal): Promise<readonly DirectoryEntry[]> {
  const items: DirectoryEntry[] = [];
  let page: string | null = null;
  do {
    const reply: Page = await get<Page>(path, { query: { limit: 500, page }, signal });
    items.push(...reply.items);
    page = reply.nextPage;
  } while (page !== null && items.length < 20_000);
  return items;
}

function useList(path: string, enabled = true): readonly DirectoryEntry[] {
  const list = useQuery({
    enabled,
    queryKey: ["directory", path],
    queryFn: ({ signal }) => all(path, signal),
    staleTime: 120_000,
  });
  return list.data ?? none;
}

const none: readonly DirectoryEntry[] = [];
const nameIn = (list: readonly DirectoryEntry[], id: string | null | undefined): string =>
  id == null ? "" : (list.find((entry) => entry.id === id)?.name ?? id);

/**
 * Names of customers, staff, groups and contracts by their ids; an id stands for itself until its name is there. The same object as
 * long as no list changes.
 */
export function useNames(): Names {
  // Who works where is the service centre's own business.
  const centre = !isCustomer(useSession().account);
  const organizations = useList("/organizations");
  const staff = useList("/staff", centre);
  const groups = useList("/groups", centre);
  const contracts = useList("/contracts");
  return useMemo(
    () => ({
      organizations,
      staff,
      groups,
      contracts,
      organization: (id) => nameIn(organizations, id),
      person: (id) => nameIn(staff, id),
      group: (id) => nameIn(groups, id),
      contract: (id) => nameIn(contracts, id),
    }),
    [organizations, staff, groups, contracts],
  );
}
