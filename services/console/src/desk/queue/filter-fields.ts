/** What a queue can be narrowed by, under the API's names: these stand in the address as they are. */
export const filterFields = [
  "status",
  "type",
  "priority",
  "organizationId",
  "line",
  "groupId",
  "engineerId",
  "channel",
  "reactionState",
  "resolutionState",
] as const;
