//! Lists the lessons in the protocols' folders, for the catalog. Their steps are data of the page.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=src");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the crate is");
    let mut list = String::from("&[\n");
    for lesson in synod_lesson_files::all(Path::new(&root)).unwrap_or_else(|why| panic!("{why}")) {
        let text = |key: &str| {
            let word = |language: &str| lesson.data.get(key)?.get(language)?.as_str().map(str::to_string);
            let both = word("en").zip(word("zh"));
            both.unwrap_or_else(|| panic!("{} has no {key} in both languages", lesson.id))
        };
        let (en, zh) = text("title");
        let _ = writeln!(
            list,
            "    LessonTitle {{ id: {:?}, protocol: {:?}, title: text({en:?}, {zh:?}) }},",
            lesson.id, lesson.protocol
        );
    }
    list.push(']');
    let out = env::var("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("lessons.rs"), list).expect("the list can be written");
}
