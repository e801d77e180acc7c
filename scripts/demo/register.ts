import { eventually, type Api } from "../acceptance/api.ts";
import { plainLetter } from "../acceptance/letters.ts";
import { sendRaw } from "../acceptance/post.ts";
import { people } from "./people.ts";
import type { DemoTarget } from "./target.ts";
import type { DemoTicket } from "./tickets.ts";

/** Asks as the customer would, by mail, on the phone or in the portal; gives the id of the ticket that comes of it. */
export async function register(
  ticket: DemoTicket,
  index: number,
  olga: Api,
  target: DemoTarget,
  began: Date,
): Promise<string> {
  const person = people[ticket.by];
  if (ticket.via === "email") {
    const messageId = `<demo-${index}@${person.email.split("@")[1]}>`;
    await sendRaw(
      () => target.smtpPort,
      person.email,
      target.supportAddress,
      plainLetter({
        from: person.email,
        to: target.supportAddress,
        subject: ticket.subject,
        text: `${ticket.text}\nКлюч поддержки: ${person.key}`,
        messageId,
      }),
    );
    return eventually("the mail's ticket", async () => {
      const list = (await olga.get("/api/v1/contacts?status=registered&channel=email&limit=50")).body.items as {
        subject: string;
        ticketId: string | null;
      }[];
      return list.find((contact) => contact.subject === ticket.subject)?.ticketId;
    });
  }
  const wish =
    ticket.steps[0]?.do === "classify"
      ? { type: ticket.steps[0].type, priority: ticket.steps[0].priority }
      : { type: "incident", priority: "medium" };
  const answer =
    ticket.via === "phone"
      ? await olga.post(
          "/api/v1/contacts/phone",
          {
            subject: ticket.subject,
            text: ticket.text,
            personName: person.name,
            email: person.email,
            organization: person.company,
            supportKey: person.key,
            ...(ticket.product === null ? {} : { product: ticket.product }),
            occurredAt: began.toISOString(),
            verified: { organizationId: person.organizationId, contractId: person.contractId, personId: ticket.by },
          },
          { key: `demo-${index}` },
        )
      : await olga.post(
          "/api/v1/contacts/portal",
          {
            ...wish,
            subject: ticket.subject,
            company: person.company,
            contactPerson: person.name,
            email: person.email,
            product: ticket.product ?? "Perimeter Gate",
            description: ticket.text,
            supportKey: person.key,
          },
          { key: `demo-${index}` },
        );
  if (answer.status >= 300) throw new Error(`demo ticket ${index}: ${answer.status} ${JSON.stringify(answer.body)}`);
  if (answer.body.ticket !== null) return answer.body.ticket.ticketId;
  return eventually(
    "the contact's ticket",
    async () => (await olga.get(`/api/v1/contacts/${answer.body.contactId}`)).body.ticketId as string | null,
  );
}
