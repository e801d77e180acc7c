import type { ErrorDefinition } from "./definition.ts";

/** What the front door itself may answer, apart from the refusals of the domain. Codes are stable. */
export const gatewayErrors = {
  // the request as such
  bad_request: { status: 400, title: { ru: "Запрос не разобран", en: "The request could not be read" } },
  malformed_json: { status: 400, title: { ru: "Тело запроса — не JSON", en: "The body is not JSON" } },
  malformed_encoding: { status: 400, title: { ru: "Тело запроса не в UTF-8", en: "The body is not UTF-8" } },
  empty_body: { status: 400, title: { ru: "Тело запроса пустое", en: "The body is empty" } },
  nesting_too_deep: {
    status: 400,
    title: { ru: "Слишком глубокая вложенность JSON (более {limit})", en: "The JSON is nested deeper than {limit}" },
  },
  unsupported_media_type: {
    status: 415,
    title: { ru: "Тип содержимого не принимается", en: "This content type is not accepted" },
  },
  body_too_large: {
    status: 413,
    title: { ru: "Тело запроса слишком велико (более {limit} байт)", en: "The body is larger than {limit} bytes" },
  },
  route_not_found: { status: 404, title: { ru: "Такого адреса нет", en: "There is no such address" } },
  method_not_allowed: {
    status: 405,
    title: { ru: "Этот адрес не принимает такой метод", en: "This address does not take that method" },
  },

  // personal data
  subject_unknown: {
    status: 404,
    title: { ru: "Под этим именем никто не известен", en: "Nobody is known by this name" },
  },
  subject_ambiguous: {
    status: 409,
    title: {
      ru: "Так зовётся не один: укажите person:ID или staff:ID",
      en: "More than one goes by this name: say person:ID or staff:ID",
    },
  },
  subject_invalid: {
    status: 422,
    title: { ru: "Не указано, чьи данные", en: "It is not said whose data" },
  },

  // fields
  validation_failed: { status: 422, title: { ru: "В запросе есть ошибки", en: "The request has faults" } },
  unknown_field: { status: 422, title: { ru: "Неизвестное поле «{name}»", en: "Unknown field “{name}”" } },
  required: { status: 422, title: { ru: "Поле не заполнено", en: "The field is missing" } },
  wrong_type: { status: 422, title: { ru: "Значение не того вида", en: "The value is of the wrong kind" } },
  not_allowed: {
    status: 422,
    title: { ru: "Такого значения здесь не бывает", en: "This value is not one of those allowed" },
  },
  bad_format: { status: 422, title: { ru: "Значение записано не по форме", en: "The value is not in the right form" } },
  too_long: { status: 422, title: { ru: "Слишком длинно (более {limit})", en: "Too long (more than {limit})" } },
  too_short: { status: 422, title: { ru: "Слишком коротко (менее {limit})", en: "Too short (less than {limit})" } },
  out_of_range: { status: 422, title: { ru: "Число вне допустимых границ", en: "The number is out of range" } },
  empty: { status: 422, title: { ru: "Поле пустое", en: "The field is empty" } },
  nul_character: { status: 422, title: { ru: "Текст содержит символ NUL", en: "The text holds a NUL character" } },
  lone_surrogate: {
    status: 422,
    title: { ru: "Текст содержит половину суррогатной пары", en: "The text holds half of a surrogate pair" },
  },
  bidi_control: {
    status: 422,
    title: {
      ru: "Имя содержит управляющие символы направления письма",
      en: "The name holds characters that change the direction of writing",
    },
  },
  not_an_instant: { status: 422, title: { ru: "Это не момент времени", en: "This is not an instant" } },
  unknown_organization: { status: 422, title: { ru: "Организация не найдена", en: "There is no such organization" } },

  // who asks
  not_authenticated: { status: 401, title: { ru: "Нужно войти", en: "You are not signed in" } },
  login_failed: { status: 401, title: { ru: "Имя или пароль не подошли", en: "The name or the password is wrong" } },
  too_many_attempts: {
    status: 429,
    title: {
      ru: "Слишком много попыток входа; повторите через {seconds} с",
      en: "Too many attempts to sign in; try again in {seconds} s",
    },
  },
  csrf_failed: {
    status: 403,
    title: { ru: "Запрос пришёл не со страницы этого сеанса", en: "The request did not come from this session's page" },
  },
  origin_refused: {
    status: 403,
    title: { ru: "Соединение с чужой страницы не принимается", en: "A connection from another site's page is refused" },
  },
  forbidden: { status: 403, title: { ru: "Недостаточно прав", en: "You may not do this" } },
  scope_missing: {
    status: 403,
    title: { ru: "У ключа нет права «{scope}»", en: "The token lacks the scope “{scope}”" },
  },
  rate_limited: {
    status: 429,
    title: {
      ru: "Слишком много запросов; повторите через {seconds} с",
      en: "Too many requests; try again in {seconds} s",
    },
  },
  overloaded: {
    status: 503,
    title: { ru: "Сервис перегружен, повторите позже", en: "The service is overloaded, try again later" },
  },

  // what is asked for
  not_found: { status: 404, title: { ru: "Не найдено", en: "Not found" } },
  ticket_not_found: { status: 404, title: { ru: "Заявка не найдена", en: "There is no such ticket" } },
  contact_not_found: { status: 404, title: { ru: "Обращение не найдено", en: "There is no such contact" } },
  command_not_found: { status: 404, title: { ru: "Такой команды нет", en: "There is no such command" } },
  other_customers_ticket: {
    status: 422,
    title: { ru: "Это заявка другого заказчика", en: "That ticket belongs to another customer" },
  },
  page_token_invalid: {
    status: 400,
    title: { ru: "Эта метка страницы не от этого запроса", en: "This page token does not belong to this query" },
  },
  report_not_found: { status: 404, title: { ru: "Такого отчёта нет: {name}", en: "There is no such report: {name}" } },
  unknown_measure: {
    status: 422,
    title: {
      ru: "Такого показателя в этом отчёте нет: {name}. Есть: {known}",
      en: "This report has no measure {name}; it has {known}",
    },
  },
  unknown_dimension: {
    status: 422,
    title: {
      ru: "Такого измерения в этом отчёте нет: {name}. Есть: {known}",
      en: "This report has no dimension {name}; it has {known}",
    },
  },
  too_many_dimensions: {
    status: 422,
    title: {
      ru: "Группировать можно не более чем по {limit} измерениям",
      en: "A report groups by {limit} dimensions at most",
    },
  },
  report_too_slow: {
    status: 422,
    title: {
      ru: "Ответ не нашёлся за {limit} с: задайте период короче, отбор или меньше показателей",
      en: "No answer was found within {limit} s: ask for a shorter period, a filter or fewer measures",
    },
  },
  too_many_groups: {
    status: 422,
    title: {
      ru: "Групп больше {limit}: задайте фильтр, период короче или меньше измерений",
      en: "There are more than {limit} groups: ask for a filter, a shorter period or fewer dimensions",
    },
  },
  period_reversed: {
    status: 422,
    title: { ru: "Период кончается раньше, чем начинается", en: "The period ends before it begins" },
  },
  period_too_long: {
    status: 422,
    title: { ru: "Период длиннее {limit} лет", en: "The period is longer than {limit} years" },
  },
  position_in_future: {
    status: 422,
    title: {
      ru: "До этой позиции журнал ещё не дошёл (дошёл до {reached})",
      en: "The log has not come to that position yet (it has come to {reached})",
    },
  },
  unknown_calendar: {
    status: 422,
    title: { ru: "Такого календаря нет: {name}", en: "There is no such calendar: {name}" },
  },
  as_of_in_future: { status: 422, title: { ru: "Момент ещё не наступил", en: "That moment has not come yet" } },
  until_not_after: {
    status: 422,
    title: {
      ru: "Прогноз делается на время после своего момента",
      en: "A forecast looks ahead: until must lie after its moment",
    },
  },
  nothing_to_compare: {
    status: 422,
    title: {
      ru: "Не сказано, что было бы иначе: нужна политика, версия договора или календарь",
      en: "Nothing is said to be otherwise: a policy, a contract's version or a calendar is needed",
    },
  },
  policy_version_unknown: {
    status: 422,
    title: {
      ru: "У договора {contractId} нет версии политики {version}",
      en: "Contract {contractId} has no policy version {version}",
    },
  },
  calendar_version_unknown: {
    status: 422,
    title: {
      ru: "У календаря {calendarId} нет версии {version}",
      en: "Calendar {calendarId} has no version {version}",
    },
  },
  job_not_found: { status: 404, title: { ru: "Такого задания нет", en: "There is no such job" } },
  too_many_jobs: {
    status: 429,
    title: {
      ru: "Уже идут {limit} пересчёта; дождитесь или прекратите один из них",
      en: "{limit} what-ifs are running already; wait for one of them or stop it",
    },
  },
  stale_revision: {
    status: 412,
    title: { ru: "Заявка изменилась с тех пор, как вы её видели", en: "It has changed since you saw it" },
  },
  if_match_invalid: {
    status: 400,
    title: {
      ru: "If-Match должен быть номером ревизии в кавычках",
      en: "If-Match must be a revision number in quotes",
    },
  },
  idempotency_key_invalid: {
    status: 400,
    title: { ru: "Ключ идемпотентности не годится", en: "The idempotency key is not acceptable" },
  },
  idempotency_key_reused: {
    status: 422,
    title: {
      ru: "Этот ключ идемпотентности уже послан с другим запросом",
      en: "This idempotency key was used with another request",
    },
  },

  // attachments
  attachment_too_large: {
    status: 413,
    title: { ru: "Файл больше {limit} байт", en: "The file is larger than {limit} bytes" },
  },
  attachment_type_refused: {
    status: 415,
    title: { ru: "Файлы этого вида не принимаются ({found})", en: "Files of this kind are refused ({found})" },
  },
  attachment_name_refused: {
    status: 422,
    title: { ru: "Имя файла не годится", en: "The file's name is not acceptable" },
  },
  attachment_missing: { status: 422, title: { ru: "В запросе нет файла", en: "There is no file in the request" } },
  attachment_empty: { status: 422, title: { ru: "Файл пустой", en: "The file is empty" } },
  attachment_unknown: {
    status: 422,
    title: { ru: "Файл не загружен или загружен не вами", en: "The file was not uploaded, or not by you" },
  },

  // imports
  mapping_invalid: {
    status: 422,
    title: {
      ru: "В описании переноса ошибка: строка {line}, столбец {column}: {fault}",
      en: "The mapping has a mistake: line {line}, column {column}: {fault}",
    },
  },
  import_file_missing: {
    status: 422,
    title: { ru: "В форме нет файла «{name}»", en: "The form has no file “{name}”" },
  },
  import_file_too_large: {
    status: 413,
    title: { ru: "Файл переноса больше {limit} байт", en: "The file to import is larger than {limit} bytes" },
  },
  import_running: {
    status: 409,
    title: { ru: "Уже идёт другой перенос", en: "Another import is running" },
  },
  import_not_found: { status: 404, title: { ru: "Такого переноса нет", en: "There is no such import" } },

  // own settings and templates
  changed_meanwhile: {
    status: 412,
    title: {
      ru: "Это изменили с тех пор, как вы это видели",
      en: "This was changed since you saw it",
    },
  },
  unknown_projection: {
    status: 422,
    title: { ru: "Такой модели чтения нет: «{name}»", en: "There is no such read model: “{name}”" },
  },
  not_undoable: {
    status: 409,
    title: { ru: "Это действие нельзя отменить", en: "What this did cannot be taken back" },
  },
  nothing_to_undo: {
    status: 409,
    title: {
      ru: "До этого не было состояния, к которому можно вернуться",
      en: "There is no earlier state to go back to",
    },
  },
  too_many_views: {
    status: 422,
    title: { ru: "Сохранённых видов не больше {limit}", en: "There may be no more than {limit} saved views" },
  },
  template_field_unknown: {
    status: 422,
    title: { ru: "В шаблоне есть неизвестное поле", en: "The template names an unknown field" },
  },

  // accounts
  login_taken: { status: 409, title: { ru: "Такое имя входа уже есть", en: "This login is taken" } },
  password_too_weak: {
    status: 422,
    title: {
      ru: "Пароль должен быть не короче {limit} знаков",
      en: "The password must have at least {limit} characters",
    },
  },
  account_not_found: { status: 404, title: { ru: "Учётная запись не найдена", en: "There is no such account" } },

  // the parts behind
  store_unavailable: {
    status: 503,
    title: {
      ru: "Хранилище событий недоступно; команду можно послать ещё раз с тем же ключом",
      en: "The event store is unavailable; the command may be sent again with the same key",
    },
  },
  read_model_unavailable: {
    status: 503,
    title: { ru: "База для чтения недоступна, повторите позже", en: "The read side is unavailable, try again later" },
  },
  read_model_behind: {
    status: 504,
    title: { ru: "Чтение ещё не дошло до указанной позиции", en: "The read side has not reached that position yet" },
  },
  internal: {
    status: 500,
    title: { ru: "Внутренняя ошибка; она записана", en: "An internal error; it has been recorded" },
  },

  // the record's proofs
  signing_key_missing: {
    status: 503,
    title: {
      ru: "Здесь нет ключа подписи; задайте DOCKET_SIGNING_KEYS",
      en: "There is no signing key here; set DOCKET_SIGNING_KEYS",
    },
  },
  verification_running: {
    status: 409,
    title: { ru: "Проверка уже идёт", en: "A verification is running already" },
  },
  evidence_too_large: {
    status: 413,
    title: {
      ru: "Файл доказательств больше {limit} байт: проверьте его командой scripts/docket check",
      en: "The evidence file is larger than {limit} bytes: check it by scripts/docket check",
    },
  },

  // the socket
  bad_frame: { status: 400, title: { ru: "Сообщение не разобрано", en: "The message could not be read" } },
  too_many_subscriptions: {
    status: 429,
    title: {
      ru: "Не более {limit} подписок на соединение",
      en: "No more than {limit} subscriptions on one connection",
    },
  },
  too_many_connections: { status: 429, title: { ru: "Слишком много соединений", en: "Too many connections" } },
  subscription_exists: {
    status: 409,
    title: { ru: "Подписка с таким именем уже есть", en: "There is a subscription of that name already" },
  },
  subscription_unknown: { status: 404, title: { ru: "Такой подписки нет", en: "There is no such subscription" } },
  session_ended: { status: 401, title: { ru: "Сеанс закончился", en: "The session has ended" } },
} as const satisfies Record<string, ErrorDefinition>;

export type GatewayErrorCode = keyof typeof gatewayErrors;
