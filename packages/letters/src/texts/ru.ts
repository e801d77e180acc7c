import type { LetterTexts } from "./keys.ts";

export const ru: LetterTexts = {
  none: "не указано",
  frame: {
    greeting: "Здравствуйте, {{name}}.",
    button: "Открыть заявку",
    signature: "Сервисный центр",
    labels: {
      number: "Номер заявки",
      received: "Обращение получено",
      subject: "Краткое описание",
      link: "Ссылка на заявку",
      specialist: "Ответственный специалист",
      group: "Группа",
      type: "Тип",
      priority: "Приоритет",
      deadline: "Срок",
      oldDeadline: "Прежний срок",
      newDeadline: "Новый срок",
      agreedBy: "Согласовано с",
      schedule: "Сроки работ",
      effort: "Трудоёмкость",
      product: "Продукт",
      from: "Начало",
      to: "Окончание",
      equipment: "Отключаемое оборудование",
      autoClose: "Будет закрыта автоматически",
      duplicateOf: "Основная заявка",
      clock: "Показатель",
      level: "Ступень",
      customer: "Заказчик",
    },
  },
  words: {
    registered: {
      subject: "[{{number}}] Заявка зарегистрирована: {{subject}}",
      text: "Ваше обращение зарегистрировано.",
      after: "Отвечайте на это письмо: ответ попадёт в заявку.",
    },
    classified: {
      subject: "[{{number}}] Заявка классифицирована: {{subject}}",
      text: "Заявке {{number}} присвоены тип и приоритет.",
      after: "",
    },
    assigned: {
      subject: "[{{number}}] Назначен специалист: {{subject}}",
      text: "По заявке {{number}} назначен ответственный специалист.",
      after: "",
    },
    assigned_to_group: {
      subject: "[{{number}}] Заявка передана в работу: {{subject}}",
      text: "Заявка {{number}} передана в группу, где будет назначен специалист.",
      after: "",
    },
    accepted: {
      subject: "[{{number}}] Принята в работу: {{subject}}",
      text: "Заявка {{number}} принята в работу.",
      after: "",
    },
    handed_over: {
      subject: "[{{number}}] Заявка передана другому специалисту: {{subject}}",
      text: "Заявка {{number}} передана для дальнейшей работы.",
      after: "",
    },
    asked: {
      subject: "[{{number}}] Нужен ваш ответ: {{subject}}",
      text: "По заявке {{number}} нужны сведения от вас. До ответа срок решения не идёт.",
      after: "Чтобы ответить, напишите ответ на это письмо.",
    },
    answered: {
      subject: "[{{number}}] Ответ получен: {{subject}}",
      text: "Ваш ответ по заявке {{number}} получен, работа продолжается.",
      after: "",
    },
    proposed: {
      subject: "[{{number}}] Изменение на согласование: {{subject}}",
      text: "По заявке {{number}} предложено изменение. Работы начнутся только после вашего согласия.",
      after: "",
    },
    approved: {
      subject: "[{{number}}] Изменение согласовано: {{subject}}",
      text: "Изменение по заявке {{number}} согласовано.",
      after: "",
    },
    refused: {
      subject: "[{{number}}] Изменение отклонено: {{subject}}",
      text: "В согласовании изменения по заявке {{number}} отказано.",
      after: "",
    },
    change_started: {
      subject: "[{{number}}] Работы начаты: {{subject}}",
      text: "По заявке {{number}} начаты согласованные работы.",
      after: "",
    },
    downtime: {
      subject: "[{{number}}] Плановое отключение оборудования: {{subject}}",
      text: "Для работ по заявке {{number}} потребуется отключить оборудование.",
      after: "",
    },
    update_installed: {
      subject: "[{{number}}] Обновление установлено: {{subject}}",
      text: "По заявке {{number}} установлено обновление.",
      after: "",
    },
    commented: {
      subject: "[{{number}}] Новое сообщение: {{subject}}",
      text: "В заявке {{number}} новое сообщение.",
      after: "",
    },
    workaround: {
      subject: "[{{number}}] Обходное решение: {{subject}}",
      text: "По заявке {{number}} предложено временное решение. Работа над полным решением продолжается.",
      after: "",
    },
    missed: {
      subject: "[{{number}}] Срок решения превышен: {{subject}}",
      text: "Заявка {{number}} не решена в согласованный срок. Работа продолжается; если есть временное решение, мы его предложим.",
      after: "",
    },
    extended: {
      subject: "[{{number}}] Срок продлён: {{subject}}",
      text: "Срок работ по заявке {{number}} продлён по согласованию с вами.",
      after: "",
    },
    escalated: {
      subject: "[{{number}}] Эскалация принята: {{subject}}",
      text: "Заявка {{number}} поставлена на контроль.",
      after: "",
    },
    escalation_actions: {
      subject: "[{{number}}] Меры по эскалации: {{subject}}",
      text: "По эскалации заявки {{number}} определены действия.",
      after: "",
    },
    escalation_released: {
      subject: "[{{number}}] Заявка снята с контроля: {{subject}}",
      text: "Действия по эскалации заявки {{number}} выполнены, заявка снята с контроля.",
      after: "",
    },
    resolved: {
      subject: "[{{number}}] Решение предоставлено: {{subject}}",
      text: "По заявке {{number}} предоставлено решение.",
      after:
        "Если всё в порядке, подтвердите результат на портале по ссылке ниже.\nЕсли вопрос не решён, верните заявку в работу там же и укажите причину.",
    },
    returned: {
      subject: "[{{number}}] Возвращена в работу: {{subject}}",
      text: "Заявка {{number}} возвращена в работу.",
      after: "",
    },
    reminded: {
      subject: "[{{number}}] Подтвердите результат (напоминание {{reminder}} из {{reminders}}): {{subject}}",
      text: "По заявке {{number}} предоставлено решение, и оно ждёт вашего подтверждения.",
      after: "Подтвердить результат или вернуть заявку в работу можно на портале по ссылке ниже.",
    },
    confirmed: {
      subject: "[{{number}}] Заявка закрыта: {{subject}}",
      text: "Результат по заявке {{number}} подтверждён, заявка закрыта.",
      after: "Если потребуется помощь, напишите нам: по новому письму будет создано новое обращение.",
    },
    auto_closed: {
      subject: "[{{number}}] Заявка закрыта: {{subject}}",
      text: "Прошло рабочих дней без ответа: {{workingDays}}. Заявка {{number}} закрыта автоматически.",
      after: "Если вопрос остался, напишите нам: по новому письму будет создано новое обращение.",
    },
    auto_closed_by_policy: {
      subject: "[{{number}}] Заявка закрыта: {{subject}}",
      text: "Работы по заявке {{number}} выполнены, заявка закрыта.",
      after: "",
    },
    withdrawn: {
      subject: "[{{number}}] Заявка отозвана: {{subject}}",
      text: "Заявка {{number}} отозвана и закрыта.",
      after: "",
    },
    duplicate: {
      subject: "[{{number}}] Заявка закрыта как дубликат: {{subject}}",
      text: "Заявка {{number}} закрыта: работа ведётся по другой заявке.",
      after: "",
    },
    staff_assigned: {
      subject: "[{{number}}] Вам назначена заявка: {{subject}}",
      text: "Вам назначена заявка {{number}}.",
      after: "",
    },
    staff_warned: {
      subject: "[{{number}}] Срок близко: {{subject}}",
      text: "По заявке {{number}} подходит срок.",
      after: "",
    },
    staff_missed: {
      subject: "[{{number}}] Срок нарушен: {{subject}}",
      text: "По заявке {{number}} нарушен срок.",
      after: "",
    },
    staff_escalated: {
      subject: "[{{number}}] Эскалация по сроку: {{subject}}",
      text: "По заявке {{number}} сработала ступень эскалации.",
      after: "",
    },
    staff_customer_escalated: {
      subject: "[{{number}}] Эскалация: {{subject}}",
      text: "Заявка {{number}} эскалирована и поставлена на контроль.",
      after: "",
    },
  },
  clockNames: { reaction: "Время реакции", resolution: "Время решения", ola: "Приём линией" },
  types: {
    incident: "Инцидент",
    change: "Изменение",
    consultation: "Консультация",
    scheduled_work: "Регламентная работа",
  },
  priorities: { high: "Высокий", medium: "Средний", low: "Низкий" },
};
