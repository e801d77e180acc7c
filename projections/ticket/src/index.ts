export { type ShownTicket, type Step, type SteppedFact, type Stepper, ticketStepper } from "./steps.ts";
export { ticket } from "./ticket.ts";
