// Ten histories that tell the levels apart. Their names are among the words; what each level says of them is held by a
// test, as it is published (see the judge's own).

/** @typedef {{ id: string, levels: string, text: string }} Stock levels in the judge's order: Y if it holds */

/** @type {Stock[]} */
export const STOCK = [
  {
    id: "in-order",
    levels: "YYYYYYYY",
    text: "C1 10..70 put x 1\nC2 20..40 get x -> 1\nC2 55..90 get x -> 1",
  },
  {
    id: "stale-read",
    levels: "-YYYYYYY",
    text: "C1 10..30 put x 1\nC2 50..70 get x -> null\nC2 90..110 get x -> 1",
  },
  {
    id: "new-then-old",
    levels: "-YYYYYYY",
    text: [
      "C1 24..66 put x 1",
      "C1 300.. put x 2",
      "C2 92..130 get x -> 1",
      "C2 344..380 get x -> 2",
      "C3 150..190 get x -> 1",
      "C3 384..412 get x -> 1",
    ].join("\n"),
  },
  {
    id: "two-witnesses",
    levels: "--YYYYYY",
    text: [
      "C1 10..40 put x 1",
      "C2 14..44 put y 1",
      "C3 20..40 get x -> 1",
      "C3 60..80 get y -> null",
      "C4 24..44 get y -> 1",
      "C4 64..84 get x -> null",
    ].join("\n"),
  },
  {
    id: "store-buffer",
    levels: "--YYYYYY",
    text: "C1 10..30 put x 1\nC1 40..60 get y -> null\nC2 14..34 put y 1\nC2 44..64 get x -> null",
  },
  {
    id: "two-orders",
    levels: "--YYY-YY",
    text: [
      "C1 10..30 put x 1",
      "C2 14..34 put x 2",
      "C3 40..60 get x -> 1",
      "C3 70..90 get x -> 2",
      "C4 44..64 get x -> 2",
      "C4 74..94 get x -> 1",
    ].join("\n"),
  },
  {
    id: "answer-then-question",
    levels: "---YYYYY",
    text: [
      "C1 10..30 put x 1",
      "C2 40..60 get x -> 1",
      "C2 70..90 put y 1",
      "C3 100..120 get y -> 1",
      "C3 130..150 get x -> null",
    ].join("\n"),
  },
  {
    id: "own-writes-reversed",
    levels: "----YYYY",
    text: "C1 10..30 put x 1\nC1 40..60 put y 1\nC2 70..90 get y -> 1\nC2 100..120 get x -> null",
  },
  { id: "own-write-lost", levels: "-----YYY", text: "C1 10..30 put x 1\nC1 40..60 get x -> null" },
  {
    id: "time-travel",
    levels: "----Y-YY",
    text: "C1 10..30 put x 1\nC2 40..60 get x -> 1\nC2 70..90 get x -> null",
  },
];
/** What the page shows first. */
export const FIRST = STOCK[2];
