import { request } from "./request.ts";
import type { Stand } from "./stand.ts";

/** A ticket by a phone call that is registered at once; gives its number when the read model has it. */
export async function call(stand: Stand, subject: string): Promise<string> {
  const reply = await request(stand, "oleg", "POST", "/contacts/phone", {
    subject,
    text: `${subject}: подробности.`,
    verified: { organizationId: "severny", contractId: "severny-2024", personId: "ivanov" },
  });
  const { number } = reply["ticket"] as { number: string };
  await request(stand, "oleg", "GET", `/tickets/${number}?wait=${String(reply["position"])}`);
  return number;
}
