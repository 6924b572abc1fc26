
/** A text in both languages. */
export interface Says { en: string; zh: string }

/** What a search for a short run is asked. What `config` leaves out the search chooses. */
export interface ExploreRequest {
  config: Config;
  /** A property that breaks, any promise that breaks while all that it assumes holds, or conditions that come true. */
  goal: { violation: string | true } | { when: string[] };
  /** What it may do; left out is true. */
  allow?: Partial<Record<
    "reorder" | "lose" | "copy" | "timeout" | "request" | "crash" | "restart" | "partition" | "skew", boolean>>;
  /** `work` is in steps. */
  limits?: Partial<Record<"steps" | "nodes" | "epochs" | "requests" | "faults" | "work", number>>;
  seed?: number;
}

/** How a run was found: by which search, in how many runs or states, with how many events, and of how many steps. */
export interface ExploreWay {
  by: "walks" | "timed" | "shrink" | "breadth" | "tighten";
  runs: number; events: number; steps: number | null;
}

/** Within what every run of fewer steps than `lower` was tried; null where none was. */
export type ExploreWithin = { nodes: number; epochs: number; requests: number; faults: number } | null;

export interface ExploreProgress {
  done: boolean; explored: number; phase: ExploreWay["by"] | "done";
  best: number | null; first: number | null; lower: number; within: ExploreWithin; how: ExploreWay[];
}

/** `text` is the rule that acted, `event` what set it off; `at` is in microseconds. */
export interface ExploreStep {
  move: "deliver" | "copy" | "timeout" | "request" | "crash" | "restart" | "input";
  from: string | null; to: string | null; kind: string | null; epoch: number;
  text: Says; event: Says; frame: Frame; ruleMattered: boolean; broken: string[]; at: number;
}

export type ExploreResult =
  | {
      found: true; recording: string; steps: ExploreStep[]; inputs: number; shortest: "proved" | "best";
      lower: number; within: ExploreWithin; invariant: string | null; explored: number; how: ExploreWay[];
    }
  | {
      found: false; exhausted: boolean; explored: number; lower: number; within: ExploreWithin; how: ExploreWay[];
    };

/** Times are ms of virtual time, probabilities 0 to 1. Anything unknown or out of range is refused. */
export interface Config {
  protocol: string;
  /** A number of nodes that are all alike, or a number of machines for each role. */
  nodes?: Nodes;
  /** 1 to 16 hexadecimal digits; left out, it is drawn. */
  seed?: string;
  network?: Partial<Omit<Network, "latency">> & { latency?: LatencyGiven; places?: string | Place[]; rtt?: Record<string, number> };
  /** ms that a disk takes, of protocols that wait for their disks; a node that an object does not name takes none. */
  disk?: DiskTime | Record<string, DiskTime>;
  options?: Record<string, OptionValue>;
  /** Ids of rules that are broken on purpose. */
  mutants?: string[];
}
export type Nodes = number | Record<string, number>;
export type DiskTime = number | [number, number];
/** From and to in ms; or a measured profile by the kind of message, of which frames have the bounds. */
export type LatencyGiven = [number, number] | "ssd" | "disk" | "ymmr" | "wan";
export interface Network { latency: [number, number]; loss: number; duplicate: number; reorder: boolean }
/**
 * Where nodes and clients stand: a preset's id out of the catalog, or a list of these together with `rtt`, the round
 * trip in ms of each pair, such as `{ "us-east europe": 80 }`; half of it is one way. Inside a place `latency` holds (a
 * preset has its own, unless the network says otherwise). A client that no place names is near the node that it asks.
 */
export interface Place {
  /** Small letters, digits and hyphens: inputs have it wherever they have nodes. */
  id: string; name?: string | Says; nodes?: NodeRef[]; clients?: string[];
}
export interface PlacePreset {
  id: string; name: Says; says: Says; /** Where the round trips were measured. */ source: string;
  latency: [number, number]; places: { id: string; name: Says }[]; rtt: Record<string, number>;
}
export interface FullConfig { protocol: string; nodes: Nodes; seed: string; network: Omit<Network, "latency"> & { latency: LatencyGiven; places?: Place[]; rtt?: Record<string, number> }; options: Record<string, OptionValue>; mutants: string[]; disk?: DiskTime | Record<string, DiskTime> }
export type OptionValue = boolean | number | string | [number, number];

