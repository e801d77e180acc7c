import { lookup } from "./support/persistent-map.ts";
import { currentRules } from "./directory/lookup.ts";
import { normaliseTerm } from "./directory/normalise.ts";
import type { Directory, Group, Staff } from "./directory/state.ts";
import type { RoutingRule } from "./directory/shapes.ts";
import { limits, type Priority, type TicketType } from "./values.ts";

/** What routing looks at. */
export interface RoutedTicket {
  readonly type: TicketType;
  readonly priority: Priority;
  readonly product: string | null;
  readonly organizationId: string;
  readonly region: string | null;
  readonly subject: string;
  readonly description: string;
}

export interface Route {
  readonly groupId: string;
  readonly engineerId: string | null;
  readonly routedBy: { readonly rulesVersion: number; readonly ruleId: string; readonly because: string };
}

/** The rule id under which a ticket that no rule takes goes to the fallback group. */
export const fallbackRuleId = "fallback";

/**
 * Where a ticket goes (rule 6): the first rule in order whose every condition holds, else the fallback group. Takes the
 * directory, the ticket's facts and how many open tickets a member of staff has; gives the group, the engineer where the
 * rule picks one, and which rule of which version decided and why. Members who are inactive or unavailable are skipped
 * (rule 8); with nobody left the ticket waits in the group's queue. Null before any rules are published.
 */
export function route(
  directory: Directory,
  ticket: RoutedTicket,
  load: (staffId: string) => number = () => 0,
): Route | null {
  const rules = currentRules(directory);
  if (!rules) return null;
  for (const rule of rules.rules) {
    const matched = matches(rule, ticket);
    if (!matched) continue;
    const group = lookup(directory.groups, rule.to.groupId);
    if (!group?.active) continue;
    const picked = rule.to.pick === "least_loaded" ? leastLoaded(directory, group, rule.to.skills, load) : null;
    const because = [matched.join(", ") || "any ticket", picked?.because]
      .filter(Boolean)
      .join("; ")
      .slice(0, limits.reason);
    return {
      groupId: group.groupId,
      engineerId: picked?.staffId ?? null,
      routedBy: { rulesVersion: rules.version, ruleId: rule.ruleId, because },
    };
  }
  return {
    groupId: rules.fallbackGroupId,
    engineerId: null,
    routedBy: { rulesVersion: rules.version, ruleId: fallbackRuleId, because: "no rule matched" },
  };
}

/** The conditions that held, as words; null when one did not. An empty list in a rule is no condition. */
function matches({ when }: RoutingRule, ticket: RoutedTicket): string[] | null {
  const words: string[] = [];
  if (when.types?.length) {
    if (!when.types.includes(ticket.type)) return null;
    words.push(`type=${ticket.type}`);
  }
  if (when.priorities?.length) {
    if (!when.priorities.includes(ticket.priority)) return null;
    words.push(`priority=${ticket.priority}`);
  }
  if (when.products?.length) {
    if (!names(when.products, ticket.product)) return null;
    words.push(`product=${ticket.product}`);
  }
  if (when.organizationIds?.length) {
    if (!when.organizationIds.includes(ticket.organizationId)) return null;
    words.push(`organization=${ticket.organizationId}`);
  }
  if (when.regions?.length) {
    if (!names(when.regions, ticket.region)) return null;
    words.push(`region=${ticket.region}`);
  }
  if (when.textContains?.length) {
    const haystack = normaliseTerm(`${ticket.subject}\n${ticket.description}`);
    const found = when.textContains.find((phrase) => haystack.includes(normaliseTerm(phrase)));
    if (found === undefined) return null;
    words.push(`text="${found}"`);
  }
  return words;
}

function names(list: readonly string[], value: string | null): boolean {
  if (value === null) return false;
  const wanted = normaliseTerm(value);
  return list.some((entry) => normaliseTerm(entry) === wanted);
}

/** The available member with all the skills who has the fewest open tickets; by id where they are equal. */
function leastLoaded(directory: Directory, group: Group, skills: readonly string[], load: (staffId: string) => number) {
  const wanted = skills.map(normaliseTerm);
  const able = group.memberIds.flatMap((memberId): { staff: Staff; load: number }[] => {
    const staff = lookup(directory.staff, memberId);
    if (!staff?.active || !staff.available) return [];
    const has = new Set(staff.skills.map(normaliseTerm));
    return wanted.every((skill) => has.has(skill)) ? [{ staff, load: load(memberId) }] : [];
  });
  able.sort((a, b) => a.load - b.load || (a.staff.staffId < b.staff.staffId ? -1 : 1));
  const first = able[0];
  if (!first) return { staffId: null, because: `nobody available of ${group.memberIds.length}` };
  return { staffId: first.staff.staffId, because: `least loaded (${first.load}) of ${able.length} available` };
}
