// What only some frames hold, in words: for tips, and for those who do not see the stage.

import { momentSaid } from "../../moment.js";
import { moreAt, moreOf } from "../../more.js";
import { called, tell } from "./say.js";
import { names } from "./sets.js";
import { islandsSaid } from "./sides.js";

/**
 * @import { Frame, NodeFrame, Protocol } from "../../pkg/synod.js"
 * @import { Phase, Register, Written } from "../../more.js"
 * @import { Words } from "../../words.js"
 */

/** @param {Words} words @param {Register} one */
function ofRegister(words, one) {
  const said = [tell(words, "register", { key: one.key, value: one.value ?? tell(words, "empty") })];
  if (one.epoch !== null && one.epoch !== undefined) said.push(tell(words, "version", { n: one.epoch }));
  if (one.pending !== null && one.pending !== undefined) said.push(tell(words, "pending", { value: one.pending }));
  if (one.lock !== null && one.lock !== undefined) said.push(tell(words, "lock", { who: one.lock }));
  if (one.queue?.length) said.push(tell(words, "queue", { who: one.queue.join(" ") }));
  return said.join(tell(words, "comma"));
}

/** @param {Words} words @param {Written[]} records */
const ofDisk = (words, records) =>
  tell(words, "disk", {
    list: records
      .map((one) => `${one.epoch} ${one.word} (${tell(words, `forced-${one.forced}`)})`)
      .join(tell(words, "comma")),
  });

/** @param {Words} words @param {Phase} phase */
function ofPhase(words, { names, states }) {
  const failed = states.indexOf("failed");
  if (failed >= 0) return tell(words, "phase-failed", { name: called(words, names[failed]) });
  const at = states.indexOf("now");
  if (at < 0) return "";
  return tell(words, "phase", { name: called(words, names[at]), at: at + 1, of: states.length });
}

/** Of one node: its state, its badges, and what it keeps, a line each. @param {Words} words @param {NodeFrame} node */
export function tellNode(words, node) {
  const { state, badges, registers, disk, phase } = moreAt(node);
  return [
    ...(state && node.status === "up" ? [words.read(state.word)] : []),
    ...(badges ?? []).map((one) => words.read(one.says)),
    ...(registers ?? []).map((one) => ofRegister(words, one)),
    ...(disk?.length ? [ofDisk(words, disk)] : []),
    ...(phase ? [ofPhase(words, phase)] : []),
  ].filter(Boolean);
}

/**
 * Of the whole stage: what sides have settled, sets and what they share, gates, terms, places, the last commit.
 * @param {Words} words @param {Frame} frame @param {Protocol} protocol
 */
export function tellStage(words, frame, protocol) {
  const { sets, overlaps, gates, grants, places, lastCommit, newest } = moreOf(frame);
  const label = (/** @type {string} */ id) => {
    const set = sets?.find((one) => one.id === id);
    return set ? words.read(set.label) : id;
  };
  const name = (/** @type {number} */ id) => names(frame, [id]);
  const comma = tell(words, "comma");
  return [
    ...islandsSaid(words, frame, protocol),
    ...(sets ?? []).map((one) =>
      tell(words, "members", { label: words.read(one.label), names: names(frame, one.members) }),
    ),
    ...(overlaps ?? []).map(({ sets: [a, b], members }) =>
      tell(words, members.length ? "meet" : "apart", { a: label(a), b: label(b), names: names(frame, members) }),
    ),
    ...(newest ?? []).map((one) => `${words.read(one.label)}${tell(words, "colon")}${one.epoch ?? "–"}`),
    ...(gates ?? []).map((gate) => {
      const came = gate.admissions.map((one) => tell(words, one.admitted ? "admitted" : "refused", { n: one.token }));
      return [tell(words, "gate", { node: name(gate.node), n: gate.highest }), ...came].join(comma);
    }),
    ...(grants ?? []).slice(-4).map((one) => {
      const fill = { token: one.token, holder: name(one.holder), until: momentSaid(protocol, words, one.until) };
      const believes = { holder: fill.holder, until: momentSaid(protocol, words, one.believedUntil) };
      return [tell(words, "grant", fill), tell(words, "believes", believes)].join(comma);
    }),
    ...(places ?? []).map((one) =>
      tell(words, "place", { name: called(words, one.name), names: names(frame, one.nodes) }),
    ),
    ...(lastCommit && lastCommit.decidedBy !== null
      ? [
          tell(words, "waited", {
            n: words.ms(lastCommit.ms),
            who: name(lastCommit.decidedBy),
            names: names(frame, lastCommit.waited),
          }),
        ]
      : []),
  ];
}
