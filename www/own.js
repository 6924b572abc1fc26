// "In your own pages": builds the snippet from what one sees, and says where to put it.

import { h, setText } from "./dom.js";
import { failed, fetched, listed, settle } from "./shell.js";
import { buildTop } from "./top.js";
import { language, read, say } from "./words.js";

/** Settings that were tried, by the names of the tools. */
const PLACES = [
  ["HTML", '<script type="module" src="synod/element.js"></script>\n\n{tag}'],
  [
    "mdBook",
    '# book.toml\n[output.html]\nadditional-js = ["theme/synod.js"]\n\n// theme/synod.js, with the folder in src/synod/\nimport(new URL("synod/element.js", new URL(path_to_root || "./", location.href)).href);\n\n<!-- in a chapter -->\n{tag}',
  ],
  [
    "MkDocs",
    "# mkdocs.yml, with the folder in docs/synod/\nextra_javascript:\n  - path: synod/element.js\n    type: module\n\n<!-- in a page -->\n{tag}",
  ],
  [
    "VitePress",
    '// .vitepress/config.js, with the folder in docs/public/synod/\nexport default {\n  head: [["script", { type: "module", src: "/synod/element.js" }]],\n  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "synod-stage" } } },\n};\n\n<!-- in a page -->\n{tag}',
  ],
  [
    "Docusaurus",
    '// docusaurus.config.js, with the folder in static/synod/\nscripts: [{ src: "/synod/element.js", type: "module" }],\n\n<!-- in a page -->\n{tag}',
  ],
  ["Reveal", '<script type="module" src="synod/element.js"></script>\n\n<section>\n  {tag}\n</section>'],
];

main();

async function main() {
  await settle();
  try {
    build(/** @type {import("./home.js").Course[]} */ (await fetched("lessons/index.json")));
  } catch (error) {
    failed(error);
  }
}

