/** A word in both languages. */
export interface Label {
  readonly ru: string;
  readonly en: string;
}

/** What personal fields are called, by the last member of their path that is no number. */
const labels: Readonly<Record<string, Label>> = {
  name: { ru: "Имя", en: "Name" },
  email: { ru: "Электронная почта", en: "E-mail" },
  emails: { ru: "Адреса электронной почты", en: "E-mail addresses" },
  otherEmail: { ru: "Другая почта", en: "Other e-mail" },
  phone: { ru: "Телефон", en: "Phone" },
  phones: { ru: "Телефоны", en: "Phones" },
  subject: { ru: "Тема", en: "Subject" },
  description: { ru: "Описание", en: "Description" },
  stepsToReproduce: { ru: "Шаги воспроизведения", en: "Steps to reproduce" },
  reason: { ru: "Причина", en: "Reason" },
  engineerName: { ru: "Имя инженера", en: "Engineer's name" },
  question: { ru: "Вопрос", en: "Question" },
  answer: { ru: "Ответ", en: "Answer" },
  scope: { ru: "Объём работ", en: "Scope" },
  schedule: { ru: "Сроки", en: "Schedule" },
  effort: { ru: "Трудоёмкость", en: "Effort" },
  equipment: { ru: "Оборудование", en: "Equipment" },
  message: { ru: "Сообщение", en: "Message" },
  text: { ru: "Текст", en: "Text" },
  with: { ru: "Собеседник", en: "Spoken with" },
  summary: { ru: "Содержание разговора", en: "Summary of the call" },
  workaround: { ru: "Обходное решение", en: "Workaround" },
  findings: { ru: "Выводы", en: "Findings" },
  actions: { ru: "Действия", en: "Actions" },
  outcome: { ru: "Итог", en: "Outcome" },
  solution: { ru: "Решение", en: "Solution" },
  organization: { ru: "Названная организация", en: "Organization as named" },
  personName: { ru: "Имя отправителя", en: "Sender's name" },
  messageId: { ru: "Идентификатор письма", en: "Message-ID" },
  inReplyTo: { ru: "В ответ на", en: "In reply to" },
  from: { ru: "От кого", en: "From" },
  to: { ru: "Кому", en: "To" },
  note: { ru: "Примечание", en: "Note" },
  texts: { ru: "Слова источника", en: "Words of the source" },
  comment: { ru: "Отзыв", en: "Comment" },
};

/** What the field at a pointer is called; its own name where nobody gave it one. */
export function labelOf(pointer: string): Label {
  const name = pointer.split("/").findLast((step) => !/^\d+$|^\*$/.test(step)) ?? "";
  return labels[name] ?? { ru: name, en: name };
}
