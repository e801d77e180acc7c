export { type Bell, listenTo } from "./bell.ts";
export { runReactor, transaction, type ReactorOptions, type ReactorState } from "./reactor.ts";
export {
  enqueueMails,
  type MailSeals,
  openMail,
  runOutbox,
  UndeliverableMail,
  type OutboxMail,
  type OutboxOptions,
  type Sending,
} from "./outbox.ts";
