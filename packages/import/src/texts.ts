import type { Language } from "@docket/domain";

/** What stands where the rules want a text and the source has none. A mapping may put its own in their place. */
export interface HistoryTexts {
  readonly solution: string;
  readonly question: string;
  readonly answer: string;
  readonly returned: string;
  readonly reclassified: string;
  readonly handedOver: string;
  readonly withdrawn: string;
  readonly unknownGroup: string;
  readonly unknownPerson: string;
  readonly unknownRequester: string;
  readonly approval: string;
}

export const historyTexts: Readonly<Record<Language, HistoryTexts>> = {
  en: {
    solution: "Resolved (imported; the source has no text)",
    question: "Waiting for the customer (imported; the source has no text)",
    answer: "The wait ended (imported; the source has no text)",
    returned: "Taken up again in the source",
    reclassified: "Changed in the source",
    handedOver: "Handed over in the source",
    withdrawn: "Withdrawn in the source",
    unknownGroup: "Group not known",
    unknownPerson: "Person not known",
    unknownRequester: "Requester not known",
    approval: "Waiting for approval (imported; the source has no text)",
  },
  ru: {
    solution: "Решено (перенесено из другой системы, текста в ней нет)",
    question: "Ожидание ответа заказчика (перенесено, текста в источнике нет)",
    answer: "Ожидание закончилось (перенесено, текста в источнике нет)",
    returned: "Возвращено в работу в исходной системе",
    reclassified: "Изменено в исходной системе",
    handedOver: "Передано в исходной системе",
    withdrawn: "Отозвано в исходной системе",
    unknownGroup: "Группа не указана",
    unknownPerson: "Исполнитель не указан",
    unknownRequester: "Инициатор не указан",
    approval: "Ожидание согласования (перенесено, текста в источнике нет)",
  },
};
