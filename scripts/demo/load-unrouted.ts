import { eventually, loginAs, type Api } from "../acceptance/api.ts";
import { people } from "./people.ts";
import { demoPassword } from "./world.ts";

/** A ticket that was classified while there were no rules yet: it belongs to nobody until a person sends it on. */
export async function loadUnrouted(gateway: string, admin: Api): Promise<void> {
  const olga = await loginAs(() => gateway, "olga", demoPassword);
  const person = people.kuznetsov;
  const answer = await olga.post(
    "/api/v1/contacts/phone",
    {
      subject: "Учебный стенд: нужен второй экран",
      text: "На учебном стенде один экран на двоих. Срочности нет.",
      personName: person.name,
      email: person.email,
      organization: person.company,
      supportKey: person.key,
      product: "Training Stand",
      verified: { organizationId: person.organizationId, contractId: person.contractId, personId: "kuznetsov" },
    },
    { key: "demo-unrouted" },
  );
  if (answer.status >= 300) throw new Error(`the demo's first ticket: ${answer.status} ${JSON.stringify(answer.body)}`);
  const classified = await olga.post(
    `/api/v1/tickets/${answer.body.ticket.ticketId}/commands/classify`,
    { type: "change", priority: "low", product: "Training Stand" },
    { key: "demo-unrouted-classify" },
  );
  // when the load is repeated, somebody may have taken it on meanwhile
  if (classified.status === 409) return;
  if (classified.status >= 300)
    throw new Error(`the demo's first ticket: ${classified.status} ${JSON.stringify(classified.body)}`);
  // Only when the clockwork has seen it and found no rules may they be published: it would send the ticket on by them.
  await eventually("the clockwork has seen the demo's first ticket", async () => {
    const { reactors } = (await admin.get("/api/v1/ops/processes")).body as {
      reactors: { name: string; position: string }[];
    };
    const routing = reactors.find(({ name }) => name === "routing");
    return routing !== undefined && BigInt(routing.position) >= BigInt(classified.body.position as string);
  });
}
