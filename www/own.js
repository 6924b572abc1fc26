// "In your own pages": builds the snippet from what one sees, and says where to put it.

import "./icons-page.js";
import { h, setText } from "./dom.js";
import { addressWords } from "./link.js";
import { copyText } from "./share.js";
import { failed, fetched, listed, settle, skipLink, toaster } from "./shell.js";
import { buildTop } from "./top.js";
import { language, read, say } from "./words.js";

/** @import { Course } from "./reading/courses.js" */

const lines = (/** @type {string[]} */ ...all) => all.join("\n");

/** Settings that were tried, by the names of the tools. */
const PLACES = [
  ["HTML", lines('<script type="module" src="synod/element.js"></script>', "", "{tag}")],
  [
    "mdBook",
    lines(
      "# book.toml",
      "[output.html]",
      'additional-js = ["theme/synod.js"]',
      "",
      "// theme/synod.js, with the folder in src/synod/",
      'import(new URL("synod/element.js", new URL(path_to_root || "./", location.href)).href);',
      "",
      "<!-- in a chapter -->",
      "{tag}",
    ),
  ],
  [
    "MkDocs",
    lines(
      "# mkdocs.yml, with the folder in docs/synod/",
      "extra_javascript:",
      "  - path: synod/element.js",
      "    type: module",
      "",
      "<!-- in a page -->",
      "{tag}",
    ),
  ],
  [
    "VitePress",
    lines(
      "// .vitepress/config.js, with the folder in docs/public/synod/",
      "export default {",
      '  head: [["script", { type: "module", src: "/synod/element.js" }]],',
      '  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "synod-stage" } } },',
      "};",
      "",
      "<!-- in a page -->",
      "{tag}",
    ),
  ],
  [
    "Docusaurus",
    lines(
      "// docusaurus.config.js, with the folder in static/synod/",
      'scripts: [{ src: "/synod/element.js", type: "module" }],',
      "",
      "<!-- in a page -->",
      "{tag}",
    ),
  ],
  ["Reveal", lines('<script type="module" src="synod/element.js"></script>', "", "<section>", "  {tag}", "</section>")],
];

main();

async function main() {
  await settle(["site", "home"]);
  try {
    build(/** @type {Course[]} */ (await fetched("lessons/index.json")));
  } catch (error) {
    failed(error);
  }
}

/** @param {Course[]} courses */
function build(courses) {
  const every = courses.flatMap((course) => course.lessons);
  const show = () => write(form, out);
  const form = buildForm(show);
  const spoken = h("div", { class: "seen-not", role: "status", "aria-live": "polite" });
  const told = (/** @type {string} */ words) => toast(words);
  const out = {
    frame: h("iframe", { title: "Synod", loading: "lazy" }),
    module: code("own-element-code", told),
    single: code("own-single-code", told),
    framed: code("own-frame-code", told),
    places: PLACES.map(([name, text]) => ({ name, text, code: code(`own-${name}`, told) })),
  };
  const top = buildTop(() => {
    document.title = say("own-title");
    fill(form, courses);
    top.update();
    show();
  });
  const part = (/** @type {string} */ word, /** @type {ReturnType<typeof code>} */ one) =>
    h("section", {}, h("h2", { "data-word": word }), h("p", { "data-word": `${word}-says` }), one.element);
  const where = out.places.map((place) => h("details", {}, h("summary", {}, place.name), place.code.element));
  const main = h(
    "main",
    { class: "own", id: "main" },
    h("h1", { "data-word": "own-head" }),
    h("p", { class: "lead", "data-word": "own-lead" }),
    h("div", { class: "own-build" }, form.element, h("div", { class: "own-preview" }, out.frame)),
    part("own-element", out.module),
    part("own-single", out.single),
    part("own-frame", out.framed),
    h("p", { "data-word": "own-style" }),
    h("section", {}, h("h2", { "data-word": "own-where" }), h("p", { "data-word": "own-tried" }), ...where),
  );
  document.getElementById("app")?.replaceChildren(skipLink("#main"), top.element, main, spoken);
  const toast = toaster(main, spoken);
  top.redress();
  ask(form, every, toast);
  show();
}

/** @typedef {ReturnType<typeof buildForm>} Form */

/** What can be chosen of a stage. @param {() => void} show */
function buildForm(show) {
  const select = (/** @type {string} */ id, /** @type {string[]} */ values) =>
    h("select", { id, onchange: show }, ...values.map((value) => h("option", { value })));
  const size = { min: 240, max: 1200, step: 20, value: USUAL };
  const given = {
    what: select("own-what", []),
    theme: select("own-theme", ["auto", "light", "dark"]),
    lang: select("own-lang", ["page", "en", "zh"]),
    controls: select("own-controls", ["full", "few", "none"]),
    height: h("input", { type: "number", id: "own-height", ...size, onchange: show }),
    play: h("input", { type: "checkbox", id: "own-play", onchange: show }),
  };
  const rows = Object.entries(given).map(([word, control]) =>
    h("label", { class: "own-row" }, h("span", { "data-word": `own-${word}` }), control),
  );
  return { ...given, element: h("form", {}, ...rows) };
}

