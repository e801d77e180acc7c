import type { CommandMeta } from "../command.ts";
import { refuse, type Decision, type Refusal } from "../errors.ts";
import type { NewFact } from "../event.ts";
import { mayRole } from "../permissions.ts";
import { clockSkew } from "../ticket/work-in-hand.ts";
import type { DirectoryCommand } from "./commands.ts";
import {
  changePolicy,
  changeTerms,
  defineCalendar,
  reviseCalendar,
  signContract,
  terminate,
} from "./contract-rules.ts";
import type { DirectoryEvent } from "./events.ts";
import {
  addPerson,
  changeOrganization,
  changePerson,
  registerOrganization,
  removePerson,
} from "./organization-rules.ts";
import {
  activateGroup,
  activateOrganization,
  importGroup,
  importOrganization,
  importPeople,
  importStaff,
} from "./import-rules.ts";
import { changeFrame, changeLetter, resetFrame, resetLetter } from "./letter-rules.ts";
import { definePlan, recordOccurrence, stopPlan } from "./plan-rules.ts";
import {
  changeAvailability,
  changeGroup,
  changeMembers,
  changeStaff,
  createGroup,
  deactivate,
  hire,
  publishRules,
  reactivate,
} from "./staff-rules.ts";
import type { Directory } from "./state.ts";

/** The administrative commands that are decided on the directory; ratings and number blocks have states of their own. */
export type AdministrativeCommand = Exclude<DirectoryCommand, { type: "RateTicket" | "ReserveTicketNumbers" }>;

type Rule<Type extends AdministrativeCommand["type"]> = (
  directory: Directory,
  data: Extract<AdministrativeCommand, { type: Type }>["data"],
  now: number,
) => DirectoryEvent | Refusal | null;

const rules: { readonly [Type in AdministrativeCommand["type"]]: Rule<Type> } = {
  RegisterOrganization: registerOrganization,
  ChangeOrganization: changeOrganization,
  AddPerson: addPerson,
  ChangePerson: changePerson,
  RemovePerson: removePerson,
  SignContract: signContract,
  ChangeContractPolicy: changePolicy,
  ChangeContractTerms: changeTerms,
  TerminateContract: terminate,
  DefineCalendar: defineCalendar,
  ReviseCalendar: reviseCalendar,
  HireStaff: hire,
  ChangeStaff: changeStaff,
  ChangeStaffAvailability: changeAvailability,
  DeactivateStaff: deactivate,
  ReactivateStaff: reactivate,
  CreateGroup: createGroup,
  ChangeGroup: changeGroup,
  ChangeGroupMembers: changeMembers,
  ImportOrganization: importOrganization,
  ImportPeople: importPeople,
  ImportStaff: importStaff,
  ImportGroup: importGroup,
  ActivateOrganization: activateOrganization,
  ActivateGroup: activateGroup,
  PublishRoutingRules: publishRules,
  ChangeLetterText: changeLetter,
  ResetLetterText: resetLetter,
  ChangeLetterFrame: changeFrame,
  ResetLetterFrame: resetFrame,
  DefinePlan: definePlan,
  StopPlan: stopPlan,
  RecordPlanOccurrence: recordOccurrence,
};

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
  if (!mayRole(meta.actor.role, command.type))
    return refuse("not_permitted", "actor", { role: meta.actor.role, command: command.type });
  if (meta.occurredAt !== undefined && Date.parse(meta.occurredAt) > now + clockSkew) {
    return refuse("occurred_in_future", "occurredAt", { at: meta.occurredAt });
  }
  const rule = rules[command.type] as Rule<typeof command.type>;
  const decided = rule(directory, command.data, now);
  if (decided === null) return { ok: true, events: [] };
  if ("ok" in decided) return decided;
  return { ok: true, events: [{ ...decided, occurredAt: meta.occurredAt ?? new Date(now).toISOString() }] };
}