/** By name or number; in a run with places also a place's id, which means all who stand there when it is done. */
export type NodeRef = string | number;
export type MessageRef = number | { kind: string; from: NodeRef; to: NodeRef };
/** The object form of an input: the same fields as its text. */
export type Input =
  | { kind: "crash" | "restart" | "wipe" | "pause" | "resume" | "join" | "leave"; node: NodeRef }
  /** The next handler of the node that sends more than `after` messages (0 to 1000) is cut short behind so many. */
  | { kind: "crash"; node: NodeRef; after?: number }
  /** From now on it stands there. Messages in flight arrive when they would have. */
  | { kind: "move"; node: NodeRef; place: string }
  | { kind: "partition"; groups: NodeRef[][] }
  | { kind: "heal" }
  | { kind: "cut" | "mend"; from: NodeRef; to: NodeRef; both?: boolean }
  | { kind: "drop" | "hold" | "duplicate"; message: MessageRef }
  /** Now, or so many milliseconds later, however long it would have taken. */
  | { kind: "deliver"; message: MessageRef; ms?: number }
  | { kind: "delay"; message: MessageRef; ms: number }
  | { kind: "latency"; min: number; max: number; from?: NodeRef; to?: NodeRef }
  | { kind: "loss" | "duplication"; probability: number }
  /** The rate against true time: 0.2 is 20 % fast. */
  | { kind: "skew"; node: NodeRef; rate: number }
  | { kind: "offset"; node: NodeRef; ms: number }
  | { kind: "fire"; node: NodeRef; timer: string }
  | { kind: "request"; operation: string; node?: NodeRef; client?: string | number };

/** A node, or a message as "#12". */
export type Target = NodeRef | { node: NodeRef } | { message: number };
export interface Offer { text: string; object: Input; target: string | null; label: Says; beyond: boolean }
export interface Placed {
  time: number; kind: string; text: string;
  /** The same as a sentence. */
  says: Says;
  /** Of a partition: nodes by number and clients by name. */
  groups?: (number | string)[][];
}

export type Status = "up" | "crashed" | "paused";
export type Tone = "ask" | "carry" | "decide" | "yes" | "stored" | "no" | "client" | "heartbeat";
export type Fate = "flying" | "lost" | "held";

