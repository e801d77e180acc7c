import type { AnyCommand } from "./any.ts";
import type { Role } from "./values.ts";

type CommandType = AnyCommand["type"];

const staff = ["operator", "engineer", "expert", "service_manager", "admin"] as const;
const dispatchers = ["operator", "service_manager", "admin"] as const;
const specialists = ["engineer", "expert", "service_manager", "admin"] as const;
const managers = ["service_manager", "admin"] as const;
const clerks = ["operator", "service_manager", "admin"] as const;

/**
 * Which role may send which command (R §2: lines and roles; §4.2, §4.3: what the customer decides). `system` is the engine
 * itself: mail that was read, plans that fell due, time that passed. Auditors and analysts only read. Whose ticket it is, a
 * decider asks beside this table.
 */
export const permissions: Readonly<Record<CommandType, readonly Role[]>> = {
  RegisterTicket: [...staff, "system"],
  ClassifyTicket: [...staff, "system"],
  AssignTicket: [...staff, "system"],
  AcceptTicket: [...staff, "system"],
  HandOverTicket: [...staff, "system"],
  AskCustomer: [...staff, "system"],
  RecordCustomerAnswer: [...staff, "requester", "system"],
  ProposeChange: [...specialists, "system"],
  ApproveChange: [...staff, "requester", "system"],
  RefuseChange: [...staff, "requester", "system"],
  StartChange: [...specialists, "system"],
  AnnounceDowntime: [...staff, "system"],
  RecordUpdateInstalled: [...specialists, "system"],
  CommentTicket: [...staff, "requester", "machine", "system"],
  JoinMessage: [...staff, "requester", "machine", "system"],
  LogCall: [...staff, "system"],
  AddAttachment: [...staff, "requester", "machine", "system"],
  LinkTicket: [...staff, "system"],
  GiveWorkaround: [...staff, "system"],
  ExtendTerm: [...staff, "system"],
  EscalateTicket: [...staff, "requester", "system"],
  StudyEscalation: [...staff, "system"],
  DecideEscalationActions: [...managers, "system"],
  CompleteEscalationActions: [...staff, "system"],
  ReleaseEscalation: [...managers, "system"],
  ResolveTicket: [...staff, "system"],
  ReturnTicket: [...dispatchers, "requester", "system"],
  ConfirmResult: [...dispatchers, "requester", "system"],
  WithdrawTicket: [...dispatchers, "requester", "system"],
  MarkDuplicate: [...staff, "system"],
  FireAlarm: ["system"],
  RecomputeClocks: ["system"],
  RecordSource: ["system"],
  RecordAutoClose: ["system"],

  ReceiveContact: [...staff, "requester", "machine", "system"],
  TriageContact: [...clerks, "system"],
  VerifyContact: clerks,
  RejectContact: clerks,
  RecordContactRegistered: [...clerks, "system"],
  RecordContactJoined: [...clerks, "system"],

  RegisterOrganization: [...managers, "system"],
  ChangeOrganization: [...managers, "system"],
  AddPerson: [...clerks, "system"],
  ChangePerson: [...clerks, "system"],
  RemovePerson: [...managers, "system"],
  SignContract: [...managers, "system"],
  ChangeContractPolicy: [...managers, "system"],
  ChangeContractTerms: [...managers, "system"],
  TerminateContract: [...managers, "system"],
  DefineCalendar: [...managers, "system"],
  ReviseCalendar: [...managers, "system"],
  HireStaff: ["admin", "system"],
  ChangeStaff: ["admin", "system"],
  ChangeStaffAvailability: [...staff, "system"],
  DeactivateStaff: ["admin", "system"],
  ReactivateStaff: ["admin", "system"],
  CreateGroup: [...managers, "system"],
  ChangeGroup: [...managers, "system"],
  ChangeGroupMembers: [...managers, "system"],
  ActivateGroup: [...managers, "system"],
  ActivateOrganization: [...managers, "system"],
  ImportOrganization: ["system"],
  ImportPeople: ["system"],
  ImportStaff: ["system"],
  ImportGroup: ["system"],
  PublishRoutingRules: [...managers, "system"],
  ChangeLetterText: [...managers, "system"],
  ResetLetterText: [...managers, "system"],
  ChangeLetterFrame: [...managers, "system"],
  ResetLetterFrame: [...managers, "system"],
  DefinePlan: [...managers, "system"],
  StopPlan: [...managers, "system"],
  RecordPlanOccurrence: ["system"],
  RateTicket: ["requester"],
  ReserveTicketNumbers: ["system"],
};

const allowed: ReadonlyMap<string, ReadonlySet<Role>> = new Map(
  Object.entries(permissions).map(([type, roles]) => [type, new Set(roles)]),
);

/** Whether a role may send a command at all. */
export function mayRole(role: Role, commandType: string): boolean {
  return allowed.get(commandType)?.has(role) ?? false;
}
