import type { ReplayStep } from "@docket/api-contract";
import { terms } from "@docket/domain";
import { effectWords, fieldTitle, inZone, storyLines, type StoryStep, type Telling, valueText } from "@docket/evidence";

/** A step as the interface gives it. */
export function replayStepOf(step: StoryStep, telling: Telling, withState: boolean): ReplayStep {
  const { fact, changes, clocks, mails, cause, state } = step;
  const { meta } = fact;
  const { language, zone } = telling;
  const time = (instant: string): string => inZone(instant, zone);
  return {
    revision: fact.revision,
    eventId: fact.eventId,
    position: String(fact.position.commit),
    type: fact.type,
    title: step.title[language],
    occurredAt: meta.occurredAt,
    recordedAt: meta.recordedAt,
    actor: {
      id: meta.actor.id,
      role: meta.actor.role,
      roleTitle: terms.role[meta.actor.role][language],
      name: meta.actor.name ?? null,
    },
    channel: meta.channel,
    channelTitle: terms.channel[meta.channel][language],
    commandId: meta.commandId,
    correlationId: meta.correlationId,
    causationId: meta.causationId,
    cause,
    provenance: meta.provenance ?? null,
    changes: changes.map(({ field, before, after }) => ({
      field,
      title: fieldTitle(field, language),
      before,
      after,
      beforeText: valueText(field, before, language, time),
      afterText: valueText(field, after, language, time),
    })),
    clocks: clocks.map((clock) => ({ ...clock, text: effectWords[clock.effect][language] })),
    mails: [...mails],
    story: storyLines(step, telling)
      .slice(1)
      .map((line) => line.trim()),
    data: { ...fact.data },
    schemaVersion: meta.schemaVersion,
    prevHash: fact.prevHash,
    hash: fact.hash,
    ...(withState ? { state: state as unknown as NonNullable<ReplayStep["state"]> } : {}),
  };
}