/** Everything the stage can show, and nothing about how. */
export interface Frame {
  now: number; seq: number; protocol: string;
  nodes: NodeFrame[]; messages: MessageFrame[]; clients: ClientFrame[];
  /** Links unlike the others: cut, or with a latency of their own. */
  links: { from: number; to: number; cut: boolean; latency: [number, number] | null }[];
  /** Groups of nodes by number and clients by name; null when there is no partition. */
  partition: (number | string)[][] | null;
  network: Network;
  /** How many decide together, and whether any two such sets meet; `group` is the place of the one group whose members count, if only one does. */
  quorum: { need: number; of: number; group: number | null; meets: Says | null; /** Whether sets meet that must, with numbers, where the protocol tells them. */ checks: { holds: boolean; says: Says }[] } | null;
  /** A verdict on each side of a partition, of the nodes that are up there; empty without one. */
  sides: { members: number[]; have: number; need: number; of: number; can: boolean; says: Says }[];
  /** Every property: what this configuration promises, on what assumptions, and what is only watched. */
  promises: FramePromise[];
  /** Sets that somebody waits for, or waited for last, the oldest first. */
  sets: SetFrame[];
  /** What a set shares with an older one that it is to meet, which is named first; no members where they miss each other. */
  overlaps: { sets: [string, string]; members: number[] }[];
  /** The properties that are promised. */
  invariants: { id: string; holds: boolean; says: Says; time: number | null }[];
  /** Totals over all nodes, of protocols that have them. */
  swarm: Record<string, number | null> | null;
  /** How the totals went, step by step; `theory` marks what is not simulated. */
  series: { id: string; name: Says; chart: string; theory: boolean; values: number[] }[];
  /** Messages between nodes, those among them that are steady traffic, and answered requests. */
  traffic: { sent: number; quiet: number; answered: number };
  /** What was tried, a row each, of protocols that are best told so. */
  table: Table | null;
  /** Where nodes and clients stand; null in a run without places. The next two are of runs with places only. */
  places: { id: string; name: Says; nodes: number[]; clients: string[] }[] | null;
  /** Of the newest commands: the messages that each set off, and how many of them go from one place to another. */
  costs: { command: string; client: string; messages: number; crossing: number }[];
  /** The last decision: who was needed, whose answer made it, and when each answered since the request arrived. */
  lastCommit: { waited: number[]; decidedBy: number | null; ms: number; acks: { node: number; ms: number }[] } | null;
  /** The newest of what is stored and of what was answered, to be compared; empty where nothing is. */
  newest: { id: string; label: Says; epoch: number | null }[];
  /** What was granted for a time, of protocols that have terms: true times, also of what is to come as clocks run now. */
  grants?: { token: number; issuer: number; holder: number; from: number; until: number; slack: number; believedUntil: number }[];
  /** The row of the overview in which they are drawn. */
  grantsRow?: number;
  /** Where numbers are checked: the highest that was let in, and the last that came. */
  gates?: { node: number; highest: number; admissions: { token: number; at: number; admitted: boolean }[] }[];
}
/** `broken` in ms; `beyond` names what of `assumes` was broken so far, or before the property broke. */
export interface FramePromise {
  id: string;
  title: Says;
  promised: boolean;
  because: Says;
  assumes: Assumption[];
  beyond: Assumption[];
  holds: boolean;
  says: Says;
  broken: number | null;
  witnesses: number[];
}
export type Assumption = "no-partition" | "nothing-lost" | "in-time" | "clocks-within" | "disks-kept" | "links-in-order" | "sent-to-all" | "last-back";
/** The headings stand over the epoch, the cells, the tallies and the state of a row, in this order. */
/** What trials came to: at each place the sum over all of them; of several batches both are added up. */
export interface Curve { id: string; name: Says; theory: boolean; trials: number; points: [number, number][] }
export interface Table { title: Says; says?: Says; heads: Says[]; rows: TableRow[] }
export interface TableRow { epoch: number; cells: (string | number | Says | null)[]; tallies: Tally[]; state: string; says: Says }
export interface Tally { have: number[]; refused: number[]; need: number; of: number }
/** A tally that reached what it needs, at `time`, deciding for `epoch`. */
export interface Won extends Tally { time: number; epoch: number }
export interface TimerFrame { name: string; from: number; until: number }
export interface Field { id: string; label: Says; value: number | string | null; tone: string; durable: boolean; /** How the value reads, where it has words. */ says?: Says }
export interface Cell { index: number; epoch: number; /** Its number within its epoch. */ minor?: number; text: string; state: "pending" | "committed" | "applied" | "undone" | "cut" | "expected" | "snapshot" | "configuration" }
/** `settled`: whether it decided for or against; null while it has not. */
export interface State { id: string; word: Says; since: number; settled: boolean | null }
export interface Badge { id: string; says: Says }
/** Who holds the lock and who waits for it: an epoch, or a name. */
export interface Register { key: string; value: string | null; epoch: number | null; pending: string | null; lock: number | string | null; queue: (number | string)[] }
/** A record on a disk; `settled` marks one that settles something. */
export interface Written { epoch: number; word: string; forced: "yes" | "no" | "lost"; at: number; settled: boolean }
export interface Phase { names: Says[]; states: ("done" | "now" | "next" | "failed")[]; epoch: number }
export interface NodeFrame {
  id: number; name: string; role: string; status: Status;
  /** The place of its group, where machines have one role each. */
  group: number | null;
  authority: "follows" | "asks" | "commands";
  epoch: { label: string; value: number; hue: number };
  /** The number that is written on it, where that is not the epoch's. */
  mark: number | null;
  timer: TimerFrame | null; timers: TimerFrame[];
  tally: Tally | null;
  /** The tally that it last won; null when it has won none since it was started. */
  won: Won | null;
  fields: Field[]; strips: { id: string; /** Copies that should agree, each its own, or each its own of one cell. */ kind: "agree" | "own" | "single"; cells: Cell[] }[];
  /** `rate` against true time: 0 is true, 0.2 is 20 % fast. */
  clock: { offset: number; rate: number };
  /** Its next handler that sends more than this is cut short behind so many sends, and the node crashes; null when none is. */
  crashAfter: number | null;
  /** What is on its way to its disk, and the timer with which it goes on when that is safe. */
  writes: { timer: string; from: number; until: number }[];
  says: Says;
  /** These are left out where a protocol has none. */
  state?: State; badges?: Badge[]; registers?: Register[]; disk?: Written[]; phase?: Phase;
}
export interface MessageFrame {
  id: number;
  /** A node by number, a client by name. */
  from: number | string; to: number | string;
  kind: string; reply: boolean; tone: Tone; epoch: number; sent: number; arrives: number;
  fate: Fate;
  /**
   * When its arrival was last changed on its way: at `at` it had come `u` (0 to 1) of it. From there it goes on evenly to
   * arrive at `arrives`; while it is held, it stands there.
   */
  moved: { at: number; u: number } | null;
  ended: number | null; copyOf: number | null; delayedUntil: number | null; quiet: boolean;
  fields: Field[]; says: Says;
}
export interface ClientFrame {
  id: number; name: string; operation: string; state: "waiting" | "ok" | "failed" | "unknown";
  /** The node that it asks. */
  from: number; since: number; finished: number | null; answer: string | null; /** How it reads. */ answered: Says | null; serial: number;
  /** What follows is null where clients are the engine's own, and not machines that the protocol brings. */
  status: "up" | "paused" | null;
  clock: { offset: number; rate: number } | null;
  timer: TimerFrame | null; timers: TimerFrame[] | null;
  /** Whom it has heard of, and how many it waits for. */
  tally: Tally | null;
  /** One fact about it; of the engine's own clients what it keeps of its answers, where it keeps anything. */
  says: Says | null;
}
/** A set of nodes that somebody waits for, or waited for last. */
export interface SetFrame {
  id: string; label: Says; members: number[]; epoch: number | null;
  /** Whose it is, if it is a client's. */
  client: string | null;
  kind: "write" | "read" | "quorum" | "certificate";
}

