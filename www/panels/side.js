// The side: safety with its evidence, logs, the chosen node, events and why, futures.

import { h, hue, inked, setText } from "../dom.js";
import { icon } from "../icons.js";
import { nameOf } from "../stage.js";
import { changed, nodeAt, seek } from "../state.js";
import { count, language, ms, read, say } from "../words.js";

/**
 * @import { Lab } from "../state.js"
 * @import { Cell, NodeFrame, Trace } from "../pkg/synod.js"
 */

const EVENTS_SHOWN = 60;

/** @param {Lab} lab */
export function buildSide(lab) {
  const parts = [safety(lab), totals(lab), table(lab), logs(lab), inspector(lab), events(lab), futures(lab)];
  let shown = 0;
  const tabs = parts.map((_part, at) =>
    h("button", {
      role: "tab",
      type: "button",
      onclick: () => {
        shown = at;
        update();
      },
    }),
  );
  const bar = h("div", { class: "tabs seg", role: "tablist" }, ...tabs);
  const element = h("aside", { class: "side" }, bar, ...parts.map((part) => part.element));
  const update = () => {
    parts.forEach((part, at) => {
      part.update();
      part.element.classList.toggle("shown", at === shown);
      tabs[at].setAttribute("aria-selected", String(at === shown));
      tabs[at].hidden = part.element.hidden;
      setText(tabs[at], say(part.word));
    });
  };
  return { element, update };
}

/** @param {string} word @param {HTMLElement} body */
function section(word, body) {
  const note = h("span");
  const element = h(
    "section",
    { "data-panel": word },
    h("div", { class: "hd" }, h("h2", { "data-word": word }), note),
    body,
  );
  return { element, note };
}

/** @param {Lab} lab */
function named(lab) {
  return read(lab.protocol.epoch.named);
}

/** @param {Lab} lab */
function safety(lab) {
  const body = h("div");
  const { element, note } = section("safety", body);
  const rows = lab.protocol.invariants.map(() => {
    const row = { line: h("div", { class: "inv" }), mark: h("span"), title: h("b"), says: h("small"), words: "" };
    row.line.append(row.mark, h("div", {}, row.title, row.says));
    return row;
  });
  body.append(...rows.map((row) => row.line));
  return {
    element,
    word: "safety",
    update: () => {
      const broken = lab.frame.invariants.filter((one) => !one.holds).length;
      setText(note, broken ? say("broken-count", { n: broken }) : say("checked"));
      lab.frame.invariants.forEach((one, at) => {
        const row = rows[at];
        const title = read(lab.protocol.invariants[at].title);
        const says = read(one.says) + (one.time !== null ? `, ${say("ms", { n: ms(one.time) })}` : "");
        const words = `${one.holds}${title}${says}`;
        if (row.words === words) return;
        row.words = words;
        row.line.classList.toggle("broken", !one.holds);
        row.mark.replaceChildren(icon(one.holds ? "tick" : "broken"));
        const time = one.time;
        row.title.replaceChildren(
          time === null ? title : h("button", { type: "button", onclick: () => seek(lab, time) }, title),
        );
        row.line.title = read(lab.protocol.invariants[at].says);
        row.says.replaceChildren(...inked(says, named(lab), true));
      });
    },
  };
}

/** @typedef {import("../pkg/synod.js").Protocol["totals"][number]} TotalKind */

/** A total as its share of the first, where it is one. @param {Lab} lab @param {TotalKind} kind */
function shared({ frame: { swarm }, protocol }, kind) {
  const [n, all] = [swarm?.[kind.id], swarm?.[protocol.totals[0].id]];
  return kind.share && all && typeof n === "number" ? [`${count((n / all) * 100)} %`] : [];
}

