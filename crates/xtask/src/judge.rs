//! The judge as a small module of its own, which the history view fetches.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::setup::{self, TARGET, root};
use crate::shrink;

/// Where it is found below `pkg`. It is small, and no first picture waits for it: it is not packed.
pub const NAME: &str = "judge.wasm";

/// Makes it; what was made of the same bytes in the same way is kept.
pub fn build(package: &Path, can_shrink: bool) -> Result<()> {
    let words = ["build", "--quiet", "--profile", "packed", "--package", "synod-judge-module", "--target", TARGET];
    let flags = [("CARGO_ENCODED_RUSTFLAGS", shrink::nameless_paths().replace(' ', "\x1f"))];
    setup::run_with("cargo", &words, &flags)?;
    let compiled = root().join(format!("target/{TARGET}/packed/synod_judge_module.wasm"));
    let folder = root().join("target/modules/judge");
    fs::create_dir_all(&folder)?;
    let (kept, module) = (folder.join("compiled.wasm"), folder.join(NAME));
    let key = [fs::read(&compiled).context("the judge was compiled")?, vec![u8::from(can_shrink)]].concat();
    if !module.exists() || fs::read(&kept).is_ok_and(|kept| kept != key) || !kept.exists() {
        fs::copy(&compiled, &module)?;
        shrink::silence(&module)?;
        if can_shrink {
            shrink::optimise(&module, &shrink::FOR_SIZE)?;
        }
        fs::write(&kept, key)?;
    }
    fs::copy(&module, package.join(NAME))?;
    println!("module {:25}{}", "judge", crate::build::size(&module)?);
    Ok(())
}
