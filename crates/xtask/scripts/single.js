// What follows the imports in the single file: its assets are in it, and nothing is fetched.

const script = document.currentScript;
const by = WebAssembly.compile(unpacker);
const assets = {
  home: new URL(".", script instanceof HTMLScriptElement && script.src ? script.src : document.baseURI),
  moduleBytes: async (_name, asked) =>
    asked ? new Uint8Array(await (await fetch(asked)).arrayBuffer()) : by.then((by) => unpack(packed, by)),
  lessonData: async (id) => {
    const lessons = JSON.parse(new TextDecoder().decode(await unpack(told, await by)));
    if (!Object.hasOwn(lessons, id))
      throw new Error(`this file has no lesson called ${id}; it has ${Object.keys(lessons).join(", ")}`);
    return lessons[id];
  },
  // A single file has no challenges: they are of the site.
  challengeData: async (id) => {
    throw new Error(`this file has no challenge called ${id}; element.js has all of the site's`);
  },
  challengePlay: async () => {
    throw new Error("this file has no challenges; element.js has them");
  },
  historyView: async () => {
    if (view) return view;
    throw new Error("this file has no history view; synod-stage.js and element.js have it");
  },
  judged,
  bindings: async () => glue,
  whole: true,
};
globalThis.SynodStage = define(assets, scoped(tokens, figure));
