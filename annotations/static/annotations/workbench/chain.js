/**
 * The voice chain of a claim: who tells it, first to last, and how each voice stands to what it
 * passes on. Values in, values out.
 */

import { partsOf } from "./content.js";

export const ENDORSEMENTS = [
  ["endorses", "endorses"], ["neutral", "neutral"], ["distances", "distances"],
];

const SAID = {
  endorses: "endorsing it", neutral: "staying neutral", distances: "keeping a distance",
};

/** The content with the endorsement of one step of the chain; the one it has is taken back. */
export function withEndorsement(content, nth, endorsement) {
  const step = partsOf(content, "voice")[nth];
  if (!step) return content;
  const given = { ...step, endorsement: step.endorsement === endorsement ? "" : endorsement };
  return {
    ...content, participants: content.participants.map((part) => (part === step ? given : part)),
  };
}

/** How a step stands to what it passes on, after its name; nothing if that is not said. */
export const stand = ({ endorsement }) => (endorsement ? `, ${SAID[endorsement]}` : "");

/** The chain's { name, endorsement } steps as they are read: “The Post, endorsing it → the Office”. */
export function sentence(steps) {
  return steps.map((step) => step.name + stand(step)).join(" → ");
}
