import type { Icon } from "@tabler/icons-react";
import * as icons from "./icons.ts";

/** By the first word that fits, so that a new type of event has a sensible picture from the start. */
const byWord: readonly (readonly [RegExp, Icon])[] = [
  [/Registered|Received|Created|Defined/u, icons.IconInbox],
  [/Classified|Renamed/u, icons.IconTag],
  [/Routed|Routing/u, icons.IconRoute],
  [/Assigned|HandedOver|Member|Hired/u, icons.IconUser],
  [/Accepted/u, icons.IconTool],
  [/Question|Asked|Answer|Comment|Message|Joined/u, icons.IconChat],
  [/Note/u, icons.IconNote],
  [/Call/u, icons.IconPhone],
  [/Mail|Reminder|Notified/u, icons.IconMail],
  [/Attachment/u, icons.IconAttachment],
  [/Link|Duplicate/u, icons.IconLink],
  [/Missed|Breach|Warn/u, icons.IconAlert],
  [/Escalat/u, icons.IconFlame],
  [/Clock|Deadline|Term|Paused|Resumed/u, icons.IconClock],
  [/Confirmed|Approved|Rated/u, icons.IconConfirm],
  [/Closed|Resolved|Done|Completed/u, icons.IconClosed],
  [/Refused|Rejected|Withdrawn|Returned/u, icons.IconX],
  [/Changed|Change/u, icons.IconEdit],
];

export const iconOfEvent = (type: string): Icon => byWord.find(([word]) => word.test(type))?.[1] ?? icons.IconHistory;
