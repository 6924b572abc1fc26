//! The modules of WebAssembly: one that is whole, and small ones that the pages load. Each is kept with a
//! key of all that it is made of, and made again only when that has changed.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, mpsc};
use std::thread;

use anyhow::{Context, Result};

use crate::data::{self, Catalog};
use crate::key::Sources;
use crate::part;
use crate::setup::{self, TARGET, root};
use crate::shrink;

/// Profiles of the workspace's manifest.
const SPEED: &str = "release";
const SIZE: &str = "packed";
const SEARCH: &str = "found";

/// The module that unpacks the others.
pub const UNPACKER: &str = "unpack.wasm";

/// A module of one protocol in one piece, packed, in its own folder: it is part of a single file.
const WHOLE: &str = "whole.packed";

/// What is made of the whole module, and what stands beside it: the search as a promise, and its worker.
const WHOLE_FILES: [&str; 4] = ["synod_bg.wasm", "synod_bg.wasm.d.ts", "synod.d.ts", "synod.js"];
const LATE: &str =
    "\nexport const explore = (request, how) => import(\"./explore.js\").then((it) => it.explore(request, how));\n";
pub const BESIDE: [&str; 3] = ["explore.js", "explore.worker.js", "slices.js"];

/// Asks for the flags of a nightly compiler: a standard library that is compiled along.
const OWN_STD: &str = "SYNOD_OWN_STD";

/// For which protocols there is a module that only searches. Where there is none, the whole one searches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Searching {
    Every,
    /// For none: the page is the same.
    ByTheWhole,
}

/// Makes the whole module, and the small ones, in `dist/pkg`; what is kept and still right is
/// not made again. All have the same bindings, which know more than the smaller modules have. True where
/// Node is present, so that modules are shrunk.
pub fn build(dist: &Path, catalog: &Catalog, searching: Searching) -> Result<bool> {
    setup::wasm_target()?;
    let can_shrink = setup::node_tools();
    let package = empty(&dist.join("pkg"))?;
    let sources = Sources::read(&root())?;
    let mut wanted = vec![Module { only: None, kind: Kind::Whole }];
    if can_shrink {
        for id in catalog.ids() {
            wanted.push(Module { only: Some(id.into()), kind: Kind::Lessons });
        }
        if searching == Searching::Every {
            wanted.extend(catalog.ids().map(|id| Module { only: Some(id.into()), kind: Kind::Find }));
        }
        wanted.push(Module { only: None, kind: Kind::Lessons });
    } else {
        println!("skipped: wasm-opt, packing, minifying and the element, for want of Node and npm");
    }
    if can_shrink {
        unpacker(&package.join(UNPACKER))?;
    }
    make(&wanted, dist, catalog, &sources, can_shrink)?;
    for module in &wanted {
        for file in module.files() {
            let name = file.file_name().context("a file has a name")?.to_string_lossy();
            fs::copy(&file, package.join(&*name)).with_context(|| format!("{}", file.display()))?;
            if name.ends_with(".packed") || name == WHOLE_FILES[0] {
                println!("module {name:32}{}", crate::build::size(&file)?);
            }
        }
    }
    // The modules that search have bindings of their own, the same for every protocol.
    if let Some(module) = wanted.iter().find(|module| module.kind == Kind::Find) {
        fs::copy(module.folder().join("synod.js"), package.join("find.js"))?;
    }
    Ok(can_shrink)
}

/// Makes the module that unpacks the others: for speed, which a reader waits for, and without a word about panics.
fn unpacker(place: &Path) -> Result<()> {
    let words = ["build", "--quiet", "--profile", SPEED, "--package", "synod-packing", "--target", TARGET];
    // Without SIMD, which made it no faster.
    cargo(&words.map(OsString::from), None, &shrink::nameless_paths())?;
    fs::copy(root().join(format!("target/{TARGET}/{SPEED}/synod_packing.wasm")), place)?;
    shrink::silence(place)?;
    // It is compiled for speed; what wasm-opt would make faster is large.
    shrink::optimise(place, &shrink::FOR_SIZE)
}

/// Makes the whole module in a hurry, of parts that are kept, for who works on it: no wasm-opt, and
/// no more optimising than a page needs to run well.
pub fn quickly(dist: &Path) -> Result<()> {
    setup::wasm_target()?;
    let words = ["build", "--quiet", "--package", "synod", "--target", TARGET];
    // Not a profile of its own: what the build itself needs would be compiled again for that.
    let config = ["profile.dev.opt-level=1", "profile.dev.debug=false", "profile.dev.panic=\"abort\""];
    let words: Vec<OsString> =
        words.iter().chain(config.iter().flat_map(|one| [&"--config", one])).map(Into::into).collect();
    cargo(&words, None, "")?;
    // What is served stays until the new one is whole.
    let (package, fresh) = (dist.join("pkg"), empty(&dist.join("pkg-fresh"))?);
    shrink::bindings(&root().join(format!("target/{TARGET}/debug/synod.wasm")), &fresh)?;
    with_search(&fresh)?;
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    Ok(fs::rename(fresh, package)?)
}

