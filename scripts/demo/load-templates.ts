import { loginAs } from "../acceptance/api.ts";
import { demoPassword } from "./world.ts";

const templates = [
  {
    name: "Изучаем причину",
    language: "ru",
    body: "Здравствуйте, {{requester.name}}!\n\nПо заявке {{ticket.number}} мы изучаем причину. Вернёмся с ответом {{ask:когда}}.",
  },
  {
    name: "Нужны журналы",
    language: "ru",
    body: "Здравствуйте, {{requester.name}}!\n\nЧтобы продолжить работу по заявке {{ticket.number}}, пришлите, пожалуйста, журналы {{ask:чего}} за {{ask:время}}.",
  },
  {
    name: "Looking into the cause",
    language: "en",
    body: "Hello {{requester.name}},\n\nwe are looking into the cause of {{ticket.number}} and will be back with an answer {{ask:when}}.",
  },
] as const;

/** Texts for answers, so that the composer has something to offer from the first ticket on. */
export async function loadTemplates(gateway: string): Promise<void> {
  const maria = await loginAs(() => gateway, "maria", demoPassword);
  for (const [at, template] of templates.entries()) {
    const answer = await maria.post(
      "/api/v1/templates",
      { ...template, kind: "reply" },
      { key: `demo-template-${at + 1}` },
    );
    if (answer.status >= 300)
      throw new Error(`the demo's template ${template.name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
