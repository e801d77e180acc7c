import { conflict, forbidden, invalid, notFound } from "./error-text.ts";

/** Refusals on tickets. */
export const ticketErrors = {
  ticket_unknown: notFound("Такой заявки нет", "There is no such ticket"),
  ticket_exists: conflict("Заявка уже зарегистрирована: {number}", "The ticket is registered already: {number}"),
  ticket_closed: conflict(
    "Заявка {number} закрыта, изменить её нельзя. Напишите новое обращение — оно будет связано с этой заявкой",
    "Ticket {number} is closed and takes no further change. Send a new request: it will be linked to this ticket",
  ),
  wrong_status: conflict(
    "В статусе «{status}» это действие невозможно",
    "This cannot be done while the status is “{status}”",
  ),
  not_permitted: forbidden(
    "Роль «{role}» не даёт права на действие «{command}»",
    "The role “{role}” may not do this: {command}",
  ),
  not_a_party: forbidden(
    "Этот человек не участвует в заявке {number}",
    "This person is not a party of ticket {number}",
  ),
  occurred_in_future: invalid("Указанное время ещё не наступило: {at}", "The time given lies in the future: {at}"),
  occurred_before_registration: invalid(
    "Указанное время раньше регистрации заявки: {at}",
    "The time given lies before the registration: {at}",
  ),
  occurred_before_last_step: invalid(
    "Указанное время ({at}) раньше последнего шага по заявке ({last})",
    "The time given ({at}) lies before the last step of the ticket ({last})",
  ),
  registered_before_received: invalid(
    "Заявка не может быть зарегистрирована раньше, чем получено обращение ({receivedAt})",
    "A ticket cannot be registered before its request was received ({receivedAt})",
  ),
  alarm_not_due: invalid("Срок ещё не наступил: {at}", "This moment has not come yet: {at}"),
  reason_required: invalid("Укажите причину", "A reason is needed"),

  priority_not_allowed: invalid(
    "Для типа «{type}» приоритет «{priority}» не допускается",
    "The type “{type}” does not allow the priority “{priority}”",
  ),
  classification_not_in_contract: invalid(
    "Политика SLA договора не задаёт сроков для «{type}» с приоритетом «{priority}»",
    "The contract's SLA policy has no targets for “{type}” with priority “{priority}”",
  ),
  same_classification: conflict(
    "Заявка уже классифицирована так: «{type}», «{priority}»",
    "The ticket is classified so already: “{type}”, “{priority}”",
  ),
  not_classified: conflict("Сначала классифицируйте заявку", "Classify the ticket first"),

  group_required: invalid(
    "Укажите группу, к которой относится специалист",
    "Name the group in which the specialist works",
  ),
  group_unknown: notFound("Такой группы нет: {groupId}", "There is no such group: {groupId}"),
  group_inactive: conflict(
    "Группа «{group}» перенесена из другой системы и ещё не активна",
    "The group “{group}” was imported and is not active yet",
  ),
  staff_unknown: notFound("Такого сотрудника СЦ нет: {staffId}", "There is no such member of staff: {staffId}"),
  staff_inactive: conflict("Сотрудник {name} отключён", "{name} is not active"),
  not_a_group_member: invalid("{name} не входит в группу «{group}»", "{name} is not a member of the group “{group}”"),
  same_assignment: conflict("Заявка уже назначена так: «{group}»", "The ticket is assigned so already: “{group}”"),
  no_routing_rules: conflict(
    "Правила маршрутизации ещё не опубликованы: укажите группу",
    "No routing rules are published yet: name the group",
  ),
  line_mismatch: invalid("Группа «{group}» относится к линии {line}", "The group “{group}” belongs to line {line}"),
  no_engineer: conflict("Специалист ещё не назначен", "No specialist is assigned yet"),
  not_the_assigned_engineer: forbidden(
    "Принять заявку может назначенный специалист: {name}",
    "Only the assigned specialist may accept the ticket: {name}",
  ),

  no_open_question: conflict("Вопроса к заказчику сейчас нет", "No question to the customer is open"),
  internal_not_for_customers: forbidden(
    "Внутренние заметки пишут только сотрудники СЦ",
    "Only staff write internal notes",
  ),
  linked_to_itself: invalid("Заявка не может ссылаться на саму себя", "A ticket cannot be linked to itself"),
  already_linked: conflict("Такая связь уже есть", "The tickets are linked so already"),

  no_open_resolution: conflict(
    "Срок решения сейчас не идёт: заявка не принята в работу или уже решена",
    "No resolution time is running: the ticket is not accepted yet, or is resolved",
  ),
  deadline_in_past: invalid("Новый срок уже прошёл: {deadline}", "The new deadline has passed already: {deadline}"),
  deadline_not_later: invalid(
    "Новый срок должен быть позже прежнего ({deadline})",
    "The new deadline must be later than the old one ({deadline})",
  ),

  proposal_unknown: notFound("Такого предложения изменения нет", "There is no such proposal"),
  proposal_exists: conflict("Предложение с таким идентификатором уже есть", "A proposal with this id exists already"),
  proposal_settled: conflict(
    "По предложению уже принято решение: {proposal}",
    "The proposal is settled already: {proposal}",
  ),
  change_not_approved: conflict("Заказчик не согласовал изменение", "The customer has not approved the change"),
  change_already_started: conflict("Работы по изменению уже начаты", "The work on the change has started already"),
  change_not_started: conflict("Работы по изменению ещё не начаты", "The work on the change has not started yet"),
  product_required: invalid("Укажите продукт, который обновляется", "Name the product that is updated"),
  no_update_right: forbidden(
    "У заказчика нет права на обновления продукта «{product}»",
    "The customer holds no right to updates of “{product}”",
  ),
  not_a_version_update: invalid(
    "Это предложение не об обновлении версии",
    "This proposal is not about a version update",
  ),
  other_product: invalid(
    "Согласовано обновление другого продукта: «{product}»",
    "The approved update is of another product: “{product}”",
  ),
  downtime_not_announced: conflict(
    "Сначала объявите заказчику об отключении оборудования",
    "Announce the downtime to the customer first",
  ),
  downtime_not_ahead: invalid(
    "Об отключении уведомляют заранее, а начало уже наступило: {from}",
    "Downtime is announced ahead, and its start has passed: {from}",
  ),
  period_empty: invalid(
    "Конец ({to}) не позже начала ({from})",
    "The end ({to}) does not lie after the start ({from})",
  ),

  escalation_not_in_contract: forbidden(
    "Эскалация сервис-менеджером не входит в договор",
    "The contract does not include escalation by the service manager",
  ),
  escalation_exists: conflict(
    "Эскалация с таким идентификатором уже есть",
    "An escalation with this id exists already",
  ),
  escalation_unknown: notFound("Такой эскалации нет", "There is no such escalation"),
  escalation_out_of_order: conflict(
    "Эскалация сейчас на другом шаге: {escalation}",
    "The escalation stands at another step: {escalation}",
  ),

  not_yet_resolved: conflict(
    "Оценить можно решённую заявку; {number} ещё в работе",
    "Only a resolved ticket can be rated; {number} is still being worked on",
  ),
} as const;
