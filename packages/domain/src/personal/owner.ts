import type { Actor } from "../values.ts";
import { normaliseEmail, normalisePhone } from "../directory/normalise.ts";
import { erasedText } from "./erased.ts";

/**
 * Whose a piece of personal data is. `name` tells the data subject (`person:<id>`, `staff:<id>`, `mail:<address>`,
 * `phone:<digits>`, `stream:<stream>`), `known` are other names of the same one that the event tells. `ofStream`: the one to
 * whom the first event of that stream belongs.
 */
export type Owner = { readonly name: string; readonly known: readonly string[] } | { readonly ofStream: string };

/** An event as the rules see it; `parent` is the object that holds the field. Personal fields may be sealed already. */
export interface OwnedField {
  readonly stream: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly parent: Readonly<Record<string, unknown>>;
}

/** Says whose a field is. Pure. */
export type OwnerRule = (field: OwnedField) => Owner;

/** A text that says something: no blank, nothing sealed. */
const said = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" && value !== erasedText ? value : null;

const mailName = (address: unknown): string | null => {
  const text = said(address);
  return text === null ? null : `mail:${normaliseEmail(text)}`;
};
const phoneName = (phone: unknown): string | null => {
  const digits = normalisePhone(said(phone) ?? "");
  return digits === "" ? null : `phone:${digits}`;
};
const first = (names: readonly (string | null)[], stream: string): Owner => {
  const [name = `stream:${stream}`, ...known] = names.filter((one) => one !== null);
  // A telephone is shared by a whole office: it names somebody only when nothing else does.
  return { name, known: known.filter((one) => !one.startsWith("phone:")) };
};

/** A person as events name him: by the directory's id, else by his address, else by his telephone, else by the stream. */
function partyOf(party: Readonly<Record<string, unknown>>, stream: string): Owner {
  const personId = said(party["personId"]);
  return first(
    [personId === null ? null : `person:${personId}`, mailName(party["email"]), phoneName(party["phone"])],
    stream,
  );
}

const object = (value: unknown): Readonly<Record<string, unknown>> => (value ?? {}) as Record<string, unknown>;

/** Fields of a party that stands in the event: his own. */
export const party: OwnerRule = ({ parent, stream }) => partyOf(parent, stream);
/** Fields beside a party that wrote them. */
export const partyAt =
  (field: string): OwnerRule =>
  ({ data, stream }) =>
    partyOf(object(data[field]), stream);
/** What is said in and about a ticket: its requester's. */
export const requesterOfTicket: OwnerRule = ({ stream }) => ({ ofStream: stream });
/** The same for what stands beside the ticket's own stream. */
export const requesterOfTicketNamed: OwnerRule = ({ data }) => ({ ofStream: `ticket-${String(data["ticketId"])}` });
/** What became of a contact: its sender's. */
export const senderOfContact: OwnerRule = ({ stream }) => ({ ofStream: stream });
/** What a contact brought: its sender's, as far as he can be told. */
export const sender: OwnerRule = ({ data, stream }) => {
  const personId = said(data["authenticatedPersonId"]);
  const claims = object(data["claims"]);
  const mail = object(data["mail"]);
  return first(
    [
      personId === null ? null : `person:${personId}`,
      mailName(mail["from"]) ?? mailName(claims["email"]),
      phoneName(claims["phone"]),
    ],
    stream,
  );
};
/** An entry of the directory for a customer's person. */
export const person: OwnerRule = ({ data }) => {
  const { personId, emails } = object(data["person"]);
  const addresses = Array.isArray(emails) ? emails.map(mailName).filter((name) => name !== null) : [];
  return { name: `person:${String(personId)}`, known: addresses };
};
/** One of several people, whose addresses and numbers are lists of his own. */
export const personInList: OwnerRule = ({ data, parent }) => {
  const people = (Array.isArray(data["people"]) ? data["people"] : []) as Readonly<Record<string, unknown>>[];
  const one =
    "personId" in parent ? parent : people.find(({ emails, phones }) => emails === parent || phones === parent);
  return person({ stream: "", data: { person: one }, parent });
};
/** A member of staff, on his own stream. */
export const staffOfStream: OwnerRule = ({ stream, data }) => {
  const address = mailName(data["email"]);
  return { name: `staff:${stream.slice("staff-".length)}`, known: address === null ? [] : [address] };
};
/** A member of staff who is named by an id beside the field. */
export const staffBeside =
  (field: string): OwnerRule =>
  ({ parent, stream }) => {
    const staffId = said(parent[field]);
    return { name: staffId === null ? `stream:${stream}` : `staff:${staffId}`, known: [] };
  };

/** Whose an actor's name is; undefined for machines and the engine, whose names are nobody's. */
export function ownerOfActor({ id, role }: Pick<Actor, "id" | "role">): Owner | undefined {
  if (role === "machine" || role === "system") return undefined;
  return { name: `${role === "requester" ? "person" : "staff"}:${id}`, known: [] };
}

/** The kinds of data subjects, by the first part of their names. */
export const subjectKinds = ["person", "staff", "mail", "phone", "stream", "account"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** The kind that a name says. */
export function kindOfName(name: string): SubjectKind {
  return name.slice(0, name.indexOf(":")) as SubjectKind;
}
