import type { Text } from "../texts/error-text.ts";

const field = (ru: string, en: string): Text => ({ ru, en });

/**
 * The fields of a ticket that a fact may change, under the names that the interface gives them, with their words. The place of a
 * field in this list is its bit in the read model of changes: new ones go to the end, none is ever moved or taken out.
 */
export const changedFieldTitles = {
  status: field("Состояние", "Status"),
  closedBecause: field("Как закрыта", "How it was closed"),
  type: field("Тип", "Type"),
  priority: field("Приоритет", "Priority"),
  classified: field("Классифицирована", "Classified"),
  product: field("Продукт", "Product"),
  line: field("Линия", "Line"),
  groupId: field("Группа", "Group"),
  engineerId: field("Исполнитель", "Engineer"),
  engineerName: field("Имя исполнителя", "Engineer's name"),
  routedBy: field("Правило маршрутизации", "Routing rule"),
  underControl: field("На контроле", "Under control"),
  returns: field("Возвратов", "Returns"),
  handOvers: field("Передач", "Hand-overs"),
  reactionState: field("Реакция: отсчёт", "Reaction: clock"),
  reactionDeadline: field("Реакция: срок", "Reaction: deadline"),
  resolutionState: field("Решение: отсчёт", "Resolution: clock"),
  resolutionDeadline: field("Решение: срок", "Resolution: deadline"),
  olaState: field("Приём линией: отсчёт", "Line's acceptance: clock"),
  olaDeadline: field("Приём линией: срок", "Line's acceptance: deadline"),
  autoCloseAt: field("Автоматическое закрытие", "Automatic close"),
  acceptedAt: field("Принята в работу", "Accepted at"),
  resolvedAt: field("Решена", "Resolved at"),
  closedAt: field("Закрыта", "Closed at"),
  question: field("Вопрос заказчику", "Question to the customer"),
  proposal: field("Предложение", "Proposal"),
  downtime: field("Отключение оборудования", "Downtime"),
  workaround: field("Обходное решение", "Workaround"),
  solution: field("Решение", "Solution"),
  returnReason: field("Причина возврата", "Reason of the return"),
  extension: field("Продление срока", "Extension"),
  reminders: field("Напоминаний", "Reminders"),
  escalations: field("Эскалации", "Escalations"),
  duplicateOf: field("Дубликат заявки", "Duplicate of"),
  closingNote: field("Примечание к закрытию", "Closing note"),
  attachments: field("Файлы", "Files"),
  links: field("Связи", "Links"),
} as const satisfies Record<string, Text>;

export type ChangedField = keyof typeof changedFieldTitles;

export const changedFields = Object.keys(changedFieldTitles) as [ChangedField, ...ChangedField[]];

/** A set of fields as one number, exact up to 2^53. */
export function changedMask(fields: Iterable<ChangedField>): number {
  let mask = 0;
  for (const name of new Set(fields)) mask += 2 ** changedFields.indexOf(name);
  return mask;
}

/** The fields of such a number (decimal text where it comes from a database). */
export function fieldsOfMask(mask: number | string): ChangedField[] {
  const bits = BigInt(mask);
  return changedFields.filter((_name, place) => (bits >> BigInt(place)) & 1n);
}
