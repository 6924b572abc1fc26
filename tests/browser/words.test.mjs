// Both languages say the same things.
import assert from "node:assert/strict";
import { test } from "node:test";
import en from "../../www/words/en.js";
import zh from "../../www/words/zh.js";

const holes = (text) => (text.match(/\{\w+\}/g) ?? []).sort();

test("the same keys and the same placeholders", () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en)) {
    if (key === "differ-one" || key === "side-can") continue;
    assert.deepEqual(holes(zh[key]), holes(en[key]), key);
  }
});