/** @param {import("./home.js").Course[]} courses */
function build(courses) {
  const every = courses.flatMap((course) => course.lessons);
  const what = h("select", { id: "own-what", onchange: () => show() });
  const theme = pick("own-theme", ["auto", "light", "dark"], "own-");
  const lang = pick("own-lang", ["page", "en", "zh"], "own-");
  const controls = pick("own-controls", ["full", "few", "none"], "own-");
  const play = h("input", { type: "checkbox", id: "own-play", onchange: () => show() });
  const height = h("input", {
    type: "number",
    id: "own-height",
    min: 240,
    max: 1200,
    step: 20,
    value: 420,
    onchange: () => show(),
  });
  const frame = h("iframe", { title: "Synod", loading: "lazy" });
  const [module, single, framed] = [code("own-element-code"), code("own-single-code"), code("own-frame-code")];
  const places = PLACES.map(([name, text]) => ({ name, text, code: code(`own-${name}`) }));
  const redress = () => {
    document.title = say("own-title");
    fill();
    top.update();
    show();
  };
  const top = buildTop(redress);
  const row = (/** @type {string} */ word, /** @type {HTMLElement} */ control) =>
    h("label", { class: "own-row" }, h("span", { "data-word": word }), control);
  const part = (/** @type {string} */ word, /** @type {ReturnType<typeof code>} */ one) =>
    h("section", {}, h("h2", { "data-word": word }), h("p", { "data-word": `${word}-says` }), one.element);
  const main = h(
    "main",
    { class: "own" },
    h("h1", { "data-word": "own-head" }),
    h("p", { class: "lead", "data-word": "own-lead" }),
    h(
      "div",
      { class: "own-build" },
      h(
        "form",
        {},
        row("own-what", what),
        row("own-theme", theme),
        row("own-lang", lang),
        row("own-controls", controls),
        row("own-height", height),
        row("own-play", play),
      ),
      h("div", { class: "own-preview" }, frame),
    ),
    part("own-element", module),
    part("own-single", single),
    part("own-frame", framed),
    h("p", { "data-word": "own-style" }),
    h(
      "section",
      {},
      h("h2", { "data-word": "own-where" }),
      h("p", { "data-word": "own-tried" }),
      ...places.map((place) => h("details", {}, h("summary", {}, place.name), place.code.element)),
    ),
  );
  document.getElementById("app")?.replaceChildren(top.element, main);

  function fill() {
    const before = what.value || `lesson:${every[0]?.id ?? ""}`;
    what.replaceChildren(
      ...courses.map((course) =>
        h(
          "optgroup",
          { label: read(course.title) },
          ...course.lessons.map((lesson) => h("option", { value: `lesson:${lesson.id}` }, read(lesson.title))),
        ),
      ),
      h(
        "optgroup",
        { label: say("protocols") },
        ...listed().map((one) =>
          h("option", { value: `protocol:${one.id}` }, say("own-free", { name: read(one.name) })),
        ),
      ),
    );
    what.value = before;
    for (const [select, prefix] of /** @type {const} */ ([
      [theme, "own-"],
      [lang, "own-"],
      [controls, "own-"],
    ])) {
      for (const option of select.options)
        setText(
          option,
          option.value === "en" ? "English" : option.value === "zh" ? "中文" : say(prefix + option.value),
        );
    }
  }

  function show() {
    const [kind, id] = split(what.value);
    const words = Object.entries({
      protocol: kind === "protocol" ? id : null,
      lesson: kind === "lesson" ? id : null,
      theme: theme.value === "auto" ? null : theme.value,
      lang: lang.value === "page" ? null : lang.value,
      controls: controls.value === "full" ? null : controls.value,
    });
    const given = words.filter(([, value]) => value !== null);
    const attributes = given.map(([key, value]) => ` ${key}="${value}"`).join("") + (play.checked ? " autoplay" : "");
    const style = height.value === "420" ? "" : ` style="height:${Number(height.value) || 420}px"`;
    const tag = `<synod-stage${attributes}${style}></synod-stage>`;
    const address = `embed.html#${given.map(([key, value]) => `${key}=${value}`).join("&")}${play.checked ? "&autoplay=1" : ""}`;
    module.set(`<script type="module" src="synod/element.js"></script>\n${tag}`);
    // A protocol with its own course is one file, a third smaller than that of all.
    const alone = listed().find((one) => one.id === (kind === "lesson" ? id.split("/")[0] : id));
    single.set(`<script src="synod/synod-stage${alone ? `-${alone.id}` : ""}.js"></script>\n${tag}`);
    framed.set(
      `<iframe src="${new URL(address, location.href).href}" width="640" height="${Number(height.value) || 420}" style="border:0" title="Synod" loading="lazy"></iframe>`,
    );
    for (const place of places) place.code.set(place.text.replace("{tag}", tag));
    frame.height = String(Number(height.value) || 420);
    const shown = `${address}${lang.value === "page" ? `&lang=${language()}` : ""}${theme.value === "auto" ? `&theme=${document.documentElement.dataset.theme}` : ""}`;
    if (frame.getAttribute("src") !== shown) frame.src = shown;
  }

  /** @param {string} id @param {string[]} values @param {string} _prefix */
  function pick(id, values, _prefix) {
    return h("select", { id, onchange: () => show() }, ...values.map((value) => h("option", { value })));
  }
  redress();
}

/** @param {string} value */
const split = (value) => {
  const at = value.indexOf(":");
  return [value.slice(0, at), value.slice(at + 1)];
};

/** @param {string} id */
function code(id) {
  const text = h("code", { id });
  const button = h("button", {
    class: "btn quiet",
    type: "button",
    "data-word": "own-copy",
    onclick: async () => {
      try {
        await navigator.clipboard.writeText(text.textContent ?? "");
        setText(button, say("copied"));
      } catch {
        getSelection()?.selectAllChildren(text);
      }
    },
  });
  return {
    element: h("div", { class: "snippet" }, h("pre", { tabindex: "0" }, text), button),
    set: (/** @type {string} */ words) => setText(text, words),
  };
}
