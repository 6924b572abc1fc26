//! What the template makes is compiled and held to what every protocol of the registry is, from the first day.

use std::path::Path;
use std::process::Command;

use super::*;

fn refused(groups: &str) -> String {
    groups::read(groups).expect_err(groups).to_string()
}

#[test]
fn bad_names_are_refused() {
    for (name, why) in [
        ("", "small letters"),
        ("Two", "small letters"),
        ("two phase", "small letters"),
        ("_two", "small letters"),
        ("two--phase", "small letters"),
        ("2pc", "small letters"),
        ("../raft", "small letters"),
        ("match", "a word of Rust"),
        ("self", "a word of Rust"),
        ("rule", "another thing"),
        ("volatile", "another thing"),
        ("named", "another thing"),
    ] {
        let refused = folder(name).expect_err(name).to_string();
        assert!(refused.contains(why), "{name}: {refused}");
    }
    assert_eq!(folder("two-phase-commit").expect("a name"), "two_phase_commit");
    assert!(make(&root(), "raft", &[]).expect_err("it is there").to_string().contains("there already"));
    assert!(make(&root(), "store", &[]).expect_err("a file").to_string().contains("there already"));
}

#[test]
fn groups_have_letters_out_of_their_names() {
    let told = |words: &str| -> Vec<String> {
        let groups = groups::read(words).unwrap_or_else(|error| panic!("{words}: {error}"));
        groups.iter().map(Group::told).collect()
    };
    assert_eq!(told("coordinator,participant"), ["coordinators: O1, O2 and so on", "participants: P1, P2 and so on"]);
    assert_eq!(told("coordinator=T,participant"), ["coordinator: T", "participants: P1, P2 and so on"]);
    assert_eq!(told("proposer,participant")[1], "participants: A1, A2 and so on");
    let alphabet = "A, B, C and so on, one alphabet with other groups that are named so";
    assert_eq!(told("replica=A,fall-back=A"), [format!("replicas: {alphabet}"), format!("fall-backs: {alphabet}")]);
    for (words, why) in [
        ("", "small letters"),
        ("Lead", "small letters"),
        ("a,b,d,e", "one to three"),
        ("lead,lead", "two groups are called"),
        ("lead=C", "clients"),
        ("lead=C1", "clients"),
        ("lead=L2", "a group's letter"),
        ("lead=l", "a group's letter"),
        ("lead=T,tail=T1", "the letter T"),
        ("node", "something else"),
        ("cc", "every letter"),
    ] {
        let refused = refused(words);
        assert!(refused.contains(why), "{words}: {refused}");
    }
}

/// Copies what changed, so that what is compiled already stays so.
fn copy(from: &Path, to: &Path, except: &[&str]) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to, except);
        } else if !except.iter().any(|name| to.ends_with(name)) {
            let new = fs::read(&from).expect("a file");
            if fs::read(&to).ok().as_ref() != Some(&new) {
                fs::write(&to, new).expect("a file");
            }
        }
    }
}

/// A copy of what the registry and its tests need.
fn scratch() -> std::path::PathBuf {
    let (root, scratch) = (root(), root().join("target/scratch/synod"));
    for folder in ["engine", "explore", "judge", "lessons", "lesson-files", "protocols"] {
        copy(&root.join("crates").join(folder), &scratch.join("crates").join(folder), &[]);
    }
    copy(&root.join("tests/src"), &scratch.join("tests/src"), &[]);
    fs::copy(root.join("tests/registry.rs"), scratch.join("tests/registry.rs")).expect("the tests");
    let manifest = fs::read_to_string(root.join("tests/Cargo.toml")).expect("a manifest");
    let (package, after) = manifest.split_once("[dependencies]").expect("it has dependencies");
    let dependencies = after.split("[[").next().unwrap_or(after);
    let package = package.replace("[lib]", "[[test]]\nname = \"registry\"\npath = \"registry.rs\"\n\n[lib]");
    fs::write(scratch.join("tests/Cargo.toml"), format!("{package}[dependencies]{dependencies}")).expect("a manifest");
    let workspace = fs::read_to_string(root.join("Cargo.toml")).expect("a workspace");
    let fewer = |line: &str| match line.starts_with("members") || line.starts_with("default-members") {
        true if line.starts_with("members") => "members = [\"crates/*\", \"tests\"]".to_string(),
        true => String::new(),
        false => line.to_string(),
    };
    let workspace: Vec<String> = workspace.lines().map(fewer).collect();
    fs::write(scratch.join("Cargo.toml"), workspace.join("\n")).expect("a workspace");
    fs::copy(root.join("Cargo.lock"), scratch.join("Cargo.lock")).expect("a lock");
    scratch
}

/// The registry's tests of this one protocol, with fewer runs.
fn holds(scratch: &Path, id: &str) {
    let output = Command::new("cargo")
        .args(["test", "--quiet", "--offline", "--package", "synod-tests", "--test", "registry"])
        .args(["--config", "profile.test.opt-level=0", "--config", "profile.test.debug=false"])
        .current_dir(scratch)
        .env("CARGO_TARGET_DIR", scratch.with_file_name("target"))
        .env("SYNOD_ONLY", id)
        .env("SYNOD_RUNS", "200")
        .output()
        .expect("cargo");
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains(" passed"), "{id}: {told}");
}

#[test]
fn what_it_makes_runs_and_holds_what_every_protocol_must() {
    let scratch = scratch();
    let groups = groups::read("coordinator=T,participant,spare=A").expect("groups");
    for name in ["scratch_alike", "scratch_grouped"] {
        fs::remove_dir_all(scratch.join("crates/protocols/src").join(name)).ok();
    }
    make(&scratch, "scratch_alike", &[]).expect("a protocol");
    make(&scratch, "scratch_grouped", &groups).expect("a protocol");
    holds(&scratch, "scratch-alike");
    holds(&scratch, "scratch-grouped");
}