export interface Trace {
  seq: number; time: number; node: number | null;
  what: "deliver" | "timer" | "input" | "lost" | "rule" | "violation";
  rule: string | null; message: number | null;
  /** The record that made this one happen. */
  cause: number | null;
  epoch: number; says: Says;
}
export interface Violation { invariant: string; time: number; seq: number; nodes: number[]; says: Says; /** What it rests on and had been broken before. */ beyond: Assumption[] }
export interface Branch { id: number; from: number; end: number; current: boolean }
export type Condition = { rule: string } | { role: string } | { violation: true };

/**
 * Rows of numbers in views of the module's memory; read them before the next call.
 * changes: time, node, status (0 up, 1 crashed, 2 paused, 3 gone), role, epoch.
 * flights: id, from, to, kind, tone, quiet, epoch, sent, arrives, ended, lost (0 no, 1 network, 2 cut, 3 down, 4 dropped);
 * clients are numbered down from -1.
 * marks, over the whole run: time, row, glyph (0 open, 1 solid, 2 cell), epoch, number, node.
 */
/** The spans are left out where a protocol has none. */
export interface Diagram extends Spans { changes: Float64Array; flights: Float64Array; marks: Float64Array }
export interface Spans { windows?: Stretch[]; waits?: Stretch[]; writes?: Stretch[]; phases?: Stretch[]; moments?: Moment[] }
/** At a node, in ms; without an end while it lasts. */
export interface Stretch { node: number; from: number; until: number | null; word?: Says; epoch?: number | null }
export interface Moment { time: number; node: number | null; word: Says; kind: string }
/** Views of the module's memory; read them before the next call. flights: from, to, part of the way. */
export interface Swarm { count: number; state: Uint8Array; /** 65535: none. */ mark: Uint16Array; x: Float32Array; y: Float32Array; flights: Float32Array }

