export { letterOf, type Happened, type TriedLetter } from "./letter-of.ts";
export { mailsOf, type MailTicket, type OutgoingMail } from "./mails-of.ts";
export { mailTicketOf } from "./mail-ticket.ts";
export { builtInFrame, builtInWords } from "./words.ts";