/** Totals over all nodes, and what went over the network. @param {Lab} lab */
function totals(lab) {
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
function table(lab) {
  const body = h("div", { class: "tried" });
  const { element, note } = section("tried", body);
  let before = "";
  return {
    element,
    word: "tried",
    update: () => {
      const { table } = lab.frame;
      element.hidden = !table;
      if (!table) return;
      setText(note, read(table.says));
      const key = JSON.stringify(table) + language();
      if (key === before) return;
      before = key;
      const head = h(
        "tr",
        {},
        h("th", { colspan: 2 }, read(table.title)),
        h("th", {}, say("value")),
        ...table.tallies.map((one) => h("th", {}, read(one))),
        h("th", {}, say("outcome")),
      );
      const line = (/** @type {(typeof table.rows)[number]} */ row) =>
        h(
          "tr",
          {},
          h("td", {}, h("span", { class: `chip h${hue(row.epoch)}` }, String(row.epoch))),
          h("td", {}, nameOf(lab, row.node)),
          h("td", { class: "mono" }, row.text),
          ...row.tallies.map((one) =>
            h(
              "td",
              {},
              one.refused.length
                ? h("span", { class: "no" }, `${one.have.length}/${one.need} ✕${one.refused.length}`)
                : `${one.have.length}/${one.need}`,
            ),
          ),
          h("td", {}, read(row.says)),
        );
      body.replaceChildren(h("table", {}, h("thead", {}, head), h("tbody", {}, ...table.rows.slice(-12).map(line))));
    },
  };
}

/** @param {Lab} lab */
function logs(lab) {
  const body = h("div", { class: "logs", tabindex: "0" });
  const { element, note } = section("logs", body);
  let before = "";
  return {
    element,
    word: "logs",
    update: () => {
      const rows = lab.frame.nodes.map((one) => ({ one, cells: one.strips[0]?.cells ?? [] }));
      element.hidden = !lab.frame.nodes.some((one) => one.strips.some((strip) => strip.id !== "register"));
      body.setAttribute("aria-label", say("logs"));
      const last = Math.max(0, ...rows.map((row) => row.cells.at(-1)?.index ?? 0));
      const first = Math.max(1, last - 23);
      const key = JSON.stringify([language(), first, rows.map((row) => [row.one.name, row.cells])]);
      if (key === before) return;
      before = key;
      if (!last) {
        setText(note, "");
        body.replaceChildren(h("small", {}, say("empty-log")));
        return;
      }
      const fork = divergence(
        rows.map((row) => row.cells),
        first,
        last,
      );
      setText(note, forkWords(rows, fork));
      const indices = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      const head = h("tr", {}, h("td"), ...indices.map((index) => h("th", { scope: "col" }, String(index))));
      const line = (/** @type {(typeof rows)[number]} */ { one, cells }) => {
        const byIndex = new Map(cells.map((cell) => [cell.index, cell]));
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, one.name),
          ...indices.map((index) => h("td", { class: index === fork ? "fork" : "" }, cellBox(byIndex.get(index)))),
        );
      };
      const atEnd = body.scrollLeft + body.clientWidth > body.scrollWidth - 40;
      body.replaceChildren(h("table", {}, head, ...rows.map(line)));
      if (atEnd) body.scrollLeft = body.scrollWidth;
    },
  };
}

/** @param {Cell | undefined} cell */
function cellBox(cell) {
  if (!cell) return null;
  const words = cell.text.replace(/^set /, "");
  return h(
    "div",
    { class: `cell h${hue(cell.epoch)} ${cell.state === "pending" ? "open" : "shut"}` },
    h("b", {}, String(cell.epoch)),
    h("span", {}, words),
  );
}

/**
 * The first index at which two logs differ, or null.
 * @param {Cell[][]} logs
 * @param {number} first
 * @param {number} last
 */
function divergence(logs, first, last) {
  for (let index = first; index <= last; index++) {
    const there = logs.flatMap((cells) => cells.filter((cell) => cell.index === index).map((cell) => cell.epoch));
    if (new Set(there).size > 1) return index;
  }
  return null;
}

/** @param {{ one: NodeFrame, cells: Cell[] }[]} rows @param {number | null} fork */
function forkWords(rows, fork) {
  if (fork === null) return say("agree");
  const epochs = rows.map((row) => row.cells.find((cell) => cell.index === fork)?.epoch ?? 0);
  const newest = Math.max(...epochs);
  const odd = rows.filter((_, i) => epochs[i] !== 0 && epochs[i] !== newest).map((row) => row.one.name);
  return say(odd.length === 1 ? "differ-one" : "differ", { names: odd.join(", "), n: fork });
}

