//! What each command needs, installed by it where it may be.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// The project's root.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_path_buf()
}

/// Runs a command in the root, showing what it prints.
pub fn run(program: &str, args: &[&str]) -> Result<()> {
    run_with(program, args, &[])
}

pub fn run_with(program: &str, args: &[&str], env: &[(&str, String)]) -> Result<()> {
    let mut command = Command::new(program);
    command.args(args).current_dir(root()).envs(env.iter().map(|(key, value)| (key, value)));
    let status = command.status().with_context(|| format!("{program} could not be started"))?;
    if !status.success() {
        bail!("{program} {} failed", args.join(" "));
    }
    Ok(())
}

/// Runs a program; whether it succeeded, and all that it told.
pub fn told(program: &str, args: &[&str], env: &[(&str, String)]) -> Result<(bool, String)> {
    let mut command = Command::new(program);
    command.args(args).current_dir(root()).envs(env.iter().map(|(key, value)| (key, value)));
    let out = command.output().with_context(|| format!("{program} could not be started"))?;
    let told = [out.stdout, out.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((out.status.success(), told.concat()))
}

/// How much can be done at a time.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get())
}

/// Whether a program is there at all.
pub fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Adds the wasm target, unless it is there.
pub fn wasm_target() -> Result<()> {
    let libdir = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let there = libdir.is_ok_and(|out| Path::new(String::from_utf8_lossy(&out.stdout).trim()).is_dir());
    if there {
        return Ok(());
    }
    run("rustup", &["target", "add", TARGET])
        .context("the wasm target is missing: rustup target add wasm32-unknown-unknown")
}

/// Adds the sources of the standard library, unless they are there. False where they are not to be had.
pub fn std_sources() -> bool {
    let there = || {
        let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output();
        sysroot.is_ok_and(|out| {
            let sysroot = String::from_utf8_lossy(&out.stdout).trim().to_string();
            Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock").exists()
        })
    };
    there() || (run("rustup", &["component", "add", "rust-src"]).is_ok() && there())
}

/// Installs the page's tools from the lock file. False where Node is not to be had.
pub fn node_tools() -> bool {
    if !has("node") || !has("npm") {
        return false;
    }
    // A folder that is a link belongs to another checkout: npm would empty it there.
    if root().join("node_modules").is_symlink() {
        return root().join("node_modules/.package-lock.json").exists();
    }
    let lock = root().join("package-lock.json");
    let stamp = root().join("node_modules/.package-lock.json");
    let time = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
    if time(&stamp).is_some_and(|installed| time(&lock).is_some_and(|wanted| installed >= wanted)) {
        return true;
    }
    run("npm", &["ci", "--no-audit", "--no-fund"]).is_ok()
}

/// Where a program is, by the search path.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.exists())
}

/// The search path with a folder before all others.
pub fn path_with(folder: &Path) -> Result<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    Ok(std::env::join_paths(folders)?.to_string_lossy().into_owned())
}

/// Programs, each with the package that brings it.
type Programs = [(&'static str, &'static str)];

/// The shell is the same engine without windows, in which pages open with half the work.
const CHROMIUM: &Programs = &[
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("chromium-headless-shell", "chromium-headless-shell"),
];
/// The two other engines. WebKit's driver wants a screen.
const FIREFOX_AND_WEBKIT: &Programs =
    &[("firefox-esr", "firefox-esr"), ("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")];

/// What drives one browser: Chromium, its driver and fonts, and Node.
pub fn browser() -> Result<()> {
    packages(CHROMIUM)
}

/// The same for all three engines.
pub fn three_engines() -> Result<()> {
    packages(&[CHROMIUM, FIREFOX_AND_WEBKIT].concat())
}

/// Node, fonts and some programs: from Debian's packages where that is allowed.
fn packages(programs: &Programs) -> Result<()> {
    let mut missing = Vec::new();
    if !has("node") || !has("npm") {
        missing.extend(["nodejs", "npm"]);
    }
    missing.extend(programs.iter().filter(|(program, _)| which(program).is_none()).map(|(_, package)| *package));
    if !Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists() {
        missing.push("fonts-noto-cjk");
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let root_user = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"));
    if !root_user || !has("apt-get") {
        bail!("these packages are missing and cannot be installed from here: {list}");
    }
    println!("installing {list}");
    run("apt-get", &["update", "-qq"])?;
    let env = [("DEBIAN_FRONTEND", "noninteractive".to_string())];
    let args: Vec<&str> = ["install", "-y", "-qq", "--no-install-recommends"].into_iter().chain(missing).collect();
    run_with("apt-get", &args, &env)
}

/// A folder with wasm-bindgen and its test runner, of the version in Cargo.lock. They are built under
/// other names, for the compiler refuses a crate that is called wasm-bindgen and is not.
pub fn stand_ins() -> Result<PathBuf> {
    run("cargo", &["build", "--quiet", "--package", "synod-runner"])?;
    let folder = root().join("target/tools/bin");
    std::fs::create_dir_all(&folder)?;
    for (name, built) in [("wasm-bindgen", "synod-bindgen"), ("wasm-bindgen-test-runner", "synod-test-runner")] {
        let link = folder.join(name);
        if link.symlink_metadata().is_ok() {
            std::fs::remove_file(&link)?;
        }
        std::os::unix::fs::symlink(root().join("target/debug").join(built), &link)?;
    }
    Ok(folder)
}
