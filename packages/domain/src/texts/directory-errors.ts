import { conflict, invalid, notFound } from "./error-text.ts";

/** Refusals on contacts and on what is administered. */
export const directoryErrors = {
  contact_unknown: notFound("Такого обращения нет", "There is no such contact"),
  contact_exists: conflict("Это обращение уже принято", "This contact was received already"),
  contact_settled: conflict("По обращению уже принято решение: {status}", "The contact is settled already: {status}"),
  contact_not_verified: conflict("Право на обращение ещё не проверено", "The contact has not been verified yet"),
  occurred_before_receipt: invalid(
    "Указанное время раньше получения обращения: {at}",
    "The time given lies before the contact was received: {at}",
  ),

  organization_unknown: notFound(
    "Такой организации нет: {organizationId}",
    "There is no such organization: {organizationId}",
  ),
  organization_exists: conflict(
    "Организация уже заведена: {organizationId}",
    "The organization exists already: {organizationId}",
  ),
  person_unknown: notFound("Такого сотрудника заказчика нет: {personId}", "There is no such person: {personId}"),
  person_exists: conflict("Сотрудник заказчика уже заведён: {personId}", "The person exists already: {personId}"),
  person_of_another_organization: invalid(
    "{name} работает в другой организации",
    "{name} belongs to another organization",
  ),
  email_taken: conflict(
    "Адрес {email} уже принадлежит другому человеку",
    "The address {email} belongs to somebody else already",
  ),

  contract_unknown: notFound("Такого договора нет", "There is no such contract"),
  contract_exists: conflict("Договор уже заведён: {contractId}", "The contract exists already: {contractId}"),
  contract_number_taken: conflict(
    "Договор с номером {number} уже есть",
    "A contract with the number {number} exists already",
  ),
  contract_not_valid: conflict(
    "Договор {number} на эту дату не действует",
    "Contract {number} is not valid on that date",
  ),
  contract_of_another_organization: invalid(
    "Договор {number} заключён с другой организацией",
    "Contract {number} belongs to another organization",
  ),
  contract_terminated: conflict(
    "Договор {number} уже расторгнут, последний день — {lastDay}",
    "Contract {number} is terminated already; its last day is {lastDay}",
  ),
  support_key_taken: conflict("Ключ поддержки {key} уже выдан", "The support key {key} is taken already"),

  calendar_unknown: notFound("Такого календаря нет: {calendarId}", "There is no such calendar: {calendarId}"),
  calendar_exists: conflict("Календарь уже заведён: {calendarId}", "The calendar exists already: {calendarId}"),
  zone_unknown: invalid(
    "Часовой пояс «{zone}» неизвестен; нужно имя IANA, например Europe/Moscow",
    "The time zone “{zone}” is unknown; an IANA name is needed, such as Europe/Moscow",
  ),
  version_not_later: invalid(
    "Новая версия должна действовать позже прежней ({last})",
    "The new version must take effect after the one before it ({last})",
  ),
  duplicate_target: invalid(
    "Сроки для «{type}» с приоритетом «{priority}» заданы дважды",
    "The targets for “{type}” with priority “{priority}” are given twice",
  ),
  duplicate_ola_line: invalid(
    "Срок приёма для линии {line} задан дважды",
    "The acceptance target of line {line} is given twice",
  ),
  duplicate_chain_level: invalid(
    "Уровень {level} цепочки ({clock}) задан дважды",
    "Level {level} of the chain ({clock}) is given twice",
  ),
  chain_group_missing: invalid(
    "На уровне {level} цепочки не указана группа эскалации",
    "Level {level} of the chain does not name the escalation group",
  ),
  reminder_after_close: invalid(
    "Напоминание на {day}-й рабочий день не успеет: заявка закроется по окончании {workingDays}-го",
    "A reminder on working day {day} comes too late: the ticket closes when day {workingDays} ends",
  ),

  staff_exists: conflict("Сотрудник СЦ уже заведён: {staffId}", "The member of staff exists already: {staffId}"),
  not_a_staff_role: invalid("Роль «{role}» — не роль сотрудника СЦ", "“{role}” is not a role of a member of staff"),
  group_exists: conflict("Группа уже создана: {groupId}", "The group exists already: {groupId}"),
  duplicate_rule: invalid(
    "Правило с именем {ruleId} уже есть в наборе",
    "A rule named {ruleId} stands in the set already",
  ),

  letter_in_the_past: invalid(
    "Новый текст не может действовать с прошедшего времени: {at}",
    "A new text cannot take effect in the past: {at}",
  ),
  letter_placeholder_unknown: invalid(
    "В этом письме нет подстановки «{placeholder}»; есть: {allowed}",
    "This letter knows no placeholder “{placeholder}”; it knows: {allowed}",
  ),
  letter_braces_open: invalid(
    "Двойные фигурные скобки не закрыты или не открыты",
    "Double braces are not closed or not opened",
  ),
  letter_one_line: invalid("Это пишется в одну строку", "This is one line"),
  letter_subject_lines: invalid("Тема письма пишется в одну строку", "A letter's subject is one line"),
  letter_number_missing: invalid(
    "В теме письма должен стоять номер заявки",
    "The subject of a letter must name the ticket's number",
  ),

  plan_unknown: notFound("Такого плана нет: {planId}", "There is no such plan: {planId}"),
  plan_exists: conflict("План уже заведён: {planId}", "The plan exists already: {planId}"),
  plan_stopped: conflict("План {planId} остановлен", "The plan {planId} is stopped"),
  plan_never_occurs: invalid(
    "По этому правилу не наступит ни одного срока",
    "By this rule nothing would ever fall due",
  ),
  plan_occurrence_unknown: conflict(
    "В плане нет такого срока: {at}; следующий — {next}",
    "The plan has no such occurrence: {at}; the next is {next}",
  ),
  bad_rrule: invalid("Правило повторения не читается: {part}", "The recurrence rule cannot be read: {part}"),
  bad_local_time: invalid("Такого местного времени нет: {start}", "There is no such local time: {start}"),
} as const;
