// Inside the page of a test: frames of real runs, into which is put by hand what no protocol says yet.
import { fetchTimes } from "/draw/spans.js";
import { fetchExtra } from "/more.js";
import { look } from "/state.js";

const both = (en, zh = en) => ({ en, zh });

/** Two-phase commit in its window: one was told, three are uncertain, and a fourth transaction waits. */
function transactions(frame) {
  const [coordinator, ...others] = frame.nodes;
  const register = (key, value, epoch, rest = {}) => ({
    key,
    value,
    epoch,
    pending: null,
    lock: null,
    queue: [],
    ...rest,
  });
  coordinator.state = { id: "collecting", word: both("collects votes", "收集投票"), since: 50, settled: null };
  coordinator.disk = [
    { epoch: 3, word: "start", forced: "yes", at: 60 },
    { epoch: 3, word: "commit", forced: "yes", at: 70, settled: true },
  ];
  others.forEach((one, i) => {
    one.state =
      i === 0
        ? { id: "committed", word: both("committed", "已提交"), since: 100, settled: true }
        : i === 1
          ? { id: "aborted", word: both("aborted", "已中止"), since: 90, settled: false }
          : { id: "uncertain", word: both("uncertain", "未决"), since: 60, settled: null };
    if (one.state.settled === null) one.authority = "asks";
    one.badges =
      i < 2
        ? []
        : [
            { id: "locked", says: both("holds a lock", "持有锁") },
            { id: "blocked", says: both("is blocked", "被阻塞") },
          ];
    one.registers = [
      i < 2
        ? register("xyzw"[i], "5", 3)
        : register("xyzw"[i], "2", 1, { pending: "8", lock: 3, queue: i === 2 ? [4, 5] : [] }),
    ];
    one.disk = [
      { epoch: 3, word: "yes", forced: "yes", at: 80 },
      ...(i === 0 ? [{ epoch: 3, word: "commit", forced: "no", at: 90, settled: true }] : []),
      ...(i === 3 ? [{ epoch: 3, word: "prepared", forced: "lost", at: 90 }] : []),
    ];
  });
  frame.table = {
    title: both("Transactions", "事务"),
    heads: [both(""), both("writes", "写入"), both("votes", "投票"), both("known by", "已知"), both("outcome", "结果")],
    rows: [
      { epoch: 1, cells: ["w x y z"], tallies: [tally(4, 4)], state: "committed", says: both("committed", "已提交") },
      {
        epoch: 3,
        cells: [both("w x", "w x")],
        tallies: [{ ...tally(3, 4), refused: [2] }],
        state: "in-doubt",
        says: both("in doubt", "未定"),
      },
    ],
  };
  frame.table.heads.splice(3, 1);
}

const tally = (have, of) => ({ have: Array.from({ length: have }, (_, i) => i), refused: [], need: of, of });

/** Phases, positions of two fields, what was cut and what is expected. */
function histories(frame) {
  frame.nodes.forEach((one, i) => {
    const states =
      i === 4
        ? ["done", "done", "now", "next"]
        : i === 3
          ? ["done", "failed", "next", "next"]
          : ["done", "done", "done", "now"];
    one.phase = {
      names: [
        both("election", "选举"),
        both("discovery", "发现"),
        both("synchronisation", "同步"),
        both("broadcast", "广播"),
      ],
      states,
      epoch: 2,
    };
    const cell = (index, epoch, minor, state = "committed") => ({ index, epoch, minor, text: "set x 1", state });
    one.strips = [
      {
        id: "log",
        kind: i === 4 ? "own" : "agree",
        cells:
          i === 4
            ? [
                cell(1, 1, 2),
                cell(2, 1, 4, "cut"),
                cell(3, 1, 5, "undone"),
                cell(4, 2, 1, "pending"),
                cell(5, 2, 2, "expected"),
              ]
            : [cell(1, 1, 2), cell(2, 1, 3), cell(3, 2, 1), cell(4, 2, 2, i ? "pending" : "committed")],
      },
    ];
  });
  frame.nodes[2].strips[0].cells.unshift({ index: 0, epoch: 1, text: "", state: "snapshot" });
  frame.nodes[1].strips[0].cells.push({ index: 5, epoch: 2, text: "A B C", state: "configuration" });
  frame.nodes[1].badges = [{ id: "liar", says: both("lies", "作恶") }];
}

/** Sets that meet and sets that do not, and promises that this configuration makes and does not make. */
function quorums(frame) {
  frame.sets = [
    { id: "w", label: both("write set", "写集合"), members: [0], epoch: 2, client: null, kind: "write" },
    { id: "r2", label: both("C2 reads", "C2 读"), members: [0, 1], epoch: null, client: "C2", kind: "read" },
    { id: "r3", label: both("C3 reads", "C3 读"), members: [1, 2], epoch: null, client: "C3", kind: "read" },
  ];
  frame.overlaps = [
    { sets: ["w", "r2"], members: [0] },
    { sets: ["w", "r3"], members: [] },
  ];
  frame.nodes.forEach((one, i) => {
    one.strips = [];
    one.registers = [{ key: "x", value: i ? "3" : "7", epoch: i ? 1 : 2, pending: null, lock: null, queue: [] }];
  });
  frame.promises = [
    promise("newest", "A read sees the newest answered write", "读到最新的已应答写入", true, null),
    { ...promise("kept", "Nothing is lost", "什么都不丢", true, 300), assumes: ["disks-kept"], beyond: ["disks-kept"] },
    promise("linear", "Linearizable", "线性一致", false, 412),
    { ...promise("own", "Each client reads its own writes", "读到自己写入", false, null), assumes: ["no-partition"] },
  ];
}

