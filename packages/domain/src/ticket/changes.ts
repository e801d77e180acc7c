import { findContract } from "../directory/lookup.ts";
import { normaliseTerm } from "../directory/normalise.ts";
import { refuse, type Refusal } from "../errors.ts";
import { pauseResolution, resumeResolution } from "./dialogue.ts";
import { actorIsParty, speaksForCustomer } from "./parties.ts";
import type { Proposal } from "./state.ts";
import { emit, type Handler, type Work } from "./work-in-hand.ts";

/** Rule 2: changes are agreed with the customer before work on them starts (R §4.1.5, .7 - .10). */

/** R §4.1.7: only updates to which the customer holds the right. */
function hasUpdateRight(work: Work, product: string): boolean {
  const rights = findContract(work.context.directory, work.state.contractId)?.updateRights ?? [];
  return rights.some((right) => normaliseTerm(right) === normaliseTerm(product));
}

export const proposeChange: Handler<"ProposeChange"> = (work, data) => {
  const { state } = work;
  if (state.status !== "in_work") return refuse("wrong_status", undefined, { status: state.status });
  if (state.proposals.some((proposal) => proposal.proposalId === data.proposalId))
    return refuse("proposal_exists", "data.proposalId");
  if (data.kind === "version_update") {
    if (!data.product?.trim()) return refuse("product_required", "data.product");
    if (!hasUpdateRight(work, data.product))
      return refuse("no_update_right", "data.product", { product: data.product });
  }
  const { proposalId, kind, scope, schedule, effort, product, productVersion, needsDowntime } = data;
  const clocks = pauseResolution(work, "approval");
  emit(work, {
    type: "TicketChangeProposed",
    data: { proposalId, kind, scope, schedule, effort, product, productVersion, needsDowntime, clocks },
  });
  return undefined;
};

function openProposal(work: Work, proposalId: string): Refusal | undefined {
  const proposal = work.state.proposals.find((known) => known.proposalId === proposalId);
  if (!proposal) return refuse("proposal_unknown", "data.proposalId");
  if (work.state.status !== "waiting_approval" || proposal.state !== "proposed") {
    return refuse("proposal_settled", "data.proposalId", { proposal: proposal.state });
  }
  return undefined;
}

export const approveChange: Handler<"ApproveChange"> = (work, { proposalId, by }) => {
  const refused = speaksForCustomer(work, by, "data.by") ?? openProposal(work, proposalId);
  if (refused) return refused;
  emit(work, { type: "TicketChangeApproved", data: { proposalId, by, clocks: resumeResolution(work) } });
  return undefined;
};

export const refuseChange: Handler<"RefuseChange"> = (work, { proposalId, by, reason }) => {
  const refused = speaksForCustomer(work, by, "data.by") ?? openProposal(work, proposalId);
  if (refused) return refused;
  emit(work, { type: "TicketChangeRefused", data: { proposalId, by, reason, clocks: resumeResolution(work) } });
  return undefined;
};

function approvedProposal(work: Work, proposalId: string): Proposal | Refusal {
  const proposal = work.state.proposals.find((known) => known.proposalId === proposalId);
  if (!proposal) return refuse("proposal_unknown", "data.proposalId");
  if (proposal.state === "proposed" || proposal.state === "refused")
    return refuse("change_not_approved", "data.proposalId");
  return proposal;
}

export const startChange: Handler<"StartChange"> = (work, { proposalId }) => {
  if (work.state.status !== "in_work") return refuse("wrong_status", undefined, { status: work.state.status });
  const proposal = approvedProposal(work, proposalId);
  if ("error" in proposal) return proposal;
  if (proposal.state === "started") return refuse("change_already_started", "data.proposalId");
  if (proposal.needsDowntime && !proposal.downtimeAnnounced) return refuse("downtime_not_announced", "data.proposalId");
  emit(work, { type: "TicketChangeStarted", data: { proposalId } });
  return undefined;
};

/** R §4.1.9: work that needs equipment switched off is announced ahead. */
export const announceDowntime: Handler<"AnnounceDowntime"> = (work, data) => {
  const { state, at } = work;
  if (state.status === "result_confirmation") return refuse("wrong_status", undefined, { status: state.status });
  const { proposalId, from, to, equipment, message } = data;
  const proposal = proposalId === null ? null : state.proposals.find((known) => known.proposalId === proposalId);
  if (proposal === undefined) return refuse("proposal_unknown", "data.proposalId");
  if (proposal?.state === "refused") return refuse("change_not_approved", "data.proposalId");
  if (Date.parse(from) <= at) return refuse("downtime_not_ahead", "data.from", { from });
  if (to <= from) return refuse("period_empty", "data.to", { from, to });
  emit(work, { type: "TicketDowntimeAnnounced", data: { proposalId, from, to, equipment, message } });
  return undefined;
};

export const recordUpdate: Handler<"RecordUpdateInstalled"> = (work, data) => {
  const refused = actorIsParty(work);
  if (refused) return refused;
  if (work.state.status !== "in_work") return refuse("wrong_status", undefined, { status: work.state.status });
  const proposal = approvedProposal(work, data.proposalId);
  if ("error" in proposal) return proposal;
  if (proposal.kind !== "version_update") return refuse("not_a_version_update", "data.proposalId");
  if (proposal.state !== "started") return refuse("change_not_started", "data.proposalId");
  if (normaliseTerm(proposal.product ?? "") !== normaliseTerm(data.product))
    return refuse("other_product", "data.product", { product: proposal.product });
  if (!hasUpdateRight(work, data.product)) return refuse("no_update_right", "data.product", { product: data.product });
  const { proposalId, product, version } = data;
  emit(work, { type: "TicketUpdateInstalled", data: { proposalId, product, version } });
  return undefined;
};
