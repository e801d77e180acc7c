import { fillText, type NotificationKind, type Texts } from "@docket/api-contract";
import type { Language } from "@docket/domain";

const titles: Readonly<Record<NotificationKind, Texts>> = {
  assigned: { ru: "{number}: назначена вам", en: "{number} was assigned to you" },
  handed_over: { ru: "{number}: передана вам", en: "{number} was handed over to you" },
  answered: { ru: "{number}: заказчик ответил", en: "{number}: the customer has answered" },
  due_soon: { ru: "{number}: срок подходит", en: "{number}: the deadline is near" },
  missed: { ru: "{number}: срок нарушен", en: "{number}: the deadline was missed" },
  escalated: { ru: "{number}: взята под контроль", en: "{number} is under control now" },
  mentioned: { ru: "{number}: вас упомянули", en: "{number}: you were mentioned" },
  returned: { ru: "{number}: возвращена в работу", en: "{number} was returned to work" },
  confirmed: { ru: "{number}: результат подтверждён", en: "{number}: the result was confirmed" },
  commented: { ru: "{number}: новое сообщение", en: "{number}: a new message" },
  asked: { ru: "{number}: вас спрашивают", en: "{number}: you are asked a question" },
  proposed: { ru: "{number}: предложено изменение", en: "{number}: a change was proposed" },
  approved: { ru: "{number}: изменение согласовано", en: "{number}: the change was approved" },
  refused: { ru: "{number}: в изменении отказано", en: "{number}: the change was refused" },
  resolved: { ru: "{number}: есть решение, подтвердите", en: "{number} was resolved, please confirm" },
  closed: { ru: "{number}: закрыта", en: "{number} was closed" },
};

/** What a note says, in the reader's language. */
export const notificationTitle = (kind: NotificationKind, number: string, language: Language): string =>
  fillText(titles[kind], language, { number });