const promise = (id, en, zh, promised, broken) => ({
  ...{ id, promised, because: both("by N 3, W 2, R 2", "因为 N 3、W 2、R 2"), assumes: [], beyond: [] },
  ...{ holds: broken === null, says: both("so it is", "确实如此"), broken, witnesses: [], title: both(en, zh) },
});

/** A term by two clocks, and a gate that refuses an old one. */
function terms(frame, now) {
  const last = frame.nodes.length - 1;
  frame.gates = [
    {
      node: last,
      highest: 34,
      admissions: [33, 33, 34, 33].map((token, i) => ({ token, at: now - 40 + 10 * i, admitted: i < 3 })),
    },
  ];
  const grant = {
    token: 33,
    issuer: 0,
    holder: 1,
    from: now - 200,
    until: now - 60,
    slack: 25,
    believedUntil: now - 45,
  };
  frame.grants = [grant];
  if (last > 1) frame.nodes[1].badges = [{ id: "leased", says: both("held a lease", "曾持有租约") }];
}

/** A lease that is held now. */
function held(frame, now) {
  terms(frame, now);
  frame.grants = [
    { token: 34, issuer: 0, holder: 2, from: now - 100, until: now + 80, slack: 20, believedUntil: now + 110 },
  ];
  frame.nodes[2].timer = null;
}

/** Nodes in three places, and the commit that a far one decided. */
function ocean(frame) {
  frame.places = [
    { id: "us-west", name: both("US West", "美西"), nodes: [2, 3], clients: [], x: null, y: null },
    { id: "us-east", name: both("US East", "美东"), nodes: [0, 1], clients: [] },
    { id: "europe", name: "Europe", nodes: [4], clients: [] },
  ];
  frame.lastCommit = {
    waited: [0, 1, 2],
    decidedBy: 2,
    ms: 60,
    acks: [0, 1, 60, 61, 80].map((ms, node) => ({ node, ms })),
  };
  frame.sets = [
    {
      id: "q",
      label: both("waited for these", "等待了这些"),
      members: [0, 1, 2],
      epoch: 3,
      client: null,
      kind: "quorum",
    },
  ];
  frame.costs = [{ name: both("set x 5", "set x 5"), messages: 8, bytes: 410, crossing: 308 }];
}

/** Sides of a partition that the engine judges. */
function sides(frame) {
  frame.sides = (frame.partition ?? []).map((side, i) => ({
    members: side.filter((end) => typeof end === "number"),
    ...{ have: 2 + i, need: 3, of: 5, can: i === 1 },
    says: i === 1 ? both("can decide", "可以决定") : both("may not decide", "不能决定"),
  }));
}

export const FIXTURES = { transactions, histories, quorums, terms, held, ocean, sides };

/** Spans on lanes, as the time diagram will be given them. */
export function spansOf(now) {
  const word = both("uncertain: may not decide alone", "未决：不能独自决定");
  return {
    phases: [{ node: 0, from: now - 300, until: now - 190, word: both("collecting votes", "收集投票"), epoch: 3 }],
    writes: [0, 1, 2, 3, 4].map((node) => ({ node, from: now - 190 - node, until: now - 160 - node, epoch: 3 })),
    windows: [1, 2, 3, 4].map((node) => ({
      node,
      from: now - 158,
      until: node === 1 ? now - 90 : null,
      word,
      epoch: 3,
    })),
    waits: [{ node: 2, from: now - 120, until: null, word: both("4 waits for y", "4 等待 y"), epoch: 4 }],
    moments: [
      {
        time: now - 150,
        node: null,
        word: both("the decision is this disk write", "决定就是这次写盘"),
        kind: "decision",
      },
    ],
  };
}

/**
 * A lab whose frames are changed by hand, over and over as they are made anew.
 * @param {import("/state.js").Lab} lab @param {string[]} names
 */
export async function put(lab, names, spans = false) {
  const { sim } = lab;
  const own = sim.frame.bind(sim);
  const diagram = sim.diagram.bind(sim);
  sim.frame = (cells) => {
    const frame = own(cells);
    for (const name of names) FIXTURES[name](frame, sim.now);
    return frame;
  };
  if (spans) sim.diagram = (from) => ({ ...diagram(from), ...spansOf(sim.now) });
  lab.seen.seq = -1;
  look(lab);
  await Promise.all([fetchExtra(), fetchTimes()]);
}
