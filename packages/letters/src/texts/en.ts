import type { LetterTexts } from "./keys.ts";

export const en: LetterTexts = {
  none: "not given",
  frame: {
    greeting: "Hello {{name}},",
    button: "Open the ticket",
    signature: "Service centre",
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
  },
  words: {
    registered: {
      subject: "[{{number}}] Ticket registered: {{subject}}",
      text: "Your request has been registered.",
      after: "Reply to this mail and your answer joins the ticket.",
    },
    classified: {
      subject: "[{{number}}] Ticket classified: {{subject}}",
      text: "Ticket {{number}} now has a type and a priority.",
      after: "",
    },
    assigned: {
      subject: "[{{number}}] Specialist assigned: {{subject}}",
      text: "A specialist is now responsible for ticket {{number}}.",
      after: "",
    },
    assigned_to_group: {
      subject: "[{{number}}] Ticket passed on: {{subject}}",
      text: "Ticket {{number}} went to the group that will name a specialist.",
      after: "",
    },
    accepted: {
      subject: "[{{number}}] Work has begun: {{subject}}",
      text: "Ticket {{number}} was accepted into work.",
      after: "",
    },
    handed_over: {
      subject: "[{{number}}] Handed over: {{subject}}",
      text: "Ticket {{number}} was handed over for further work.",
      after: "",
    },
    asked: {
      subject: "[{{number}}] Your answer is needed: {{subject}}",
      text: "We need information from you for ticket {{number}}. Until you answer, the resolution time stands still.",
      after: "To answer, reply to this mail.",
    },
    answered: {
      subject: "[{{number}}] Answer received: {{subject}}",
      text: "Your answer on ticket {{number}} has arrived; work goes on.",
      after: "",
    },
    proposed: {
      subject: "[{{number}}] Change to approve: {{subject}}",
      text: "A change is proposed for ticket {{number}}. Work starts only after you agree.",
      after: "",
    },
    approved: {
      subject: "[{{number}}] Change approved: {{subject}}",
      text: "The change for ticket {{number}} is approved.",
      after: "",
    },
    refused: {
      subject: "[{{number}}] Change refused: {{subject}}",
      text: "The change for ticket {{number}} was refused.",
      after: "",
    },
    change_started: {
      subject: "[{{number}}] Work started: {{subject}}",
      text: "The agreed work for ticket {{number}} has started.",
      after: "",
    },
    downtime: {
      subject: "[{{number}}] Planned downtime: {{subject}}",
      text: "Work on ticket {{number}} needs equipment to be switched off.",
      after: "",
    },
    update_installed: {
      subject: "[{{number}}] Update installed: {{subject}}",
      text: "An update was installed for ticket {{number}}.",
      after: "",
    },
    commented: {
      subject: "[{{number}}] New message: {{subject}}",
      text: "There is a new message on ticket {{number}}.",
      after: "",
    },
    workaround: {
      subject: "[{{number}}] Workaround: {{subject}}",
      text: "A temporary solution is available for ticket {{number}}. Work on the full one goes on.",
      after: "",
    },
    missed: {
      subject: "[{{number}}] Resolution time exceeded: {{subject}}",
      text: "Ticket {{number}} was not resolved within the agreed time. Work goes on; if a workaround exists, we will offer it.",
      after: "",
    },
    extended: {
      subject: "[{{number}}] Term extended: {{subject}}",
      text: "The term for ticket {{number}} was extended as agreed with you.",
      after: "",
    },
    escalated: {
      subject: "[{{number}}] Escalation received: {{subject}}",
      text: "Ticket {{number}} is now under control.",
      after: "",
    },
    escalation_actions: {
      subject: "[{{number}}] Escalation: actions: {{subject}}",
      text: "Actions were decided for the escalation of ticket {{number}}.",
      after: "",
    },
    escalation_released: {
      subject: "[{{number}}] Released from control: {{subject}}",
      text: "The escalation of ticket {{number}} is dealt with; the ticket is released from control.",
      after: "",
    },
    resolved: {
      subject: "[{{number}}] Resolved: {{subject}}",
      text: "There is a solution for ticket {{number}}.",
      after:
        "If all is well, confirm the result in the portal by the link below.\nIf it is not, return the ticket to work there and say why.",
    },
    returned: {
      subject: "[{{number}}] Returned to work: {{subject}}",
      text: "Ticket {{number}} was returned to work.",
      after: "",
    },
    reminded: {
      subject: "[{{number}}] Please confirm the result (reminder {{reminder}} of {{reminders}}): {{subject}}",
      text: "The solution of ticket {{number}} waits for your confirmation.",
      after: "Confirm the result or return the ticket to work in the portal by the link below.",
    },
    confirmed: {
      subject: "[{{number}}] Ticket closed: {{subject}}",
      text: "The result of ticket {{number}} is confirmed and the ticket is closed.",
      after: "If you need help again, write to us: a new mail opens a new request.",
    },
    auto_closed: {
      subject: "[{{number}}] Ticket closed: {{subject}}",
      text: "Working days that passed without an answer: {{workingDays}}. Ticket {{number}} closed by itself.",
      after: "If the question remains, write to us: a new mail opens a new request.",
    },
    auto_closed_by_policy: {
      subject: "[{{number}}] Ticket closed: {{subject}}",
      text: "The work of ticket {{number}} is done and the ticket is closed.",
      after: "",
    },
    withdrawn: {
      subject: "[{{number}}] Ticket withdrawn: {{subject}}",
      text: "Ticket {{number}} was withdrawn and closed.",
      after: "",
    },
    duplicate: {
      subject: "[{{number}}] Closed as a duplicate: {{subject}}",
      text: "Ticket {{number}} is closed: work goes on under another ticket.",
      after: "",
    },
    staff_assigned: {
      subject: "[{{number}}] A ticket for you: {{subject}}",
      text: "Ticket {{number}} is assigned to you.",
      after: "",
    },
    staff_warned: {
      subject: "[{{number}}] Deadline near: {{subject}}",
      text: "A deadline of ticket {{number}} is near.",
      after: "",
    },
    staff_missed: {
      subject: "[{{number}}] Deadline missed: {{subject}}",
      text: "A deadline of ticket {{number}} was missed.",
      after: "",
    },
    staff_escalated: {
      subject: "[{{number}}] Escalation step: {{subject}}",
      text: "An escalation step of ticket {{number}} was reached.",
      after: "",
    },
    staff_customer_escalated: {
      subject: "[{{number}}] Escalation: {{subject}}",
      text: "Ticket {{number}} was escalated and is under control.",
      after: "",
    },
  },
  clockNames: { reaction: "Reaction time", resolution: "Resolution time", ola: "Acceptance by the line" },
  types: { incident: "Incident", change: "Change", consultation: "Consultation", scheduled_work: "Scheduled work" },
  priorities: { high: "High", medium: "Medium", low: "Low" },
};
