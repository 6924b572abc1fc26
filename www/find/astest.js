// The run that was found as a test in Rust, which a developer puts into `tests/`: its configuration and inputs as a
// script, its steps as comments, and that the property breaks.

import { openWords } from "../link.js";
import { asTest as scripted } from "../script.js";
import { foundBy } from "./model.js";

/** @import { Find } from "./model.js" */

/** @param {Find} find */
export function asTest(find) {
  const found = foundBy(find);
  const last = found?.steps.at(-1);
  if (!found || !last) return "";
  const { sim } = openWords(new URLSearchParams({ run: found.recording }), find.lab.protocol.id);
  sim.seek(last.frame.now);
  const [text, { mutants }] = [scripted(sim), sim.config];
  sim.free();
  const steps = found.steps.map(({ text: { en } }, at) => `// ${String(at + 1).padStart(2)} ${en}`);
  const without = mutants.length ? `, without ${mutants.join(", ")}` : "";
  const about = `// ${find.lab.protocol.id}${without}${found.invariant ? ` breaks ${found.invariant}` : ""}:`;
  const name = `${found.invariant ?? "condition"}_${found.invariant ? "breaks" : "is_met"}`.replaceAll("-", "_");
  const named = text.replace("fn a_run()", `fn ${name}()`);
  return `${[about, ...steps].join("\n")}\n${found.invariant ? asserting(named, found.invariant) : named}`;
}

/**
 * Such a test says what it is for, and not only that the run is the same.
 * @param {string} text @param {string} invariant
 */
const asserting = (text, invariant) =>
  text.replace(
    /( *)assert_eq!\(s\.fingerprint.*\n/,
    (_, space) => `${space}assert!(s.violations().contains(&${JSON.stringify(invariant)}.to_string()));\n`,
  );
