//! The pictures of previews: what a chat shows of a page. They are drawn by Chromium with the page's own code, and kept
//! in `target/pictures` by what they are made of. Where there is no Chromium, pages have none.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::key;
use crate::setup::{self, root, run};

/// Which of them are drawn: all, or as many as show that it works, the first page of each folder in each language.
#[derive(Clone, Copy, PartialEq)]
pub enum Which {
    All,
    Some,
}

/// What every picture is drawn with, beside the module of all protocols.
const DRAWN_WITH: [&str; 3] = ["www", "crates/xtask/scripts/picture", "crates/xtask/scripts/pictures.mjs"];
/// What a page says that has no picture yet, as `crates/site` writes it.
const NO_PICTURE: &str = r#"<meta name="twitter:card" content="summary">"#;
const SIZE: [(&str, u32); 2] = [("width", 1200), ("height", 630)];

struct Picture {
    /// The page that it stands for, below the site.
    page: String,
    alt: String,
    /// Where it is kept.
    kept: PathBuf,
    /// What the drawing is told.
    order: Value,
}

/// Draws what is not kept, and puts pictures and their tags into the site.
pub fn put(dist: &Path, which: Which) -> Result<()> {
    let orders: Vec<Value> = serde_json::from_slice(&fs::read(dist.join("pictures.json"))?)?;
    let orders = if which == Which::All { orders } else { first_of_each(orders) };
    let Some(browser) = browser() else {
        println!("no Chromium is here: previews of the site's pages have no pictures");
        return Ok(());
    };
    let folder = root().join("target/pictures");
    fs::create_dir_all(&folder)?;
    let pictures = keyed(dist, &folder, orders)?;
    let missing: Vec<&Value> = pictures.iter().filter(|one| !one.kept.exists()).map(|one| &one.order).collect();
    if !missing.is_empty() {
        let list = root().join("target/pictures.json");
        fs::write(&list, serde_json::to_string(&missing)?)?;
        let told = [dist, &root().join("www"), &browser, &list].map(|path| path.to_string_lossy().into_owned());
        let words = ["crates/xtask/scripts/pictures.mjs", &told[0], &told[1], &told[2], &told[3]];
        run("node", &words).context("the pictures of previews")?;
    }
    println!("pictures of previews: {} drawn, {} kept", missing.len(), pictures.len() - missing.len());
    let site = std::env::var("SYNOD_SITE").unwrap_or_default();
    for one in &pictures {
        let picture = Path::new(&one.page).with_extension("png");
        fs::copy(&one.kept, dist.join(&picture)).with_context(|| one.page.clone())?;
        let page = dist.join(&one.page);
        let html = fs::read_to_string(&page)?;
        anyhow::ensure!(html.contains(NO_PICTURE), "{} has no place for its picture", one.page);
        fs::write(page, html.replace(NO_PICTURE, &tags(&site, &picture, &one.alt)))?;
    }
    if which == Which::All { forget_others(&folder, &pictures) } else { Ok(()) }
}

/// Beside its page, which is how a picture is found where the site's own address is not known.
fn tags(site: &str, picture: &Path, alt: &str) -> String {
    let site = site.trim().trim_end_matches('/');
    let beside = picture.file_name().unwrap_or_default().to_string_lossy();
    let address = if site.is_empty() { beside.into_owned() } else { format!("{site}/{}", picture.display()) };
    let sizes = SIZE.map(|(side, px)| format!(r#"<meta property="og:image:{side}" content="{px}">"#)).join("\n");
    format!(
        "<meta property=\"og:image\" content=\"{address}\">\n<meta property=\"og:image:type\" content=\"image/png\">\n\
         {sizes}\n<meta property=\"og:image:alt\" content=\"{}\">\n\
         <meta name=\"twitter:card\" content=\"summary_large_image\">",
        escaped(alt)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

fn page_of(order: &Value) -> String {
    order["page"].as_str().unwrap_or_default().to_string()
}

fn first_of_each(orders: Vec<Value>) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let folder = |order: &Value| Path::new(&page_of(order)).parent().map(Path::to_path_buf);
    orders.into_iter().filter(|order| seen.insert(folder(order))).collect()
}

/// What there is to be drawn, each with the file of its key.
fn keyed(dist: &Path, folder: &Path, orders: Vec<Value>) -> Result<Vec<Picture>> {
    let shared = shared(dist)?;
    let with_key = |mut order: Value| {
        let mut hasher = DefaultHasher::new();
        (shared, order.to_string()).hash(&mut hasher);
        let [kind, id] = ["kind", "id"].map(|name| order[name].as_str().unwrap_or_default());
        let data = dist.join(format!("{kind}s/{id}.json"));
        if data.exists() {
            fs::read(&data)?.hash(&mut hasher);
        }
        let kept = folder.join(format!("{:016x}.png", hasher.finish()));
        order["file"] = kept.to_string_lossy().into();
        let alt = order["alt"].as_str().unwrap_or_default().to_string();
        Ok(Picture { page: page_of(&order), alt, kept, order })
    };
    orders.into_iter().map(with_key).collect()
}

/// A sum of what every picture is drawn with.
fn shared(dist: &Path) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for one in DRAWN_WITH {
        let mut sums = std::collections::BTreeMap::new();
        key::sums(&root(), &root().join(one), &mut sums)?;
        sums.hash(&mut hasher);
    }
    fs::read(dist.join("pkg/synod_bg.wasm"))?.hash(&mut hasher);
    Ok(hasher.finish())
}

/// What no page has any more.
fn forget_others(folder: &Path, pictures: &[Picture]) -> Result<()> {
    let kept: BTreeSet<&Path> = pictures.iter().map(|one| one.kept.as_path()).collect();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !kept.contains(path.as_path()) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The browser of the page tests.
fn browser() -> Option<PathBuf> {
    let told = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.exists());
    let names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
    told.or_else(|| names.iter().find_map(|name| setup::which(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_picture_has_a_whole_address_where_the_sites_own_is_known() {
        let picture = Path::new("zh/lessons/raft/elect.png");
        let whole = tags("https://example.org/synod/", picture, "a \"b\" <c> & d");
        assert!(
            whole.contains(r#""og:image" content="https://example.org/synod/zh/lessons/raft/elect.png""#),
            "{whole}"
        );
        assert!(whole.contains(r#""a &quot;b&quot; &lt;c&gt; &amp; d""#), "{whole}");
        assert!(tags("", picture, "").contains(r#""og:image" content="elect.png""#));
    }

    #[test]
    fn some_are_the_first_of_each_folder() {
        let order = |page: &str| json!({ "page": page });
        let all = ["a/one.html", "zh/a/one.html", "a/two.html", "index.html", "lab.html"].map(order).to_vec();
        let some: Vec<String> = first_of_each(all).iter().map(page_of).collect();
        assert_eq!(some, ["a/one.html", "zh/a/one.html", "index.html"]);
    }
}
