export const en = {
  "desk.group": "Work",
  "queue.unassigned": "Unassigned",
  "queue.my-line": "My line",
  "queue.mine": "Mine",
  "queue.due-soon": "Due soon",
  "queue.missed": "Missed",
  "queue.waiting": "Waiting for customer",
  "queue.under-control": "Under control",
  "queue.confirmation": "In confirmation",
  "queue.closed": "Closed",
  "queue.all-open": "All open",
  "queue.intake": "Intake",
} as const;
