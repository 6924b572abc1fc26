//! Measures, and prints one JSON object a line: name, value, unit. Nothing here is asserted.

use anyhow::Result;

use crate::setup::{self, run};

pub fn bench() -> Result<()> {
    run("cargo", &["run", "--quiet", "--release", "--package", "synod-tests", "--example", "bench"])?;
    crate::build::build(crate::modules::Searching::Every, crate::pictures::Which::Some)?;
    let dist = crate::build::dist();
    let catalog = crate::data::Catalog::read(&dist)?;
    let size = |name: &str, file: &str| -> Result<()> {
        let bytes = std::fs::read(dist.join(file))?;
        line(&format!("{name} size"), bytes.len(), "bytes");
        line(&format!("{name} size, gzipped"), crate::build::gzip(&bytes)?, "bytes");
        Ok(())
    };
    size("module", "pkg/synod_bg.wasm")?;
    for (name, bytes) in crate::sizes::all(&dist, &catalog)? {
        line(&format!("{name} first load, gzipped"), bytes, "bytes");
    }
    if setup::node_tools() {
        run("node", &["tests/bench/module.mjs"])?;
        run("node", &["tests/bench/search.mjs"])?;
        setup::browser()?;
        run("node", &["tests/bench/page.mjs"])?;
    }
    Ok(())
}

fn line(name: &str, value: usize, unit: &str) {
    println!("{{\"name\":\"{name}\",\"value\":{value},\"unit\":\"{unit}\"}}");
}
