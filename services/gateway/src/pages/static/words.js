/** The few words of these pages that the interface gives as codes. */
export const roleNames = {
  ru: { requester: "инициатор", operator: "оператор", engineer: "инженер", expert: "эксперт", service_manager: "сервис-менеджер", auditor: "аудитор", analyst: "аналитик", admin: "администратор", machine: "машина" },
  en: { requester: "requester", operator: "operator", engineer: "engineer", expert: "expert", service_manager: "service manager", auditor: "auditor", analyst: "analyst", admin: "administrator", machine: "machine" },
};
export const queueNames = {
  ru: { intake: "На проверку", unassigned: "Без специалиста", "my-line": "Моя линия", mine: "Мои", "due-soon": "Срок близко", missed: "Срок нарушен", waiting: "Ждут заказчика", "under-control": "На контроле", confirmation: "Подтверждение результата", "all-open": "Все открытые", closed: "Закрытые" },
  en: { intake: "To verify", unassigned: "Unassigned", "my-line": "My line", mine: "Mine", "due-soon": "Due soon", missed: "Missed", waiting: "Waiting for the customer", "under-control": "Under control", confirmation: "Result confirmation", "all-open": "All open", closed: "Closed" },
};
export const statusNames = {
  ru: { registered: "зарегистрирована", classified: "классифицирована", assigned: "назначена", in_work: "в работе", waiting_customer: "ждёт вашего ответа", waiting_approval: "ждёт вашего согласования", result_confirmation: "подтверждение результата", closed: "закрыта" },
  en: { registered: "registered", classified: "classified", assigned: "assigned", in_work: "in work", waiting_customer: "waiting for your answer", waiting_approval: "waiting for your approval", result_confirmation: "result confirmation", closed: "closed" },
};
export const eventNames = {
  ru: {
    TicketRegistered: "Зарегистрирована", TicketClassified: "Классифицирована", TicketAssigned: "Назначена", TicketAccepted: "Принята в работу", TicketHandedOver: "Передана", TicketCustomerAsked: "Вопрос к вам",
    TicketCustomerAnswered: "Ответ получен", TicketChangeProposed: "Изменение предложено", TicketChangeApproved: "Изменение согласовано", TicketChangeRefused: "В изменении отказано", TicketChangeStarted: "Работы начаты",
    TicketDowntimeAnnounced: "Объявлено отключение", TicketUpdateInstalled: "Обновление установлено", TicketCommented: "Сообщение", TicketMessageJoined: "Ваше сообщение", TicketCallLogged: "Звонок", TicketAttachmentAdded: "Файл",
    TicketWorkaroundGiven: "Обходное решение", TicketExtended: "Срок продлён", TicketDeadlineMissed: "Срок нарушен", TicketEscalated: "Эскалация", TicketEscalationReleased: "Снята с контроля", TicketResolved: "Решение предоставлено",
    TicketReturned: "Возвращена в работу", TicketReminded: "Напоминание", TicketConfirmed: "Результат подтверждён", TicketAutoClosed: "Закрыта автоматически", TicketWithdrawn: "Отозвана", TicketMarkedDuplicate: "Закрыта как дубликат",
  },
  en: {
    TicketRegistered: "Registered", TicketClassified: "Classified", TicketAssigned: "Assigned", TicketAccepted: "Accepted into work", TicketHandedOver: "Handed over", TicketCustomerAsked: "A question to you",
    TicketCustomerAnswered: "Answer received", TicketChangeProposed: "Change proposed", TicketChangeApproved: "Change approved", TicketChangeRefused: "Change refused", TicketChangeStarted: "Work started",
    TicketDowntimeAnnounced: "Downtime announced", TicketUpdateInstalled: "Update installed", TicketCommented: "Message", TicketMessageJoined: "Your message", TicketCallLogged: "Call", TicketAttachmentAdded: "File",
    TicketWorkaroundGiven: "Workaround", TicketExtended: "Term extended", TicketDeadlineMissed: "Deadline missed", TicketEscalated: "Escalated", TicketEscalationReleased: "Released from control", TicketResolved: "Resolved",
    TicketReturned: "Returned to work", TicketReminded: "Reminded", TicketConfirmed: "Result confirmed", TicketAutoClosed: "Closed automatically", TicketWithdrawn: "Withdrawn", TicketMarkedDuplicate: "Closed as a duplicate",
  },
};
