// What only some protocols' frames hold is drawn for any protocol: states, registers, records on disk, phases, sets,
// gates, terms, places. The frames are those of real runs, into which the test puts what no protocol says yet.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, launch, serveModules } from "./site.mjs";

const SIZES = [
  [360, 276],
  [374, 406],
  [604, 620],
  [684, 300],
  [844, 397],
  [960, 752],
];
const NAMES = ["transactions", "histories", "quorums", "terms", "held", "ocean"];

let site;
let browser;
let page;
const asked = [];
before(async () => {
  site = await serveModules();
  browser = await launch();
  page = await (await browser.newContext({ viewport: { width: 1000, height: 800 } })).newPage();
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${site.url}tests/browser/pages/blank.html`);
  await page.evaluate(async () => {
    window.labs = await import("/tests/browser/pages/labs.mjs");
    await window.labs.ready();
    window.room = await import("/tests/browser/pages/room.mjs");
    window.more = await import("/tests/browser/pages/more.mjs");
    window.labOf = async (names, { at = 460, layout, nodes = 5, spans = false, inputs = [] } = {}) => {
      const lab = window.labs.create(new window.labs.Simulation({ protocol: "raft", nodes, seed: "7f3a" }));
      for (const input of inputs) lab.sim.inject(input);
      lab.sim.seek(at);
      if (layout) lab.protocol = { ...lab.protocol, layout };
      await window.more.put(lab, names, spans);
      return lab;
    };
  });
});
after(async () => {
  await browser.close();
  site.close();
});

test("a frame without any of it has nothing fetched for it", async () => {
  await page.evaluate(() => {
    const { Simulation, create, look, put } = window.labs;
    const lab = create(new Simulation({ protocol: "raft", nodes: 5, seed: "7f3a" }));
    lab.sim.seek(460);
    look(lab);
    put(lab).view.draw();
  });
  assert.deepEqual(
    asked.filter((path) => path.startsWith("/draw/more/") || path === "/words/more.js"),
    [],
  );
});

test("all of it has room at every size, in both languages, and nothing of it covers anything", async () => {
  for (const [name, layout] of [...NAMES.map((name) => [name]), ["transactions", "star"]]) {
    const wrong = await page.evaluate(
      async ([name, layout, sizes]) => {
        const found = [];
        for (const nodes of [5, 3]) {
          if (nodes === 3 && ["ocean", "transactions", "histories"].includes(name)) continue;
          const lab = await window.labOf([name], { layout, nodes });
          for (const [W, H] of sizes)
            for (const lang of ["en", "zh"])
              for (const scale of [1, 2]) {
                const told = window.room.judge(lab, { W, H, scale, lang });
                const gone = scale === 1 ? told.gone.map((what) => `no room for ${what}`) : [];
                for (const why of [...told.wrong, ...gone]) found.push(`${nodes}, ${W}x${H} x${scale} ${lang}: ${why}`);
              }
        }
        return found;
      },
      [name, layout, SIZES],
    );
    assert.deepEqual([name, layout, wrong.length, wrong.slice(0, 8)], [name, layout, 0, []]);
  }
});

test("what a node keeps is written beside it, from all of it to the least", async () => {
  const kinds = await page.evaluate(async () => {
    const found = {};
    for (const name of ["transactions", "histories", "terms"]) {
      const lab = await window.labOf([name]);
      for (const [W, H] of [
        [1200, 700],
        [374, 406],
      ]) {
        const { view } = window.labs.put(lab, { W, H });
        await new Promise((drawn) => setTimeout(drawn, 50));
        view.draw(true);
        const parts = view.layout().memory.text.shown.boxes.flatMap((box) => box.parts);
        found[`${name} ${W}`] = [
          ...new Set(parts.filter((part) => part.what === "more").map((part) => part.kind)),
        ].sort();
        view.element.remove();
      }
    }
    return found;
  });
  assert.deepEqual(kinds["transactions 1200"], ["disk", "held", "lock", "record", "since", "waiter"]);
  assert.deepEqual(kinds["histories 1200"], ["phase"]);
  assert.deepEqual(kinds["terms 1200"], ["admission", "turnstile"]);
  assert.ok(kinds["transactions 374"].includes("held"), "a phone shows what is held");
});

test("who stands in the middle of a star shows what is on its disk, on a low sheet too", async () => {
  const shown = await page.evaluate(async () => {
    const found = {};
    for (const nodes of [5, 3])
      for (const [W, H] of [
        [946, 746],
        [830, 384],
      ]) {
        const lab = await window.labOf(["transactions"], { layout: "star", nodes });
        const { view } = window.labs.put(lab, { W, H });
        await new Promise((drawn) => setTimeout(drawn, 50));
        view.draw(true);
        const box = view.layout().memory.text.shown.boxes.find((one) => one.kind === "block" && one.id === 0);
        found[`${nodes}, ${W}x${H}`] = box?.parts.filter((part) => part.kind === "record").length ?? 0;
        view.element.remove();
      }
    return found;
  });
  assert.deepEqual(
    Object.entries(shown).filter(([, records]) => records < 2),
    [],
  );
});

test("while time stands, the picture is that of a fresh stage", async () => {
  for (const name of NAMES) {
    const apart = await page.evaluate(async (name) => {
      const { put, pixels, differing } = window.labs;
      const lab = await window.labOf([name], { at: 300 });
      const clock = { now: 0 };
      const { view } = put(lab, { clock });
      await new Promise((drawn) => setTimeout(drawn, 50));
      view.draw();
      lab.sim.seek(460);
      const { look } = await import("/state.js");
      look(lab);
      clock.now = 1e6;
      view.draw();
      const before = pixels(view);
      view.element.remove();
      const fresh = put(lab, { clock });
      await new Promise((drawn) => setTimeout(drawn, 50));
      fresh.view.draw();
      const count = differing(before, pixels(fresh.view));
      fresh.view.element.remove();
      return count;
    }, name);
    assert.equal(apart, 0, name);
  }
});

test("each of it changes the picture, in both themes", async () => {
  const same = await page.evaluate(async (names) => {
    const { put, pixels, differing } = window.labs;
    const found = [];
    for (const theme of ["light", "dark"]) {
      document.documentElement.dataset.theme = theme;
      const plain = put(await window.labOf([]));
      await new Promise((drawn) => setTimeout(drawn, 50));
      plain.view.draw();
      const bare = pixels(plain.view);
      for (const name of names) {
        const { view } = put(await window.labOf([name]));
        await new Promise((drawn) => setTimeout(drawn, 50));
        view.draw();
        if (differing(bare, pixels(view)) < 400) found.push(`${theme} ${name}`);
        view.element.remove();
      }
      plain.view.element.remove();
    }
    document.documentElement.dataset.theme = "light";
    return found;
  }, NAMES);
  assert.deepEqual(same, []);
});

test("what the engine says of sides is told, and not counted again", async () => {
  const told = await page.evaluate(async () => {
    const lab = await window.labOf(["sides"], { at: 600, inputs: ["partition A B | C D E"] });
    const { view } = window.labs.put(lab, { W: 1000, H: 600 });
    await new Promise((drawn) => setTimeout(drawn, 50));
    view.draw();
    const boxes = view.layout().memory.text.shown.boxes.filter((box) => box.kind === "verdict");
    view.element.remove();
    return boxes.map((box) => box.parts.filter((part) => part.what === "text").map((part) => part.text));
  });
  assert.deepEqual(told, [
    ["2 of 5", "may not decide"],
    ["3 of 5", "can decide"],
  ]);
});

test("a side that has settled says what, and who says so", async () => {
  const told = await page.evaluate(async () => {
    const { Simulation, create, put, look, wordsIn } = window.labs;
    const config = { protocol: "three-phase-commit", nodes: { participants: 3 }, seed: "3c41", disk: 9 };
    const lab = create(
      new Simulation({ ...config, network: { latency: [12, 12] }, options: { timeout: 40, recovery: "timeouts" } }),
    );
    const state = (name) => lab.sim.frame(0).nodes.find((one) => one.name === name).state?.id;
    const until = (reached) => {
      for (let ms = 0; ms < 300 && !reached(); ms++) lab.sim.advance(1);
    };
    lab.sim.inject("request T tx x=5");
    until(() => lab.sim.frame(0).messages.filter((one) => one.kind === "pre-commit").length === 3);
    lab.sim.inject("partition T P1 | P2 P3");
    until(() => state("P1") === "prepared");
    lab.sim.inject("crash T");
    const found = [];
    for (const [name, reached, lang] of [
      ["P1", "prepared", "en"],
      ["P2", "aborted", "en"],
      ["P1", "committed", "en"],
      ["P1", "committed", "zh"],
    ]) {
      until(() => state(name) === reached);
      look(lab);
      lab.words = wordsIn(lang);
      const { view } = put(lab, { W: 1000, H: 700 });
      await new Promise((drawn) => setTimeout(drawn, 50));
      view.draw();
      const boxes = view.layout().memory.text.shown.boxes.filter((box) => box.kind === "verdict");
      const mirror = (await import("/hands.js")).giveHands(lab, view);
      mirror.update();
      const told = [...view.element.querySelectorAll(".mirror li")].map((one) => one.textContent);
      view.element.remove();
      const written = boxes.map((box) =>
        box.parts.map((part) => part.text ?? `${part.kind} ${part.of.yes}`).join("; "),
      );
      found.push([...written, ...told.filter((words) => /[Tt]ransaction|事务/.test(words))]);
    }
    return found;
  });
  assert.deepEqual(told, [
    [],
    ["settled false; Transaction 1 is aborted; say P2 and P3", "Transaction 1 is aborted, say P2 and P3"],
    [
      "settled true; Transaction 1 is committed; says P1",
      "settled false; Transaction 1 is aborted; say P2 and P3",
      "Transaction 1 is committed, says P1",
      "Transaction 1 is aborted, say P2 and P3",
    ],
    [
      "settled true; 事务 1 已提交; P1 这样说",
      "settled false; 事务 1 已中止; P2 和 P3 都这样说",
      "事务 1 已提交，P1 这样说",
      "事务 1 已中止，P2 和 P3 都这样说",
    ],
  ]);
});

test("what was settled before is not what a side says of the next", async () => {
  const told = await page.evaluate(async () => {
    const { Simulation, create, put, look } = window.labs;
    const config = {
      protocol: "two-phase-commit",
      nodes: { participants: 2 },
      seed: "1",
      network: { latency: [10, 10] },
    };
    const lab = create(new Simulation(config));
    const nodes = () => lab.sim.frame(0).nodes;
    const until = (reached) => {
      for (let ms = 0; ms < 300 && !reached(); ms++) lab.sim.advance(1);
    };
    const settled = async () => {
      look(lab);
      const { view } = put(lab, { W: 1000, H: 700 });
      await new Promise((drawn) => setTimeout(drawn, 50));
      view.draw();
      const parts = view.layout().memory.text.shown.boxes.flatMap((box) => box.parts);
      view.element.remove();
      return parts.filter((part) => part.kind === "settled").length;
    };
    lab.sim.inject("request T tx x=5");
    until(() => nodes().every((one) => one.state?.settled));
    lab.sim.inject("partition T P1 | P2");
    const first = await settled();
    lab.sim.inject("request T tx x=6");
    until(() => nodes()[0].epoch.value === 2);
    return [first, await settled()];
  });
  assert.deepEqual(told, [2, 0]);
});

test("those who do not see the stage are told all of it, in its language", async () => {
  const said = await page.evaluate(async () => {
    const found = {};
    for (const lang of ["en", "zh"]) {
      const lab = await window.labOf(["transactions", "quorums", "terms", "ocean"]);
      lab.words = window.labs.wordsIn(lang);
      const { view } = window.labs.put(lab);
      const mirror = (await import("/hands.js")).giveHands(lab, view);
      await new Promise((drawn) => setTimeout(drawn, 50));
      mirror.update();
      found[lang] = {
        node: view.element.querySelector('[data-target="D"]').getAttribute("aria-label"),
        stage: [...view.element.querySelectorAll(".mirror li")].map((one) => one.textContent),
      };
      view.element.remove();
    }
    return found;
  });
  assert.match(
    said.en.node,
    /uncertain, holds a lock, is blocked, register x: 3, number 1, records: 3 yes \(on disk\)/,
  );
  assert.match(said.zh.node, /未决，持有锁，被阻塞，寄存器 x：3/);
  const all = said.en.stage.join("\n");
  for (const expected of [
    /waited for these: A B C/,
    /gate at E: highest 34, 33 let in, 33 let in, 34 let in, 33 refused/,
    /33: B until 400 ms, B believes it until 415 ms/,
    /US West: C D/,
    /60 ms: C decided, waited for A B C/,
  ])
    assert.match(all, expected);
  assert.equal(said.zh.stage.length, said.en.stage.length);
});

test("what is told of the stage is not seen, on the pages and in the element", async () => {
  const seen = await page.evaluate(async () => {
    const found = [];
    for (const sheets of [["base"], ["tokens", "figure"]]) {
      const style = document.createElement("style");
      const texts = sheets.map(async (sheet) => (await fetch(`/${sheet}.css`)).text());
      style.textContent = (await Promise.all(texts)).join("\n");
      const root = document.createElement("div");
      root.className = "synod";
      document.head.append(style);
      document.body.append(root);
      const lab = await window.labOf(["ocean"]);
      const { view } = window.labs.put(lab);
      const mirror = (await import("/hands.js")).giveHands(lab, view);
      root.append(view.element);
      await new Promise((drawn) => setTimeout(drawn, 50));
      mirror.update();
      const list = view.element.querySelector(".mirror ul");
      found.push([list.children.length, list.clientWidth, list.clientHeight]);
      root.remove();
      style.remove();
    }
    return found;
  });
  for (const [count, width, height] of seen) assert.ok(count === 5 && width <= 1 && height <= 1, JSON.stringify(seen));
});

test("a partition among the inputs has its groups, and the time diagram tears along them", async () => {
  const [groups, text] = await page.evaluate(async () => {
    const lab = await window.labOf([], { at: 600, inputs: ["partition A B | C D E"] });
    const [input] = lab.sim.done();
    return [input.groups, "groups" in lab.sim.done().at(-1) && input.text];
  });
  assert.deepEqual(groups, [
    [0, 1],
    [2, 3, 4],
  ]);
  assert.equal(text, "partition A B | C D E");
});

test("the time diagram has writes, windows, waits, phases, moments, and a term by two clocks", async () => {
  const found = await page.evaluate(async () => {
    const { drawDiagram } = await import("/draw/diagram.js");
    const { scale } = await import("/draw/scale.js");
    const { readTokens } = await import("/draw/tokens.js");
    const paint = async (names, spans) => {
      const lab = await window.labOf(names, { spans });
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [844, 358];
      const x = canvas.getContext("2d");
      const { frame, protocol, chronicle, sim, words } = lab;
      const t = { W: 844, H: 358, frame, protocol, chronicle, words, now: sim.now, end: sim.end, span: 320 };
      const rest = { inputs: sim.done(), violations: [], hover: null, chosen: null, seed: 1, epoch: 1 };
      drawDiagram(x, readTokens(), { ...t, ...rest });
      return { first: scale(t).first, data: x.getImageData(0, 0, 844, 358).data };
    };
    const apart = (a, b) => a.data.reduce((sum, value, at) => sum + (value !== b.data[at] ? 1 : 0), 0);
    const [bare, spans, term] = [await paint([], false), await paint([], true), await paint(["terms"], false)];
    return {
      spans: apart(bare, spans),
      term: apart(bare, term),
      lower: term.first - bare.first,
      same: spans.first - bare.first,
    };
  });
  assert.ok(found.spans > 4_000 && found.term > 4_000, JSON.stringify(found));
  assert.ok(found.lower > 60 && found.same === 0, "the lanes make room for two rulers, and only for them");
});

test("words of a moment end where now is, and are not cut there", async () => {
  const found = await page.evaluate(async () => {
    const { drawDiagram } = await import("/draw/diagram.js");
    const { scale } = await import("/draw/scale.js");
    const { readTokens } = await import("/draw/tokens.js");
    const lab = await window.labOf([], { spans: true });
    const { frame, protocol, chronicle, sim, words } = lab;
    chronicle.spans.moments[0].time = sim.now - 20;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [844, 358];
    const x = canvas.getContext("2d");
    const ends = [];
    x.fillText = (told, left) => told.startsWith("the decision") && ends.push(left + x.measureText(told).width);
    const t = { W: 844, H: 358, frame, protocol, chronicle, words, now: sim.now, end: sim.end, span: 320 };
    const rest = { inputs: [], violations: [], hover: null, chosen: null, seed: 1, epoch: 1 };
    drawDiagram(x, readTokens(), { ...t, ...rest });
    return { ends, now: scale(t).at(sim.now) };
  });
  assert.equal(found.ends.length, 1, "they are drawn");
  assert.ok(found.ends[0] <= found.now + 1, JSON.stringify(found));
});

test("lanes stand place by place, under the place's name where a lane is high enough", async () => {
  const found = await page.evaluate(async () => {
    const { scale } = await import("/draw/scale.js");
    const lanesOf = async (names, H, W = 844) => {
      const { frame, protocol, sim } = await window.labOf(names);
      const s = scale({ W, H, frame, protocol, now: sim.now, end: sim.end, span: 320 });
      const lanes = [...s.lanes].map(([id, at]) => [id, Math.round(at * 100) / 100]);
      const low = s.first + Math.max(...s.lanes.values()) * s.lane;
      return {
        lanes,
        heads: s.heads.map(({ at, place }) => [place.id, Math.round(at * 100) / 100]),
        fits: low < s.bottom,
      };
    };
    return {
      places: await lanesOf(["ocean"], 400),
      low: await lanesOf(["ocean"], 220),
      narrow: await lanesOf(["ocean"], 400, 358),
      plain: await lanesOf([], 400),
    };
  });
  const [west, plain] = [[2, 3, 0, 1, 4], [0, 1, 2, 3, 4].map((id) => [id, id])];
  assert.deepEqual(
    found.places.lanes.map(([id]) => id),
    west,
    "the west first",
  );
  assert.deepEqual(found.places.heads, [
    ["us-west", 0],
    ["us-east", 2.55],
    ["europe", 5.1],
  ]);
  assert.deepEqual(
    [found.low, found.narrow].map(({ lanes, heads }) => [lanes, heads]),
    Array(2).fill([west.map((id, at) => [id, at]), []]),
  );
  assert.deepEqual([found.plain.lanes, found.plain.heads], [plain, []]);
  assert.ok(Object.values(found).every((one) => one.fits));
});

test("a place that everybody left keeps its land and its name", async () => {
  const [lands, beside] = await page.evaluate(async () => {
    const { grounds } = await import("/draw/more/sets.js");
    const lab = await window.labOf(["ocean"]);
    const { arrange } = await import("/layout.js");
    const places = [{ nodes: [2, 3] }, { nodes: [0, 1, 4] }, { nodes: [] }];
    const of = { wish: "ring", nodes: lab.frame.nodes, edges: new Uint32Array(), memory: lab.memory, scale: 1 };
    const found = grounds(arrange(844, 400, { ...of, grounds: places }), places);
    return [found.map((land) => land !== null), found[2].x > found[1].x];
  });
  assert.deepEqual([lands, beside], [[true, true, true], true]);
});

test("the side: own headings, promised before not promised, what was broken before, costs", async () => {
  const lab = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await lab.goto(`${site.url}lab.html#protocol=raft&seed=7f3a`);
  await lab.waitForFunction(() => window.synodLab);
  await lab.evaluate(async () => {
    const { synodLab } = window;
    synodLab.playing = false;
    synodLab.sim.seek(460);
    await (await import("/tests/browser/pages/more.mjs")).put(synodLab, ["transactions", "quorums", "ocean"]);
    for (const listener of synodLab.listeners) listener();
  });
  const text = (part) => lab.locator(`[data-panel="${part}"]`).textContent();
  await eventually(async () => {
    assert.match(await text("tried"), /^Transactions.*writesvotesoutcome.*w x y z4\/4committed/);
    const safety = await text("safety");
    assert.match(
      safety,
      /newest answered write.*Nothing is lost.*Broken before: disks keep what was writtenbroken at 300 ms/,
    );
    assert.match(safety, /Not promised.*Linearizable.*not promised; broken at 412 ms/);
    assert.match(await text("costs"), /60 ms C decided it.*What it costs.*410308/);
  });
  await lab.close();
});

