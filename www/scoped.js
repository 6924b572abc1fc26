// The styles of the element: the theme on its own root, where a page may set each token as
// `--synod-<token>`.

/** @param {string} tokens @param {string} figure */
export function scoped(tokens, figure) {
  const own = tokens
    .replaceAll(":root", ".synod")
    .replace(/@font-face\{[^}]*\}/g, "")
    .replace("html:lang(zh)", ".synod:lang(zh)");
  const open = own.replace(/--([\w-]+):([^;}]+)/g, (_, name, value) => `--${name}:var(--synod-${name},${value})`);
  return `:host{display:block;height:420px;min-height:220px}:host([hidden]){display:none}\n${open}\n${figure}`;
}