fn empty(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder.into())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    /// What the lab needs, and lessons.
    Lessons,
    /// Only the search: a worker's.
    Find,
}

/// A module of one protocol or of all.
struct Module {
    only: Option<String>,
    kind: Kind,
}

/// The module with lessons that a single file holds in one piece.
pub fn in_one_piece(dist: &Path, only: Option<&str>) -> PathBuf {
    let name = name(only, true);
    if only.is_none() { dist.join(format!("pkg/{name}.packed")) } else { kept(&name).join(WHOLE) }
}

/// Where a module is kept.
fn kept(name: &str) -> PathBuf {
    root().join("target/modules").join(name)
}

fn packed(name: &str) -> String {
    format!("{name}.packed")
}

/// What of a module is fetched when the first picture is there.
fn rest(name: &str) -> String {
    format!("{name}.rest.wasm")
}

/// The name of a small module's file, without its ending.
pub fn name(only: Option<&str>, lessons: bool) -> String {
    format!("{}{}", only.unwrap_or("all"), if lessons { "-lessons" } else { "" })
}

impl Module {
    fn name(&self) -> String {
        match self.kind {
            Kind::Whole => "whole".into(),
            Kind::Find => format!("find-{}", self.only.as_deref().unwrap_or("all")),
            Kind::Lessons => name(self.only.as_deref(), true),
        }
    }

    /// Where it is kept.
    fn folder(&self) -> PathBuf {
        kept(&self.name())
    }

    /// What is deployed of it, the module itself first.
    fn files(&self) -> Vec<PathBuf> {
        let folder = self.folder();
        match self.kind {
            Kind::Whole => WHOLE_FILES.iter().chain(&BESIDE).map(|name| folder.join(name)).collect(),
            Kind::Find => vec![folder.join(packed(&self.name()))],
            Kind::Lessons => {
                let names = match self.only.as_deref() {
                    Some(only) => [true, false].map(|lessons| name(Some(only), lessons)).into(),
                    None => vec![name(None, true)],
                };
                let parts = |name: String| [packed(&name), rest(&name)];
                let parts: Vec<String> = names.into_iter().flat_map(parts).collect();
                // That of all protocols is in one piece.
                let of = if self.only.is_some() { &parts[..] } else { &parts[..1] };
                of.iter().map(|name| folder.join(name)).collect()
            }
        }
    }

    /// How cargo compiles it, with which flags of the compiler, and where it puts it.
    fn recipe(&self) -> (Vec<OsString>, String, PathBuf) {
        let profile = match self.kind {
            Kind::Whole => SPEED,
            Kind::Find => SEARCH,
            Kind::Lessons => SIZE,
        };
        let words = ["build", "--quiet", "--profile", profile, "--package", "synod", "--target", TARGET];
        let mut words: Vec<OsString> = words.map(Into::into).into();
        let (mut flags, mut target) = (shrink::nameless_paths(), root().join("target"));
        // Only the whole one has all features.
        match self.kind {
            Kind::Whole => {}
            Kind::Find => words.extend(["--no-default-features", "--features=explore"].map(Into::into)),
            Kind::Lessons => words.extend(["--no-default-features", "--features=lessons"].map(Into::into)),
        }
        if self.kind == Kind::Lessons && own_std() {
            target.push("own-std");
            words.extend(with_own_std(&target));
            flags.push_str(" -Zunstable-options -Cpanic=immediate-abort");
        }
        (words, flags, target.join(TARGET).join(profile).join("synod.wasm"))
    }

    /// Everything that it is made of and by.
    fn key(&self, catalog: &Catalog, sources: &Sources, can_shrink: bool) -> String {
        let (words, flags, _) = self.recipe();
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        let made_by = [words.join(" "), flags, can_shrink.to_string()];
        sources.key(self.only.as_deref(), matches!(self.kind, Kind::Whole | Kind::Find), catalog, &made_by)
    }
}

/// Makes those modules whose keys have changed. While the compiler is at one, others are shrunk, and the whole
/// module, of which most of the time one thread is at work, is compiled beside the small ones.
fn make(wanted: &[Module], dist: &Path, catalog: &Catalog, sources: &Sources, can_shrink: bool) -> Result<()> {
    let (give, take) = mpsc::channel::<(&Module, String)>();
    let take = Mutex::new(take);
    thread::scope(|scope| {
        let work = || -> Result<()> {
            loop {
                let next = take.lock().ok().and_then(|take| take.recv().ok());
                let Some((module, key)) = next else { return Ok(()) };
                finish(module, dist, can_shrink).with_context(|| module.name())?;
                fs::write(module.folder().join("key"), key)?;
            }
        };
        let hands: Vec<_> = (0..setup::cores()).map(|_| scope.spawn(work)).collect();
        let lane = |whole: bool| {
            let give = give.clone();
            let mine = wanted.iter().filter(move |module| (module.kind == Kind::Whole) == whole);
            move || compile(mine, |module, key| give.send((module, key)).is_ok(), catalog, sources, can_shrink)
        };
        let whole = scope.spawn(lane(true));
        let compiled = lane(false)();
        drop(give);
        whole.join().map_err(|_| anyhow::anyhow!("the whole module could not be compiled"))??;
        for hand in hands {
            hand.join().map_err(|_| anyhow::anyhow!("a module could not be shrunk"))??;
        }
        compiled
    })
}

