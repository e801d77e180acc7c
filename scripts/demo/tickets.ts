/** The demo's tickets: who asked what, and how far each has come. Days and hours are counted back from now. */

export type Step =
  | { readonly do: "classify"; readonly type: string; readonly priority: string }
  | {
      readonly do:
        | "assign"
        | "accept"
        | "ask"
        | "answer"
        | "propose"
        | "approve"
        | "refuse"
        | "workaround"
        | "resolve"
        | "confirm"
        | "return"
        | "withdraw"
        | "escalate"
        | "study"
        | "note"
        | "call"
        | "handOver"
        | "duplicate";
    };

export interface DemoTicket {
  readonly by: "ivanov" | "petrova" | "kuznetsov" | "miller";
  readonly via: "phone" | "portal" | "email";
  readonly subject: string;
  readonly text: string;
  readonly product: string | null;
  /** how long ago it began, and how long each step took, in hours */
  readonly hoursAgo: number;
  readonly pace: number;
  readonly steps: readonly Step[];
}

const incident = (priority: string): Step => ({ do: "classify", type: "incident", priority });
const change = (priority: string): Step => ({ do: "classify", type: "change", priority });
const consultation: Step = { do: "classify", type: "consultation", priority: "low" };
const s = (...names: Exclude<Step, { do: "classify" }>["do"][]): Step[] => names.map((name) => ({ do: name }));
const work = [...s("assign", "accept")];

const ticket = (
  by: DemoTicket["by"],
  via: DemoTicket["via"],
  hoursAgo: number,
  pace: number,
  subject: string,
  text: string,
  steps: readonly Step[],
  product: string | null = null,
): DemoTicket => ({ by, via, hoursAgo, pace, subject, text, steps, product });