test("which states were seen together: in this run, and in two hundred others", async () => {
  const lab = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await lab.goto(`${site.url}lab.html#protocol=two-phase-commit&start=blocked&t=600`);
  const panel = lab.locator('[data-panel="together"]');
  await panel.locator("summary").click();
  const cell = (row, column) => panel.locator("tbody tr").nth(row).locator("td").nth(column);
  await eventually(async () => {
    assert.equal(await cell(1, 1).getAttribute("class"), "here", "two are uncertain");
    assert.equal(await cell(1, 2).getAttribute("class"), "", "nobody has committed");
    assert.match(await panel.textContent(), /No state was seen beside both outcomes/);
  });
  await panel.getByRole("button").click();
  await eventually(async () => {
    assert.match(await panel.textContent(), /200 of 200 other runs/);
    assert.equal(await cell(1, 2).getAttribute("class"), "other bad");
    assert.equal(await cell(1, 3).getAttribute("class"), "other bad");
    assert.match(await panel.textContent(), /Beside “uncertain” both outcomes were seen/);
  });
  await lab.goto(`${site.url}lab.html#protocol=raft&seed=7f3a`);
  await lab.waitForFunction(() => window.synodLab);
  await eventually(async () => assert.equal(await panel.isVisible(), false, "servers have no such states"));
  await lab.close();
});
