export const ru = {
  "desk.group": "Работа",
  "queue.unassigned": "Не назначены",
  "queue.my-line": "Моя линия",
  "queue.mine": "Мои",
  "queue.due-soon": "Скоро срок",
  "queue.missed": "Просрочены",
  "queue.waiting": "Ждут заказчика",
  "queue.under-control": "На контроле",
  "queue.confirmation": "На подтверждении",
  "queue.closed": "Закрытые",
  "queue.all-open": "Все открытые",
  "queue.intake": "Обращения",
} as const;