export const demoTickets: readonly DemoTicket[] = [
  ticket(
    "ivanov",
    "portal",
    0,
    0,
    "Не открывается портал отчётности",
    "Страница отчётов показывает пустой экран с сегодняшнего утра.",
    [],
  ),
  ticket(
    "miller",
    "portal",
    0,
    0,
    "Cannot export shipment logs",
    "The export button gives an error since this morning.",
    [],
  ),
  ticket("kuznetsov", "phone", 1, 0, "Медленно грузится консоль управления", "Консоль открывается по две минуты.", []),
  ticket(
    "petrova",
    "email",
    0,
    0,
    "Нужна консультация по журналам",
    "Подскажите, где хранятся журналы за прошлый месяц.",
    [],
  ),
  ticket(
    "ivanov",
    "phone",
    2,
    0.2,
    "Периметр: рост отказов соединений",
    "За ночь втрое выросло число отказов.",
    [incident("medium")],
    "Perimeter Gate",
  ),
  ticket(
    "miller",
    "portal",
    0,
    0,
    "Alert about an expired certificate",
    "The gateway warns about a certificate that expires soon.",
    [incident("low")],
  ),
  ticket("kuznetsov", "portal", 0, 0, "Вопрос по лицензиям", "Сколько узлов можно добавить в текущую лицензию?", [
    consultation,
  ]),
  ticket("ivanov", "phone", 3, 0.2, "VPN: обрывы каждые полчаса", "Туннель до склада рвётся каждые 30 минут.", [
    incident("high"),
    ...s("assign"),
  ]),
  ticket(
    "petrova",
    "portal",
    0,
    0,
    "Антивирус блокирует бухгалтерию",
    "Программа банка не запускается.",
    [incident("medium"), ...s("assign")],
    "Endpoint Guard",
  ),
  ticket("miller", "phone", 2, 0.2, "VPN tunnel to the warehouse is down", "The tunnel is down since last night.", [
    incident("high"),
    ...s("assign"),
  ]),
  ticket("kuznetsov", "phone", 30, 1, "Не приходят уведомления", "Письма об инцидентах не доходят до дежурных.", [
    incident("medium"),
    ...s("assign"),
  ]),
  ticket("ivanov", "phone", 5, 0.3, "Перегружен шлюз филиала", "Загрузка процессора держится на 100 %.", [
    incident("high"),
    ...work,
  ]),
  ticket("ivanov", "phone", 28, 0.5, "Пропадает связь с кассами", "Кассы теряют связь на несколько минут.", [
    incident("high"),
    ...work,
    ...s("note"),
  ]),
  ticket(
    "petrova",
    "phone",
    6,
    0.5,
    "Не синхронизируются политики",
    "Политики не доходят до двух узлов.",
    [incident("medium"), ...work, ...s("call")],
    "Endpoint Guard",
  ),
  ticket("kuznetsov", "phone", 50, 1, "Ошибка при входе администратора", "Вход отклоняется без объяснения.", [
    incident("medium"),
    ...work,
  ]),
  ticket("miller", "phone", 7, 0.4, "Firewall drops valid traffic", "Orders from one partner are dropped.", [
    incident("medium"),
    ...work,
    ...s("workaround"),
  ]),
  ticket(
    "miller",
    "phone",
    26,
    0.5,
    "Slow scans at night",
    "The nightly scan takes nine hours.",
    [incident("low"), ...work],
    "Endpoint Guard",
  ),
  ticket("ivanov", "phone", 9, 0.5, "Добавить правило для нового офиса", "Нужен доступ из сети нового офиса.", [
    change("medium"),
    ...work,
  ]),
  ticket("kuznetsov", "phone", 72, 1, "Растёт очередь событий SIEM", "Очередь не разбирается вторые сутки.", [
    incident("low"),
    ...work,
    ...s("handOver"),
  ]),
  ticket(
    "ivanov",
    "phone",
    8,
    0.4,
    "Кластер шлюзов не переключается",
    "При отказе узла второй не принимает нагрузку.",
    [incident("high"), ...work, ...s("handOver", "accept")],
    "Perimeter Gate",
  ),
  ticket("petrova", "phone", 52, 0.8, "Падает служба журналирования", "Служба перезапускается каждый час.", [
    incident("medium"),
    ...work,
    ...s("handOver", "accept", "workaround"),
  ]),
  ticket("ivanov", "phone", 10, 0.5, "Неверное время в отчётах", "Отчёты сдвинуты на три часа.", [
    incident("low"),
    ...work,
    ...s("ask"),
  ]),
  ticket("miller", "phone", 12, 0.5, "Which ports does the agent need", "Please name the ports for our firewall.", [
    consultation,
    ...work,
    ...s("ask"),
  ]),
  ticket(
    "kuznetsov",
    "phone",
    48,
    1,
    "Не устанавливается агент",
    "Установщик завершается с ошибкой 1603.",
    [incident("medium"), ...work, ...s("ask", "answer")],
    "Endpoint Guard",
  ),
  ticket(
    "ivanov",
    "phone",
    30,
    1,
    "Обновить Perimeter Gate до новой версии",
    "Просим обновить шлюз до текущей версии.",
    [change("medium"), ...work, ...s("propose")],
    "Perimeter Gate",
  ),
  ticket("petrova", "phone", 55, 1, "Изменить правила публикации почты", "Переезжаем на новый почтовый сервер.", [
    change("low"),
    ...work,
    ...s("propose", "approve"),
  ]),
  ticket("kuznetsov", "phone", 60, 1, "Отключить старый сегмент сети", "Сегмент больше не нужен.", [
    change("low"),
    ...work,
    ...s("propose", "refuse"),
  ]),
  ticket("ivanov", "phone", 20, 0.5, "Ложные срабатывания на сканер", "Каждую ночь сотни ложных срабатываний.", [
    incident("low"),
    ...work,
    ...s("escalate"),
  ]),
  ticket("miller", "phone", 18, 0.4, "Orders blocked for an hour", "Our partner could not place orders.", [
    incident("high"),
    ...work,
    ...s("escalate", "study"),
  ]),
  ticket("ivanov", "phone", 26, 0.4, "Не работает вход по токену", "Токены не принимаются после замены.", [
    incident("medium"),
    ...work,
    ...s("resolve"),
  ]),
  ticket("petrova", "phone", 50, 0.5, "Не печатает отчёт по событиям", "Печать обрывается на второй странице.", [
    incident("low"),
    ...work,
    ...s("resolve"),
  ]),
  ticket("miller", "phone", 30, 0.5, "How to add a user", "We have a new colleague.", [
    consultation,
    ...work,
    ...s("resolve"),
  ]),
  ticket(
    "kuznetsov",
    "phone",
    74,
    0.6,
    "Сбой после обновления агента",
    "После обновления агент не стартует.",
    [incident("medium"), ...work, ...s("resolve", "return", "resolve")],
    "Endpoint Guard",
  ),
  ticket("ivanov", "phone", 100, 0.5, "Сброс пароля администратора", "Забыт пароль учётной записи.", [
    consultation,
    ...work,
    ...s("resolve", "confirm"),
  ]),
  ticket("miller", "phone", 120, 0.4, "Gateway rebooted by itself", "The gateway restarted at noon.", [
    incident("high"),
    ...work,
    ...s("resolve", "confirm"),
  ]),
  ticket(
    "petrova",
    "phone",
    150,
    0.6,
    "Не обновляются сигнатуры",
    "Сигнатуры трёхдневной давности.",
    [incident("medium"), ...work, ...s("ask", "answer", "resolve", "confirm")],
    "Endpoint Guard",
  ),
  ticket("kuznetsov", "phone", 160, 0.6, "Вопрос по резервным копиям", "Как проверить копию конфигурации?", [
    consultation,
    ...work,
    ...s("resolve", "confirm"),
  ]),
  ticket("ivanov", "phone", 500, 0.5, "Сработала тревога на ложный узел", "Узла с таким именем у нас нет.", [
    incident("low"),
    ...work,
    ...s("resolve"),
  ]),
  // long enough ago to have closed by itself, whatever holidays lie between
  ticket("kuznetsov", "phone", 900, 1, "Долго формируется сводка", "Сводка за квартал строится час.", [
    incident("low"),
    ...work,
    ...s("resolve"),
  ]),
  ticket("miller", "phone", 90, 0.4, "Please remove an old account", "The account is no longer used.", [
    consultation,
    ...s("assign", "withdraw"),
  ]),
  ticket("ivanov", "phone", 27, 0.2, "Снова пропадает связь с кассами", "То же, что и раньше.", [
    incident("high"),
    ...s("duplicate"),
  ]),
];
