//! Builds the site, serves it, and builds it again when something changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use notify::{RecursiveMode, Watcher};
use tiny_http::{Header, Request, Response, Server};

use crate::data::{self, Catalog};
use crate::setup::root;
use crate::{build, judge, modules};

/// How often the site was built; pages wait for it to rise.
type Version = Arc<(Mutex<u64>, Condvar)>;

const RELOAD: &str = "(async () => { for (let v = -1; ;) {
  const next = await fetch('/__reload?' + v).then((r) => r.text()).catch(() => null);
  if (next === null) await new Promise((wait) => setTimeout(wait, 1000));
  else if (v >= 0 && +next > v) return location.reload();
  else v = +next;
} })();";

pub fn serve(port: Option<&str>) -> Result<()> {
    let port = port.map(|port| port.parse().map_err(|_| anyhow!("{port} is no port"))).transpose()?;
    let began = Instant::now();
    let dist = root().join("target/serve");
    all(&dist)?;
    println!(
        "ready after {:.1} s: the whole module alone, unpacked, as compiled in a hurry.",
        began.elapsed().as_secs_f32()
    );
    println!("The packed modules and the element are made by cargo xtask build.");
    let server = Server::http(("127.0.0.1", port.unwrap_or(8080)))
        .or_else(|_| Server::http(("127.0.0.1", 0)))
        .map_err(|error| anyhow!("no port to serve on: {error}"))?;
    println!("http://{}/lab.html", server.server_addr());
    let version: Version = Arc::default();
    let (watched, folder) = (version.clone(), dist.clone());
    std::thread::spawn(move || watch(&watched, &folder));
    for request in server.incoming_requests() {
        let (dist, version) = (dist.clone(), version.clone());
        std::thread::spawn(move || answer(request, &dist, &version));
    }
    Ok(())
}

/// Builds what is served. The data come second, where a compiler's error is said once.
fn all(dist: &Path) -> Result<()> {
    modules::quickly(dist)?;
    judge::build(&dist.join("pkg"), false)?;
    build::plain(dist, &data::write(dist)?)
}

fn watch(version: &Version, dist: &Path) {
    let (tell, told) = mpsc::channel();
    let Ok(mut watcher) = notify::recommended_watcher(tell) else {
        return;
    };
    for folder in ["www", "crates"] {
        if watcher.watch(&root().join(folder), RecursiveMode::Recursive).is_err() {
            eprintln!("changes in {folder} are not watched");
        }
    }
    while let Ok(first) = told.recv() {
        let began = Instant::now();
        let mut paths = changed(first);
        // An editor writes a file in several strokes.
        while let Ok(more) = told.recv_timeout(Duration::from_millis(200)) {
            paths.extend(changed(more));
        }
        if paths.is_empty() {
            continue;
        }
        match again(&paths, dist) {
            Ok(()) => {
                println!("changed: built again in {:.1} s", began.elapsed().as_secs_f32());
                if let Ok(mut count) = version.0.lock() {
                    *count += 1;
                    version.1.notify_all();
                }
            }
            Err(error) => eprintln!("{error:#}"),
        }
    }
}

/// Builds what has changed: the page is copied, a lesson is data, and all else is compiled.
fn again(paths: &[PathBuf], dist: &Path) -> Result<()> {
    let is_page = |path: &PathBuf| path.starts_with(root().join("www"));
    let ends = |path: &PathBuf, with: &str| path.extension().is_some_and(|end| end == with);
    let is_data = |path: &PathBuf| ends(path, "toml") && !path.ends_with("Cargo.toml");
    // Pages are written with the data.
    if paths.iter().all(|path| is_page(path) && !ends(path, "html")) {
        build::plain(dist, &Catalog::read(dist)?)
    } else if paths.iter().all(|path| is_page(path) || is_data(path)) {
        build::plain(dist, &data::write(dist)?)
    } else {
        all(dist)
    }
}

/// What an event changed. Reading a file is an event too, and building reads them all.
fn changed(event: notify::Result<notify::Event>) -> Vec<PathBuf> {
    event.ok().filter(|event| !event.kind.is_access()).map(|event| event.paths).unwrap_or_default()
}

fn answer(request: Request, dist: &Path, version: &Version) {
    let path = request.url().split(['?', '#']).next().unwrap_or("/").to_string();
    // A reader who goes away in the middle is no concern of ours.
    let _ = match path.as_str() {
        "/__reload.js" => request.respond(text(RELOAD.into(), "text/javascript")),
        "/__reload" => {
            let seen: i64 = request.url().split('?').nth(1).and_then(|seen| seen.parse().ok()).unwrap_or(-1);
            request.respond(text(wait(version, seen), "text/plain"))
        }
        path => file(request, dist, path),
    };
}

/// Waits until the site was built again, or half a minute.
fn wait(version: &Version, seen: i64) -> String {
    let Ok(count) = version.0.lock() else {
        return "0".into();
    };
    let same = |count: &mut u64| *count as i64 <= seen;
    match version.1.wait_timeout_while(count, Duration::from_secs(30), same) {
        Ok((count, _)) => count.to_string(),
        Err(_) => "0".into(),
    }
}

fn file(request: Request, dist: &Path, path: &str) -> std::io::Result<()> {
    let name = if path.ends_with('/') { format!("{path}index.html") } else { path.to_string() };
    let wanted = dist.join(name.trim_start_matches('/'));
    let inside = wanted.canonicalize().ok().zip(dist.canonicalize().ok()).filter(|(file, dist)| file.starts_with(dist));
    let Some(bytes) = inside.and_then(|(file, _)| fs::read(file).ok()) else {
        return request.respond(text("There is no such page.".into(), "text/plain").with_status_code(404));
    };
    let kind = match wanted.extension().and_then(|end| end.to_str()) {
        Some("html") => {
            let page =
                String::from_utf8_lossy(&bytes).replace("</body>", "<script src=\"/__reload.js\"></script></body>");
            return request.respond(text(page, "text/html; charset=utf-8"));
        }
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    request.respond(
        Response::from_data(bytes)
            .with_header(header("Content-Type", kind))
            .with_header(header("Cache-Control", "no-cache")),
    )
}

fn text(body: String, kind: &str) -> Response<std::io::Cursor<Vec<u8>>> {
    Response::from_string(body)
        .with_header(header("Content-Type", kind))
        .with_header(header("Cache-Control", "no-store"))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).unwrap_or_else(|()| panic!("{name}: {value} is no header"))
}