export interface Protocol {
  id: string; name: Says; summary: Says; family: string; source: string; rulesVersion: number;
  roles: { id: string; name: Says; authority: "follows" | "asks" | "commands"; shape: string; crest: boolean }[];
  /** `max` is 0 where only groups are possible. */
  nodes: { min: number; default: number; max: number; groups: { id: string; name: Says; min: number; default: number; max: number }[] };
  epoch: { label: Says; named: Says };
  quorum: { can: Says; cannot: Says };
  rows: { id: string; name: Says }[];
  /** What `frame().swarm` counts; a share is a part of the first total. */
  totals: { id: string; name: Says; share: boolean; compared: boolean; newest: boolean }[];
  /** What a node's mark says, where nodes can be arranged by it. */
  mark: Says | null;
  options: OptionSpec[];
  /** Groups and options that a lab has on its desk, by their ids, each at most as great as another where one is named. */
  desk: { title: Says; controls: { id: string; atMost: string | null; /** Short words for its choices, or for no and yes. */ short: Says[] }[] } | null;
  /** Charts of many trials, as `Simulation.odds` counts them; `share` is of the trials, otherwise it is a mean. */
  odds: { id: string; title: Says; says: Says; along: Says; up: Says; share: boolean }[];
  operations: { id: string; example: string; says: Says }[];
  messages: { id: string; name: Says; reply: boolean }[];
  timers: { id: string; name: Says; ring: boolean }[];
  rules: { id: string; section: string; title: Says; mark: number | null }[];
  /** `rule` is what is taken away, `title` what is done instead. */
  mutants: { id: string; rule: Says; title: Says; says: Says; breaks: string; source: string }[];
  invariants: { id: string; title: Says; says: Says; source: string }[];
  /** What promises may rest on. */
  assumptions: { id: Assumption; name: Says }[];
  /** Places that are ready to be chosen. */
  places: PlacePreset[];
  layout: string; membership: boolean;
  /** A disk keeps only what was forced, and `disk` in a configuration says how long that takes. */
  forced: boolean;
  /** Its clients are machines of their own: they have clocks, may be paused, and keep what they know over their commands. */
  clients: boolean;
  /** Its times are of seconds, so that a run is watched in real time. */
  seconds: boolean; lessons: { id: string; title: Says }[];
  /** Runs that are ready to be looked at. */
  starts: Start[];
  /** What options cost and bring: charts that are measured by running the protocol. */
  sweeps: Sweep[];
}
/** An option at several values, in ms where it is a time. Lines with one axis share it. */
export interface Sweep {
  id: string; title: Says; says: Says; option: string; values: number[];
  usual: { from: number; to: number; says: Says } | null;
  lines: SweepLine[];
}
/** Inputs first, then acts so many times, ms apart on average. `rate` is of rules a second, while it acts or for so many
 * times the value; `until` is s from the last input until the rule fires. */
export interface SweepLine {
  id: string; name: Says; axis: Says; config: Config; inputs: { time: number; text: string }[];
  acts: { text: string; count: number; apart: number } | null;
  measure: "rate" | "until"; rules: string[]; times: number; theory: number[] | null;
}
export interface Start { id: string; title: Says; says: Says; config: Config; inputs: { time: number; text: string }[] }
/** `side` is there where an input is for one side only. */
export interface Comparison {
  id: string; title: Says; says: Says; sides: [Config, Config];
  inputs: { time: number; text: string; side?: 0 | 1 }[];
}
/** What a reader is shown of a lesson, but for the words of its steps. */
export interface LessonPlan {
  id: string; protocol: string; title: Says; summary: Says; notes: Says[];
  /** The first step of the second run, in a lesson that runs without a rule first. */
  turn: number | null;
  steps: {
    id: string; name: Says; focus: string[];
    /** Wall ms that the step takes to play, where it does not follow from its span. */
    lasts: number | null;
    tryIt: Says | null;
    /** `broken` is a rule to break in this run (see `Lesson.broken`); `to` breaks it in another. */
    link: { to: string; broken: string | null; says: Says } | null;
    /** `why` is said of a wrong answer; `shows`: `Lesson.future` has a run that makes it true. */
    ask: { says: Says; answers: (Says & { why: Says | null; shows: boolean })[] } | null;
    task: { says: Says; most: number; allow: string[]; within: number; hint: Says | null } | null;
  }[];
}
/** When a step begins and ends in the run of the story, and its words. */
/** `then` is told from the moment `told` on. */
export interface LessonMark { from: number; until: number; say: Says; then: Says | null; told: number; more: Says | null }
/** `faulty` are the tools that are faults. `stars`: three up to so many moves, two up to so many. `from` and `within` in ms. `solution` is a recording. */
export interface ChallengePlan {
  id: string; protocol: string; title: Says; sentence: Says; hint: Says; watch: Says;
  tools: string[]; faulty: string[]; faults: number; moves: number; stars: [number, number]; from: number; within: number;
  objectives: { says: Says; faults: number | null; extra: boolean }[];
  best: { moves: number; faults: number }; solution: string;
}
/** `met` are the first of the objectives, each with when it was met; `now` says how the next one stands. */
export interface ChallengeState {
  met: { time: number; says: Says | null; moves: number; faults: number }[]; now: Says | null;
  moves: number; faults: number; over: "faults" | "moves" | "tools" | "time" | null; stars: number; behind: boolean;
}
export interface OptionSpec {
  id: string; label: Says; says: Says; default: OptionValue; type: "flag" | "count" | "time" | "range" | "choice";
  min?: number; max?: number; unit?: "ms"; choices?: { id: string; says: Says }[];
}

