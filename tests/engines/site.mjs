// The built site as the three engines see it: every page bears a watch that writes down what went wrong in it and what
// was handed to the reader as a file. WebDriver has no other way to tell.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const KINDS = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

/** Runs in the page, before anything of it. */
function watch() {
  const wrong = [];
  const handed = [];
  Object.assign(window, { watched: { wrong, handed } });
  const lost = (event) => event.target?.src ?? event.target?.href;
  window.addEventListener("error", (event) => wrong.push(event.message ?? `not loaded: ${lost(event)}`), true);
  window.addEventListener("unhandledrejection", (event) => wrong.push(`unhandled: ${event.reason}`));
  document.addEventListener("securitypolicyviolation", (event) =>
    wrong.push(`against the policy: ${event.violatedDirective} ${event.blockedURI}`),
  );
  const log = console.error.bind(console);
  console.error = (...all) => {
    wrong.push(all.map(String).join(" "));
    log(...all);
  };
  const make = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    const url = make(blob);
    handed.push({ blob, type: blob.type, size: blob.size });
    return url;
  };
}

const WATCH = "/watch.js";
const withWatch = (html) => html.replace(/<head>|<meta charset="utf-8">/i, `$&<script src="${WATCH}"></script>`);

async function answer(folder, pages, path) {
  if (path === WATCH) return `(${watch})();`;
  const html = pages[path] ?? (path.endsWith(".html") && (await readFile(join(folder, path), "utf8")));
  return html ? withWatch(html) : readFile(join(folder, path));
}

/**
 * A folder of what was built, and pages of one's own, on a port of their own.
 * @param {{ folder?: string, pages?: Record<string, string> }} [what]
 */
export async function serve({ folder = "", pages = {} } = {}) {
  const missed = [];
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    try {
      const body = await answer(join(DIST, folder), pages, path);
      const kind = path in pages ? KINDS[".html"] : (KINDS[extname(path)] ?? "application/octet-stream");
      response.writeHead(200, { "Content-Type": kind }).end(body);
    } catch {
      if (path !== "/favicon.ico") missed.push(path);
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    /** What was asked for and is not there. */
    missed,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
