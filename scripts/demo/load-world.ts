import type { Api } from "../acceptance/api.ts";
import { worldCommands } from "./world.ts";

const kebab = (name: string) => name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).toLowerCase();

/**
 * Command type -> the admin route's name, as `directoryCommands` keys it. The rules come last: what is classified before them waits
 * for a person.
 */
export async function loadWorld(
  admin: Api,
  nameOf: (type: string) => string,
  beforeRules: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (const [index, command] of worldCommands.entries()) {
    if (command.type === "PublishRoutingRules") await beforeRules();
    const answer = await admin.post(`/api/v1/admin/commands/${kebab(nameOf(command.type))}`, command.data, {
      key: `world-${index}`,
    });
    if (answer.status >= 300 && answer.body.code !== "already_exists")
      throw new Error(`${command.type}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