/// Compiles one after another: cargo lets no two at one folder, and profiles have one each.
fn compile<'a>(
    wanted: impl Iterator<Item = &'a Module>,
    mut done: impl FnMut(&'a Module, String) -> bool,
    catalog: &Catalog,
    sources: &Sources,
    can_shrink: bool,
) -> Result<()> {
    for module in wanted {
        let (key, folder) = (module.key(catalog, sources, can_shrink), module.folder());
        let kept = fs::read_to_string(folder.join("key")).is_ok_and(|kept| kept == key);
        if kept && module.files().iter().all(|file| file.exists()) {
            continue;
        }
        empty(&folder)?;
        let (words, flags, compiled) = module.recipe();
        cargo(&words, module.only.as_deref(), &flags)?;
        fs::copy(&compiled, folder.join("compiled.wasm"))?;
        if !done(module, key) {
            break;
        }
    }
    Ok(())
}

/// Makes what is deployed of a compiled module.
fn finish(module: &Module, dist: &Path, can_shrink: bool) -> Result<()> {
    let folder = module.folder();
    let (compiled, bound) = (folder.join("compiled.wasm"), folder.join("synod_bg.wasm"));
    if module.kind == Kind::Whole {
        shrink::bindings(&compiled, &folder)?;
        with_search(&folder)?;
        if can_shrink {
            shrink::optimise(&bound, &shrink::FOR_SPEED)?;
        }
    } else {
        shrink::silence(&compiled)?;
        shrink::bindings(&compiled, &folder)?;
        shrink::optimise(&bound, if module.kind == Kind::Find { &shrink::FOR_SEARCH } else { &shrink::FOR_SIZE })?;
        match (&module.only, module.kind) {
            (Some(only), Kind::Lessons) => in_parts(&folder, dist, only, &bound)?,
            _ => pack(&bound, &module.files()[0])?,
        }
        fs::remove_file(bound)?;
    }
    fs::remove_file(compiled)?;
    Ok(())
}

/// Parts one module twice: in what lessons begin with and the rest, and in what a lab begins with and the rest.
fn in_parts(folder: &Path, dist: &Path, only: &str, bound: &Path) -> Result<()> {
    // In one piece, for what is one file.
    pack(bound, &folder.join(WHOLE))?;
    let first = folder.join("first.wasm");
    for (name, lessons) in [(name(Some(only), true), data::lessons(dist, only)?), (name(Some(only), false), Vec::new())]
    {
        fs::copy(bound, &first)?;
        part::part(&first, &folder.join("synod.js"), &lessons, &folder.join(rest(&name)))?;
        pack(&first, &folder.join(packed(&name)))?;
    }
    Ok(fs::remove_file(first)?)
}

fn pack(module: &Path, into: &Path) -> Result<()> {
    Ok(fs::write(into, synod_packing::pack(&fs::read(module)?)?)?)
}

/// The package with the search as a promise, which is JavaScript.
fn with_search(package: &Path) -> Result<()> {
    let from = root().join("crates/wasm/js");
    for name in BESIDE {
        fs::copy(from.join(name), package.join(name)).with_context(|| name.to_string())?;
    }
    let append = |name: &str, text: &str| -> Result<()> {
        let path = package.join(name);
        Ok(fs::write(&path, fs::read_to_string(&path)? + text)?)
    };
    // Fetched when it is called: pages load these bindings first of all.
    append("synod.js", LATE)?;
    append("synod.d.ts", &fs::read_to_string(from.join("explore.d.ts"))?)
}

/// Words for cargo to compile the standard library along: panics are a bare trap in it from the
/// start, which makes a module a little smaller. `-Z` is not stable, so this is only done where asked.
fn with_own_std(target: &Path) -> Vec<OsString> {
    let std = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"];
    let mut words: Vec<OsString> = std.map(Into::into).into();
    words.push(target.into());
    for library in ["core", "alloc", "compiler_builtins", "dlmalloc"] {
        words.extend(["--config".into(), format!("profile.packed.package.{library}.opt-level=3").into()]);
    }
    words
}

fn own_std() -> bool {
    std::env::var_os(OWN_STD).is_some_and(|asked| !asked.is_empty() && asked != "0")
}

fn cargo(words: &[OsString], only: Option<&str>, flags: &str) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(words).current_dir(root()).env_remove("SYNOD_ONLY").envs(only.map(|id| ("SYNOD_ONLY", id)));
    if !flags.is_empty() {
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.replace(' ', "\x1f"));
    }
    if words.iter().any(|word| word.to_string_lossy().starts_with("-Z")) {
        anyhow::ensure!(
            setup::std_sources(),
            "the standard library's sources are missing: rustup component add rust-src"
        );
        // What the stable compiler wants to hear before it takes such flags.
        cargo.env("RUSTC_BOOTSTRAP", "1");
    }
    anyhow::ensure!(cargo.status()?.success(), "cargo could not compile the module");
    Ok(())
}