/** @param {Lab} lab */
function inspector(lab) {
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
      const facts = one.fields.map((field) => [
        read(field.label),
        field.value === null ? "–" : String(field.value),
        field.durable,
      ]);
      const timers = one.timers.map((timer) => {
        const kind = lab.protocol.timers.find((kind) => kind.id === timer.name);
        const left = timer.until - (one.status === "paused" ? lab.frame.now : lab.sim.now);
        return [
          kind ? read(kind.name) : timer.name,
          say("timer-left", { n: ms(Math.max(0, Math.round(left))) }),
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

/** @param {Lab} lab */
function events(lab) {
  const body = h("div");
  const { element, note } = section("events", body);
  let before = "";
  return {
    element,
    word: "events",
    update: () => {
      setText(note, say("newest"));
      const shown = lab.events.slice(-EVENTS_SHOWN).reverse();
      const key = `${shown[0]?.seq} ${shown.length} ${lab.chosen} ${named(lab)} ${language()}`;
      if (key === before) return;
      before = key;
      body.replaceChildren(
        ...shown.flatMap((record, at) => [
          row(lab, record, at === 0),
          ...(record.seq === lab.chosen ? [why(lab, record)] : []),
        ]),
      );
    },
  };
}

/** @param {Lab} lab @param {Trace} record @param {boolean} newest */
function row(lab, record, newest) {
  const choose = () => {
    lab.chosen = lab.chosen === record.seq ? null : record.seq;
    if (record.node !== null) lab.focus = { node: record.node };
    changed(lab);
  };
  const classes = `ev${newest ? " on" : ""}${record.what === "violation" ? " alarm" : ""}`;
  return h(
    "button",
    {
      class: classes,
      type: "button",
      "data-seq": record.seq,
      "aria-expanded": String(lab.chosen === record.seq),
      onclick: choose,
    },
    h("time", {}, ms(Math.round(record.time * 10) / 10)),
    h("span", {}, ...inked(read(record.says), named(lab), true)),
  );
}

/** Every cause of a record, back to the input or timer that it began with. @param {Lab} lab @param {Trace} record */
function why(lab, record) {
  const chain = [];
  let cause = record.cause;
  while (cause !== null && chain.length < 24) {
    const [found] = lab.sim.trace(cause, cause + 1);
    if (!found) break;
    chain.push(found);
    cause = found.cause;
  }
  const go = (/** @type {Trace} */ one) =>
    h(
      "button",
      { class: "ev", type: "button", onclick: () => seek(lab, one.time) },
      h("time", {}, ms(Math.round(one.time * 10) / 10)),
      h("span", {}, ...inked(read(one.says), named(lab), true)),
    );
  return h(
    "div",
    { class: "why", role: "group", "aria-label": say("why") },
    h("small", {}, say("because")),
    ...chain.map(go),
  );
}

/** @param {Lab} lab */
function futures(lab) {
  const body = h("div");
  const { element } = section("branches", body);
  let before = "";
  return {
    element,
    word: "branches",
    update: () => {
      const branches = lab.sim.branches();
      element.hidden = branches.length < 2;
      const key = JSON.stringify(branches.map((one) => [one.id, one.current, one.current ? 0 : one.end])) + language();
      if (key === before) return;
      before = key;
      body.replaceChildren(
        ...branches.map((one) =>
          h(
            "button",
            {
              class: `ev${one.current ? " on" : ""}`,
              type: "button",
              "data-branch": one.id,
              "aria-pressed": String(one.current),
              onclick: () => {
                lab.playing = false;
                lab.sim.switch(one.id);
                changed(lab);
              },
            },
            h("time", {}, String(one.id)),
            h("span", {}, say("branch", { n: one.id, from: ms(Math.round(one.from)), end: ms(Math.round(one.end)) })),
          ),
        ),
      );
    },
  };
}

/** What the narrator says of the newest event. @param {Lab} lab */
export function newest(lab) {
  const record = lab.events.at(-1);
  if (record) return inked(read(record.says), named(lab));
  // Where too much happens to be told one by one, the first of the shares speaks for all.
  const share = lab.sim.seq ? lab.protocol.totals.find((one) => one.share) : undefined;
  if (share) return [[read(share.name), ...shared(lab, share)].join(" ")];
  return [say(lab.protocol.starts.length ? "ready-starts" : lab.playing ? "running" : "ready")];
}