/**
 * What the address asks for; what is asked for in vain is told.
 * @param {Form} form
 * @param {Course["lessons"]} every
 * @param {(words: string) => void} told
 */
function ask({ what }, every, told) {
  const words = addressWords();
  const [lesson, protocol] = [words.get("lesson"), words.get("protocol")];
  if (lesson && every.some((one) => one.id === lesson)) what.value = `lesson:${lesson}`;
  else if (lesson) told(say("no-lesson", { id: lesson }));
  const ids = listed().map((one) => one.id);
  if (protocol && ids.includes(protocol)) what.value = `protocol:${protocol}`;
  else if (protocol) told(say("no-protocol", { id: protocol, ids: ids.join(", ") }));
}

/** The choices, in the reader's language. @param {Form} form @param {Course[]} courses */
function fill({ what, theme, lang, controls }, courses) {
  const before = what.value;
  const lesson = (/** @type {Course["lessons"][number]} */ one) =>
    h("option", { value: `lesson:${one.id}` }, read(one.title));
  const free = listed().map((one) =>
    h("option", { value: `protocol:${one.id}` }, say("own-free", { name: read(one.name) })),
  );
  what.replaceChildren(
    ...courses.map((course) => h("optgroup", { label: read(course.title) }, ...course.lessons.map(lesson))),
    h("optgroup", { label: say("protocols") }, ...free),
  );
  if (before) what.value = before;
  for (const select of [theme, lang, controls])
    for (const option of select.options) setText(option, OWN_NAMES[option.value] ?? say(`own-${option.value}`));
}

/** Languages are called by their own names. @type {Record<string, string>} */
const OWN_NAMES = { en: "English", zh: "中文" };
/** How high a stage is by itself. */
const USUAL = 420;

/** @typedef {{ set: (words: string) => void }} Code */

/**
 * Writes what was chosen as snippets, and shows it.
 * @param {Form} form
 * @param {{ frame: HTMLIFrameElement, module: Code, single: Code, framed: Code, places: { text: string, code: Code
 *   }[] }} out
 */
function write({ what, theme, lang, controls, height, play }, out) {
  const [kind, id] = split(what.value);
  const tall = Number(height.value) || USUAL;
  const wish = {
    protocol: kind === "protocol" ? id : null,
    lesson: kind === "lesson" ? id : null,
    theme: theme.value === "auto" ? null : theme.value,
    lang: lang.value === "page" ? null : lang.value,
    controls: controls.value === "full" ? null : controls.value,
  };
  const given = Object.entries(wish).filter(([, value]) => value !== null);
  const attributes = given.map(([key, value]) => ` ${key}="${value}"`).join("") + (play.checked ? " autoplay" : "");
  const style = tall === USUAL ? "" : ` style="height:${tall}px"`;
  const tag = `<synod-stage${attributes}${style}></synod-stage>`;
  const words = [...given.map(([key, value]) => `${key}=${value}`), ...(play.checked ? ["autoplay=1"] : [])];
  const address = `embed.html#${words.join("&")}`;
  out.module.set(`<script type="module" src="synod/element.js"></script>\n${tag}`);
  // A protocol with its own course is one file, a third smaller than that of all.
  const alone = listed().find((one) => one.id === (kind === "lesson" ? id.split("/")[0] : id));
  out.single.set(`<script src="synod/synod-stage${alone ? `-${alone.id}` : ""}.js"></script>\n${tag}`);
  const src = new URL(address, location.href).href;
  const frame = `width="640" height="${tall}" style="border:0" title="Synod" loading="lazy"`;
  out.framed.set(`<iframe src="${src}" ${frame}></iframe>`);
  for (const place of out.places) place.code.set(place.text.replace("{tag}", tag));
  out.frame.height = String(tall);
  const here = [
    ...(wish.lang ? [] : [`lang=${language()}`]),
    ...(wish.theme ? [] : [`theme=${document.documentElement.dataset.theme}`]),
  ];
  const shown = [address, ...here].join("&");
  if (out.frame.getAttribute("src") !== shown) out.frame.src = shown;
}

/** @param {string} value */
const split = (value) => {
  const at = value.indexOf(":");
  return [value.slice(0, at), value.slice(at + 1)];
};

/** A snippet that can be taken along. @param {string} id @param {(words: string) => void} told */
function code(id, told) {
  const text = h("code", { id });
  const copy = () => {
    getSelection()?.selectAllChildren(text);
    copyText(text.textContent ?? "", told);
  };
  const button = h("button", { class: "btn quiet", type: "button", "data-word": "own-copy", onclick: copy });
  return {
    element: h("div", { class: "snippet" }, button, h("pre", { tabindex: "0" }, text)),
    set: (/** @type {string} */ words) => setText(text, words),
  };
}
