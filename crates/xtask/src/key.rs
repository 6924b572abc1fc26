//! What a module is made of, as a key: it changes when a byte of that changes, and not otherwise.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::data::Catalog;

/// What every module is made of. Tools are told by the lock files, and how they are used by our sources.
const SHARED: [&str; 15] = [
    "Cargo.toml",
    "Cargo.lock",
    "package-lock.json",
    "crates/engine/Cargo.toml",
    "crates/engine/src",
    "crates/lessons",
    "crates/wasm/Cargo.toml",
    "crates/wasm/src",
    "crates/protocols/Cargo.toml",
    "crates/protocols/build.rs",
    "crates/xtask/src/modules.rs",
    "crates/xtask/src/part.rs",
    "crates/xtask/src/shrink.rs",
    "crates/xtask/scripts/first-picture.mjs",
    "crates/packing/src",
];
/// What only the whole module has, and those that search.
const WHOLE: [&str; 4] = ["crates/judge/Cargo.toml", "crates/judge/src", "crates/explore", "crates/wasm/js"];
const PROTOCOLS: &str = "crates/protocols/src";

pub struct Sources {
    /// A sum of every file, by its path below the root.
    shared: BTreeMap<PathBuf, u64>,
    whole: BTreeMap<PathBuf, u64>,
    /// The same of the protocols' crate: files beside the folders are shared by all.
    protocols: BTreeMap<PathBuf, u64>,
    compiler: String,
}

impl Sources {
    pub fn read(root: &Path) -> Result<Sources> {
        let [mut shared, mut whole] = [BTreeMap::new(), BTreeMap::new()];
        for one in SHARED {
            sums(root, &root.join(one), &mut shared)?;
        }
        for one in WHOLE {
            sums(root, &root.join(one), &mut whole)?;
        }
        let mut protocols = BTreeMap::new();
        sums(root, &root.join(PROTOCOLS), &mut protocols)?;
        // Lessons are data of the page. Their titles are in the catalog.
        protocols.retain(|path, _| path.extension().is_some_and(|end| end == "rs"));
        let compiler = Command::new("rustc").arg("-vV").output().context("rustc does not say its version")?;
        Ok(Sources { shared, whole, protocols, compiler: String::from_utf8_lossy(&compiler.stdout).into_owned() })
    }

    /// The key of a module of one protocol or of all: no protocol's folder uses another's.
    pub fn key(&self, only: Option<&str>, whole: bool, catalog: &Catalog, made_by: &[String]) -> String {
        let mut hasher = DefaultHasher::new();
        (&self.compiler, made_by, &self.shared).hash(&mut hasher);
        whole.then_some(&self.whole).hash(&mut hasher);
        let own = only.map(|id| Path::new(PROTOCOLS).join(id.replace('-', "_")));
        for file in &self.protocols {
            let shared = file.0.parent() == Some(Path::new(PROTOCOLS));
            if shared || own.as_ref().is_none_or(|own| file.0.starts_with(own)) {
                file.hash(&mut hasher);
            }
        }
        catalog.titles(only).hash(&mut hasher);
        format!("{:016x}\n", hasher.finish())
    }
}

/// Sums of the files at or below a path.
pub fn sums(root: &Path, path: &Path, into: &mut BTreeMap<PathBuf, u64>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            sums(root, &entry?.path(), into)?;
        }
        return Ok(());
    }
    let mut hasher = DefaultHasher::new();
    fs::read(path).with_context(|| format!("{}", path.display()))?.hash(&mut hasher);
    into.insert(path.strip_prefix(root).unwrap_or(path).into(), hasher.finish());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(root: &Path) -> [String; 2] {
        let catalog = Catalog::default();
        let sources = Sources::read(root).unwrap();
        ["raft", "two-phase"].map(|id| sources.key(Some(id), false, &catalog, &[]))
    }

    #[test]
    fn a_protocols_change_is_in_its_own_key_and_a_shared_one_in_all() {
        let root = std::env::temp_dir().join(format!("synod-key-{}", std::process::id()));
        for one in SHARED.into_iter().chain(WHOLE) {
            let file = if one.contains('.') { root.join(one) } else { root.join(one).join("lib.rs") };
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, one).unwrap();
        }
        for one in ["raft/rules.rs", "two_phase/rules.rs", "raft/lessons/1-a.toml", "store.rs"] {
            let file = root.join(PROTOCOLS).join(one);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, one).unwrap();
        }
        let change = |file: &str| fs::write(root.join(file), "changed").unwrap();
        let [raft, two] = keys(&root);
        change("crates/protocols/src/two_phase/rules.rs");
        let [raft_1, two_1] = keys(&root);
        assert!(raft == raft_1 && two != two_1, "a change in one folder");
        change("crates/protocols/src/raft/lessons/1-a.toml");
        assert_eq!(keys(&root), [raft_1.clone(), two_1.clone()], "a lesson is data");
        for file in ["crates/protocols/src/store.rs", "crates/engine/src/lib.rs", "Cargo.lock"] {
            let [raft, two] = keys(&root);
            change(file);
            let [raft_1, two_1] = keys(&root);
            assert!(raft != raft_1 && two != two_1, "{file}");
        }
        fs::remove_dir_all(root).unwrap();
    }
}