/** Which states were seen together: each pair when first, and at which nodes. */
export type Together = {
  states: { id: string; word: Says; settled: boolean | null }[];
  pairs: { states: [string, string]; time: number; nodes: [number, number] }[];
};

/** What a key can hold; null is nothing: never written, or deleted. Numbers are compared to the millionth. */
export type Held = number | string | boolean | null;
/**
 * One operation of a client, which does one at a time. Times are ms; `answer` is null while it is open: then it may
 * happen at any time after its call, or never, and `result` is null. A result "unknown" says the same of what was given
 * up, "failed" that it surely has not happened (neither of a get: leave its `answer` null).
 */
export type Operation = {
  client: string | number; key: string | number; call: number; answer: number | null;
  node?: string | number | null; version?: unknown;
} & (
  | { kind: "put"; value: Held; result: "ok" | "failed" | "unknown" | null }
  | { kind: "get"; value?: null; result: Held }
  /** Counts from 0; the result is the sum. */
  | { kind: "add"; value: number; result: number | "failed" | "unknown" | null }
  /** The value is from and to; the result is whether it swapped. */
  | { kind: "cas"; value: [Held, Held]; result: boolean | "failed" | "unknown" | null }
  | { kind: "delete"; value?: null; result: "ok" | "failed" | "unknown" | null }
);
export type Level =
  | "linearizable" | "sequential" | "causal" | "pram"
  | "read-your-writes" | "monotonic-reads" | "monotonic-writes" | "writes-follow-reads";
/** What is to be said of one level. Operations are meant by their place in the history. */
export interface Verdict {
  /** null: it was not found within the steps that a search may take. */
  holds: boolean | null;
  /** It holds since there is nothing to test. */
  vacuous: boolean;
  /**
   * If it holds: an order that shows it, null where there is not one for all clients. Of the last four levels it is the
   * order of writes, with each read that was tested behind the write that it was told.
   */
  order: number[] | null;
  /** If it holds and is causal or pram: an order for each client, of its own operations and all writes. */
  views: { client: string; order: number[] }[];
  /** If it does not hold: operations that show it, none of which can be spared. */
  witnesses: number[];
}
/** Whether a level is promised to clients: why, on what assumptions, and which of those are broken by now. */
export interface PromisedLevel {
  level: Level; promised: boolean; because: Says; assumes: string[]; beyond: string[];
}
export type Judgement = Record<Level, Verdict>;

/** What is thrown: an Error whose name is "SynodError". */
export interface SynodError extends Error {
  code: "unknown-protocol" | "unknown-node" | "bad-input" | "bad-config" | "bad-recording" | "not-now" | "too-large";
  /** What the sentence speaks of: names and numbers, lists of what would be right, words in both languages. */
  fields: Record<string, unknown>;
  /** The sentence in both languages; `message` is the English one. */
  says: Says;
}
