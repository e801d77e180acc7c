import type { CustomerTexts, Said, TicketWords } from "./keys.ts";

const say =
  (what: string, sentences: (ticket: TicketWords) => readonly string[], after: readonly string[] = []) =>
  (ticket: TicketWords): Said => ({
    subject: `[${ticket.number}] ${what}: ${ticket.subject}`,
    sentences: sentences(ticket),
    after,
  });

export const en: CustomerTexts = {
  greeting: (name) => (name === "" ? "Hello." : `Hello ${name},`),
  signature: "Service centre",
  open: "Open the ticket",
  none: "not given",
  labels: {
    number: "Ticket",
    received: "Received",
    subject: "Subject",
    link: "Link",
    specialist: "Responsible specialist",
    group: "Group",
    type: "Type",
    priority: "Priority",
    deadline: "Deadline",
    oldDeadline: "Previous deadline",
    newDeadline: "New deadline",
    agreedBy: "Agreed with",
    schedule: "Schedule",
    effort: "Effort",
    product: "Product",
    from: "From",
    to: "To",
    equipment: "Equipment switched off",
    autoClose: "Closes by itself",
    duplicateOf: "Main ticket",
    clock: "Measure",
    level: "Step",
    customer: "Customer",
  },
  registered: say("Ticket registered", () => ["Your request has been registered."], [
    "Reply to this mail and your answer joins the ticket.",
  ]),
  assigned: say("Specialist assigned", (t) => [`A specialist is now responsible for ticket ${t.number}.`]),
  assignedToGroup: say("Ticket passed on", (t) => [
    `Ticket ${t.number} went to the group that will name a specialist.`,
  ]),
  classified: say("Ticket classified", (t) => [`Ticket ${t.number} now has a type and a priority.`]),
  accepted: say("Work has begun", (t) => [`Ticket ${t.number} was accepted into work.`]),
  handedOver: say("Handed over", (t) => [`Ticket ${t.number} was handed over for further work.`]),
  asked: say(
    "Your answer is needed",
    (t) => [`We need information from you for ticket ${t.number}. Until you answer, the resolution time stands still.`],
    ["To answer, reply to this mail."],
  ),
  answered: say("Answer received", (t) => [`Your answer on ticket ${t.number} has arrived; work goes on.`]),
  proposed: say("Change to approve", (t) => [
    `A change is proposed for ticket ${t.number}. Work starts only after you agree.`,
  ]),
  approved: say("Change approved", (t) => [`The change for ticket ${t.number} is approved.`]),
  refused: say("Change refused", (t) => [`The change for ticket ${t.number} was refused.`]),
  changeStarted: say("Work started", (t) => [`The agreed work for ticket ${t.number} has started.`]),
  downtime: say("Planned downtime", (t) => [`Work on ticket ${t.number} needs equipment to be switched off.`]),
  updateInstalled: say("Update installed", (t) => [`An update was installed for ticket ${t.number}.`]),
  commented: say("New message", (t) => [`There is a new message on ticket ${t.number}.`]),
  workaround: say("Workaround", (t) => [
    `A temporary solution is available for ticket ${t.number}. Work on the full one goes on.`,
  ]),
  missed: say("Resolution time exceeded", (t) => [
    `Ticket ${t.number} was not resolved within the agreed time. Work goes on; if a workaround exists, we will offer it.`,
  ]),
  extended: say("Term extended", (t) => [`The term for ticket ${t.number} was extended as agreed with you.`]),
  escalated: say("Escalation received", (t) => [`Ticket ${t.number} is now under control.`]),
  escalationActions: say("Escalation: actions", (t) => [
    `Actions were decided for the escalation of ticket ${t.number}.`,
  ]),
  escalationReleased: say("Released from control", (t) => [
    `The escalation of ticket ${t.number} is dealt with; the ticket is released from control.`,
  ]),
  resolved: say("Resolved", (t) => [`There is a solution for ticket ${t.number}.`], [
    "If all is well, confirm the result in the portal by the link below.",
    "If it is not, return the ticket to work there and say why.",
  ]),
  returned: say("Returned to work", (t) => [`Ticket ${t.number} was returned to work.`]),
  reminded: (ticket, number, of) => ({
    subject: `[${ticket.number}] Please confirm the result (reminder ${number} of ${of}): ${ticket.subject}`,
    sentences: [`The solution of ticket ${ticket.number} waits for your confirmation.`],
    after: ["Confirm the result or return the ticket to work in the portal by the link below."],
  }),
  confirmed: say("Ticket closed", (t) => [`The result of ticket ${t.number} is confirmed and the ticket is closed.`], [
    "If you need help again, write to us: a new mail opens a new request.",
  ]),
  autoClosed: (ticket, workingDays) => ({
    subject: `[${ticket.number}] Ticket closed: ${ticket.subject}`,
    sentences: [
      `Working days that passed without an answer: ${workingDays}. Ticket ${ticket.number} closed by itself.`,
    ],
    after: ["If the question remains, write to us: a new mail opens a new request."],
  }),
  autoClosedByPolicy: say("Ticket closed", (t) => [`The work of ticket ${t.number} is done and the ticket is closed.`]),
  withdrawn: say("Ticket withdrawn", (t) => [`Ticket ${t.number} was withdrawn and closed.`]),
  duplicate: say("Closed as a duplicate", (t) => [`Ticket ${t.number} is closed: work goes on under another ticket.`]),
  staffAssigned: say("A ticket for you", (t) => [`Ticket ${t.number} is assigned to you.`]),
  staffWarned: say("Deadline near", (t) => [`A deadline of ticket ${t.number} is near.`]),
  staffMissed: say("Deadline missed", (t) => [`A deadline of ticket ${t.number} was missed.`]),
  staffEscalated: say("Escalation step", (t) => [`An escalation step of ticket ${t.number} was reached.`]),
  staffCustomerEscalated: say("Escalation", (t) => [`Ticket ${t.number} was escalated and is under control.`]),
  clockNames: { reaction: "Reaction time", resolution: "Resolution time", ola: "Acceptance by the line" },
  types: { incident: "Incident", change: "Change", consultation: "Consultation", scheduled_work: "Scheduled work" },
  priorities: { high: "High", medium: "Medium", low: "Low" },
};
