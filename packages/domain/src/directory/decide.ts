import type { CommandMeta } from "../command.ts";
import { refuse, type Decision, type Refusal } from "../errors.ts";
import type { NewFact } from "../event.ts";
import { mayRole } from "../permissions.ts";
import { clockSkew } from "../ticket/work-in-hand.ts";
import type { DirectoryCommand } from "./commands.ts";
import { changePolicy, changeTerms, defineCalendar, reviseCalendar, signContract, terminate } from "./contract-rules.ts";
import type { DirectoryEvent } from "./events.ts";
import { addPerson, changeOrganization, changePerson, registerOrganization, removePerson } from "./organization-rules.ts";
import { definePlan, recordOccurrence, stopPlan } from "./plan-rules.ts";
import { changeAvailability, changeGroup, changeMembers, changeStaff, createGroup, deactivate, hire, publishRules, reactivate } from "./staff-rules.ts";
import type { Directory } from "./state.ts";

/** The administrative commands that are decided on the directory; ratings and number blocks have states of their own. */
export type AdministrativeCommand = Exclude<DirectoryCommand, { type: "RateTicket" | "ReserveTicketNumbers" }>;

/**
 * Decides an administrative command. Takes the command (valid by its schema), its metadata, the directory as it is and the
 * time (milliseconds); gives at most one fact, or a coded refusal. Pure. Nothing to change gives no facts.
 */
export function decideDirectory(
  command: AdministrativeCommand,
  meta: CommandMeta,
  directory: Directory,
  now: number,
): Decision<NewFact<DirectoryEvent>> {
  if (!mayRole(meta.actor.role, command.type)) return refuse("not_permitted", "actor", { role: meta.actor.role, command: command.type });
  if (meta.occurredAt !== undefined && Date.parse(meta.occurredAt) > now + clockSkew) {
    return refuse("occurred_in_future", "occurredAt", { at: meta.occurredAt });
  }
  const decided = decideOne(command, directory, now);
  if (decided === null) return { ok: true, events: [] };
  if ("ok" in decided) return decided;
  return { ok: true, events: [{ ...decided, occurredAt: meta.occurredAt ?? new Date(now).toISOString() }] };
}

function decideOne(command: AdministrativeCommand, directory: Directory, now: number): DirectoryEvent | Refusal | null {
  switch (command.type) {
    case "RegisterOrganization":
      return registerOrganization(directory, command.data);
    case "ChangeOrganization":
      return changeOrganization(directory, command.data);
    case "AddPerson":
      return addPerson(directory, command.data);
    case "ChangePerson":
      return changePerson(directory, command.data);
    case "RemovePerson":
      return removePerson(directory, command.data);
    case "SignContract":
      return signContract(directory, command.data);
    case "ChangeContractPolicy":
      return changePolicy(directory, command.data);
    case "ChangeContractTerms":
      return changeTerms(directory, command.data);
    case "TerminateContract":
      return terminate(directory, command.data);
    case "DefineCalendar":
      return defineCalendar(directory, command.data);
    case "ReviseCalendar":
      return reviseCalendar(directory, command.data);
    case "HireStaff":
      return hire(directory, command.data);
    case "ChangeStaff":
      return changeStaff(directory, command.data);
    case "ChangeStaffAvailability":
      return changeAvailability(directory, command.data);
    case "DeactivateStaff":
      return deactivate(directory, command.data);
    case "ReactivateStaff":
      return reactivate(directory, command.data);
    case "CreateGroup":
      return createGroup(directory, command.data);
    case "ChangeGroup":
      return changeGroup(directory, command.data);
    case "ChangeGroupMembers":
      return changeMembers(directory, command.data);
    case "PublishRoutingRules":
      return publishRules(directory, command.data);
    case "DefinePlan":
      return definePlan(directory, command.data, now);
    case "StopPlan":
      return stopPlan(directory, command.data);
    case "RecordPlanOccurrence":
      return recordOccurrence(directory, command.data);
  }
}
