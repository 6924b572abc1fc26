// What can be counted or looked up: totals, what was tried, the chosen node.

import { h, hue, setText } from "../dom.js";
import { lasting } from "../moment.js";
import { nodeAt } from "../state.js";
import { heldBy } from "../tell.js";
import { count, language, read, say } from "../words.js";
import { section } from "./section.js";

/**
 * @import { Lab } from "../state.js"
 */

/** @typedef {import("../pkg/synod.js").Protocol["totals"][number]} TotalKind */
/** @typedef {import("../pkg/synod.js").TableRow} TableRow */

/** A total as its share of the first, where it is one. @param {Lab} lab @param {TotalKind} kind */
export function shared({ frame: { swarm }, protocol }, kind) {
  const [n, all] = [swarm?.[kind.id], swarm?.[protocol.totals[0].id]];
  return kind.share && all && typeof n === "number" ? [`${count((n / all) * 100)} %`] : [];
}

/** Totals over all nodes, and what went over the network. @param {Lab} lab */
export function totals(lab) {
  const body = h("dl", { class: "facts" });
  const { element, note } = section("totals", body);
  let before = "";
  return {
    element,
    word: "totals",
    update: () => {
      const { swarm, traffic } = lab.frame;
      const news = traffic.sent - traffic.quiet;
      setText(
        note,
        traffic.answered && !swarm ? say("per-command", { n: Math.round((news / traffic.answered) * 10) / 10 }) : "",
      );
      const shown = swarm
        ? lab.protocol.totals.map((one) => [
            read(one.name),
            [count(swarm[one.id]), ...shared(lab, one).map((part) => `(${part})`)].join(" "),
          ])
        : [
            [say("messages-sent"), count(news)],
            [say("messages-quiet"), count(traffic.quiet)],
            [say("commands-answered"), count(traffic.answered)],
          ];
      const key = JSON.stringify(shown);
      if (key === before) return;
      before = key;
      body.replaceChildren(...shown.flatMap(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]));
    },
  };
}

/** What was tried, a row each. @param {Lab} lab */
export function table(lab) {
  const body = h("div", { class: "tried" });
  const { element, note, title } = section("tried", body);
  let before = "";
  return {
    element,
    word: "tried",
    title: () => lab.frame.table && read(lab.frame.table.title),
    update: () => {
      const { table } = lab.frame;
      element.hidden = !table;
      if (!table) return;
      // The protocol's own title, which the page does not say again when its words change.
      title.removeAttribute("data-word");
      setText(title, read(table.title));
      setText(note, table.says ? read(table.says) : "");
      const key = JSON.stringify(table) + language();
      if (key === before) return;
      before = key;
      const { heads, rows } = table;
      const width = Math.max(0, ...rows.map((row) => row.cells.length + row.tallies.length + 2));
      // A table that names only some of its columns names the last ones; a column without a name has no heading.
      const named = [...Array(Math.max(0, width - heads.length)).fill(null), ...heads];
      const head = h(
        "tr",
        {},
        ...named.map((one) => (one && read(one) ? h("th", { scope: "col" }, read(one)) : h("td"))),
      );
      body.replaceChildren(h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows.slice(-12).map(tableRow))));
    },
  };
}

/** A row of a table: its epoch, what it holds, how it was tallied, and how it stands. @param {TableRow} row */
function tableRow({ epoch, cells, tallies, says }) {
  const cell = (/** @type {TableRow["cells"][number]} */ one) =>
    typeof one === "object" && one
      ? h("td", {}, read(one))
      : h("td", { class: "mono" }, one === null ? "" : String(one));
  const tally = (/** @type {TableRow["tallies"][number]} */ { have, refused, need }) => {
    const count = `${have.length}/${need}`;
    return h("td", {}, refused.length ? h("span", { class: "no" }, `${count} ✕${refused.length}`) : count);
  };
  return h(
    "tr",
    {},
    h("td", {}, h("span", { class: `chip h${hue(epoch)}` }, String(epoch))),
    ...cells.map(cell),
    ...tallies.map(tally),
    h("td", {}, read(says)),
  );
}

/** @param {Lab} lab */
export function inspector(lab) {
  const body = h("div");
  const { element, note } = section("inspector", body);
  return {
    element,
    word: "inspector",
    update: () => {
      const focus = lab.focus;
      const one = focus && "node" in focus ? nodeAt(lab, focus.node) : undefined;
      setText(note, one ? "" : say("pick-node"));
      if (!one) {
        body.replaceChildren();
        return;
      }
      const role = lab.protocol.roles.find((role) => role.id === one.role);
      const facts = one.fields.map((field) => [read(field.label), heldBy(lab.words, field), field.durable]);
      const timers = one.timers.map((timer) => {
        const kind = lab.protocol.timers.find((kind) => kind.id === timer.name);
        const left = timer.until - (one.status === "paused" ? lab.frame.now : lab.sim.now);
        return [
          kind ? read(kind.name) : timer.name,
          say("timer-left", { n: lasting(lab.protocol, lab.words, Math.max(0, Math.round(left))) }),
          false,
        ];
      });
      const clock =
        one.clock.rate || one.clock.offset
          ? [
              [
                say("clock"),
                `${one.clock.rate >= 0 ? "+" : ""}${Math.round(one.clock.rate * 1000) / 10} %, ${one.clock.offset} ms`,
                false,
              ],
            ]
          : [];
      setText(note, `${one.name}, ${one.status === "up" ? (role ? read(role.name) : one.role) : say(one.status)}`);
      body.replaceChildren(
        h(
          "dl",
          { class: "facts" },
          ...[...facts, ...timers, ...clock].flatMap(([label, value, durable]) => [
            h("dt", {}, String(label)),
            h("dd", { class: durable ? "disk" : "", title: durable ? say("on-disk") : null }, String(value)),
          ]),
        ),
      );
    },
  };
}
