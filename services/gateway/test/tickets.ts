import type { House } from "./house.ts";

export const portalForm = {
  type: "incident",
  priority: "high",
  subject: "VPN down",
  company: "ООО «Ромашка»",
  contactPerson: "Анна Заказчикова",
  email: "anna@romashka.example",
  product: "Континент",
  description: "Tunnel does not come up",
} as const;

/** A ticket of romashka, registered through the portal by Anna; `change` goes over the form. */
export async function registered(
  house: House,
  change: object = {},
  login = "anna",
): Promise<{ ticketId: string; number: string; contactId: string; position: string }> {
  const answer = await (await house.as(login)).post("/v1/contacts/portal", { ...portalForm, ...change });
  if (answer.body.ticket == null) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
  const { ticket, contactId, position } = answer.body;
  return { ticketId: ticket.ticketId, number: ticket.number, contactId, position };
}
