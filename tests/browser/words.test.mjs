// Both languages say the same things.
import assert from "node:assert/strict";
import { test } from "node:test";
import challenge from "../../www/words/challenge.js";
import en from "../../www/words/en.js";
import homeEn from "../../www/words/home-en.js";
import homeZh from "../../www/words/home-zh.js";
import futures from "../../www/words/futures.js";
import labEn from "../../www/words/lab-en.js";
import labZh from "../../www/words/lab-zh.js";
import moreEn from "../../www/words/site-en.js";
import moreZh from "../../www/words/site-zh.js";
import present from "../../www/words/present.js";
import terms from "../../www/words/terms.js";
import zh from "../../www/words/zh.js";

const holes = (text) => (text.match(/\{\w+\}/g) ?? []).sort();

for (const [name, left, right] of [
  ["the stage", en, zh],
  ["the site", moreEn, moreZh],
  ["the lab", labEn, labZh],
  ["futures", futures.en, futures.zh],
  ["challenges", challenge.en, challenge.zh],
  ["terms", terms.en, terms.zh],
  ["a deck", present.en, present.zh],
  ["home", homeEn, homeZh],
]) {
  test(`${name}: the same keys and the same placeholders`, () => {
    assert.deepEqual(Object.keys(right).sort(), Object.keys(left).sort());
    for (const key of Object.keys(left)) {
      if (key === "differ-one" || key === "side-can") continue;
      assert.deepEqual(holes(right[key]), holes(left[key]), key);
    }
  });
}

test("no key is said twice", () => {
  assert.deepEqual(
    [en, moreEn, labEn, homeEn].flatMap(Object.keys).filter((key, at, all) => all.indexOf(key) !== at),
    [],
  );
});
