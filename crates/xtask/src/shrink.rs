//! What is done to a compiled module: panics made silent, bindings, wasm-opt, and packing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use walrus::{ConstExpr, DataKind, FunctionBuilder, FunctionKind, Module, ir};
use wasm_bindgen_cli_support::Bindgen;

use crate::setup::root;

/// What makes the gzipped module smallest: inlining and sorting by use would make it larger, and
/// instances of one generic function compress best side by side.
/// The stack ends where memory begins, so that nothing lies below 1,024.
pub const FOR_SIZE: [&str; 7] = [
    "-Oz",
    "--low-memory-unused",
    "--skip-pass=inlining-optimizing",
    "--skip-pass=local-cse",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-target-features",
];
pub const FOR_SEARCH: [&str; 4] = ["-O2", "--low-memory-unused", "--strip-debug", "--strip-target-features"];
pub const FOR_SPEED: [&str; 3] = ["-O3", "--strip-debug", "--strip-target-features"];

/// Flags that keep the paths of this machine out of a module, where they are many bytes of no use.
pub fn nameless_paths() -> String {
    let path = |command: &mut Command| {
        let out = command.output().ok().filter(|out| out.status.success())?;
        Some(String::from_utf8_lossy(&out.stdout).trim().to_string())
    };
    let home = std::env::var("HOME").unwrap_or_default();
    let cargo = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    let mut places = vec![(root().to_string_lossy().into_owned(), "synod")];
    if let Some(sysroot) = path(Command::new("rustc").args(["--print", "sysroot"])) {
        places.push((format!("{sysroot}/lib/rustlib/src/rust/library"), "std"));
    }
    let registries = fs::read_dir(Path::new(&cargo).join("registry/src")).into_iter().flatten().flatten();
    let mut registries: Vec<_> = registries.map(|entry| entry.path().to_string_lossy().into_owned()).collect();
    registries.sort();
    places.extend(registries.into_iter().map(|path| (path, "crates")));
    // A blank would part a flag in two.
    places.retain(|(path, _)| !path.contains(char::is_whitespace));
    let flags: Vec<String> = places.iter().map(|(path, name)| format!("--remap-path-prefix={path}={name}")).collect();
    flags.join(" ")
}

/// Makes the bindings of a compiled module, and the module that they go with.
pub fn bindings(compiled: &Path, package: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.out_name("synod").input_path(compiled);
    bindgen.typescript(true).omit_default_module_path(false).remove_producers_section(true);
    bindgen.generate(package)
}

/// Functions of the standard library that only panic, by their paths or the end of them. Of a compiler
/// that calls them otherwise the modules are a little larger, and nothing else.
const PANICS: [&str; 12] = [
    "core::panicking::",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::str::slice_error_fail",
    "core::slice::index::slice_index_fail",
    "core::cell::panic_already_",
    "std::panicking::panic_handler",
    "std::panicking::panic_with_hook",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "alloc::alloc::handle_alloc_error",
];
const PANICS_END: [&str; 4] = ["::assert_failed", "::len_mismatch_fail", "::rust_begin_unwind", "::rust_oom"];

/// Leaves a bare trap of every panic: nobody reads the message of one on a page, and the code that
/// writes it, and what only that code uses, are kilobytes.
pub fn silence(path: &Path) -> Result<()> {
    let mut module = Module::from_file(path)?;
    let panics = |name: &str| {
        let name = format!("{:#}", rustc_demangle::demangle(name));
        PANICS.iter().any(|start| name.starts_with(start)) || PANICS_END.iter().any(|end| name.ends_with(end))
    };
    let local = module.funcs.iter_local().map(|(id, _)| id);
    let of_panics = |id: &walrus::FunctionId| module.funcs.get(*id).name.as_deref().is_some_and(panics);
    for id in local.filter(of_panics).collect::<Vec<_>>() {
        let kind = module.types.get(module.funcs.get(id).ty());
        let (params, results) = (kind.params().to_vec(), kind.results().to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
        trap.func_body().unreachable();
        let args = params.into_iter().map(|param| module.locals.add(param)).collect();
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(args));
    }
    forget_places(&mut module);
    walrus::passes::gc::run(&mut module);
    module.emit_wasm_file(path)
}

/// Wipes where in the sources each panic would have been, which only its message would have told: a file's name, its
/// length, the line and the column, four words in a row.
fn forget_places(module: &mut Module) {
    let mut memory = BTreeMap::new();
    for data in module.data.iter() {
        if let DataKind::Active { offset: ConstExpr::Value(ir::Value::I32(from)), .. } = data.kind {
            memory.insert(from as u32, (data.id(), data.value.clone()));
        }
    }
    let file = |from: u32, length: u32| {
        let (start, (_, bytes)) = memory.range(..=from).next_back()?;
        let at = (from - start) as usize;
        let name = bytes.get(at..at + length as usize)?;
        let name = name.strip_suffix(b"\0").unwrap_or(name);
        let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
        (name.ends_with(b".rs") && name.iter().all(is_path)).then_some((*start, at, length as usize))
    };
    let mut wiped = Vec::new();
    for (start, (_, bytes)) in &memory {
        let first = start.next_multiple_of(4) - start;
        for at in (first as usize..bytes.len().saturating_sub(15)).step_by(4) {
            let word = |i: usize| bytes[at + 4 * i..at + 4 * i + 4].iter().rev().fold(0, |n, b| n << 8 | u32::from(*b));
            if let Some(name) = file(word(0), word(1)).filter(|_| word(2) < 1 << 20 && word(3) < 1 << 12) {
                wiped.extend([(*start, at, 16), name]);
            }
        }
    }
    for (start, at, length) in wiped {
        if let Some((id, _)) = memory.get(&start) {
            module.data.get_mut(*id).value[at..at + length].fill(0);
        }
    }
}

/// Runs wasm-opt over a module, in place.
pub fn optimise(module: &Path, passes: &[&str]) -> Result<()> {
    let optimised = module.with_extension("opt");
    let status = Command::new("node")
        .arg(root().join("node_modules/binaryen/bin/wasm-opt"))
        .args(passes)
        .args([module.as_os_str(), "-o".as_ref(), optimised.as_os_str()])
        .status()?;
    anyhow::ensure!(status.success(), "wasm-opt failed");
    fs::rename(&optimised, module).context("the shrunk module could not take its place")
}
