//! What this module is of: every protocol, or the one that `SYNOD_ONLY` names while compiling, so that a page
//! that shows one need not load the others. The protocols' own crate is compiled once, and the same for all.

use synod_engine::protocol::LessonTitle;
use synod_engine::simulation::Entry;
use synod_protocols as every;

const ONLY: Option<&str> = option_env!("SYNOD_ONLY");

/// Every protocol of this module. Where that is all of them they are not named here, which would compile them
/// a second time.
pub fn all() -> &'static [Entry] {
    const ONE: Option<Entry> = match ONLY {
        Some(id) => Some(every::ALL[place(id)]),
        None => None,
    };
    if ONLY.is_some() { ONE.as_slice() } else { every::ALL }
}

const fn place(id: &str) -> usize {
    let mut at = 0;
    while !same(every::ALL[at].id, id) {
        at += 1;
    }
    at
}

/// The lessons of those protocols, as the catalog lists them.
#[cfg(feature = "stage")]
pub const LESSONS: &[LessonTitle] = if ONLY.is_some() { &ITS_LESSONS } else { every::LESSONS };

/// A list of its own: a part of the whole list would keep all of it in the module.
#[cfg(feature = "stage")]
const ITS_LESSONS: [LessonTitle; places().1] = {
    let (first, count) = places();
    let mut its = [every::LESSONS[first]; places().1];
    let mut at = 0;
    while at < count {
        its[at] = every::LESSONS[first + at];
        at += 1;
    }
    its
};

/// Where in the list of all its lessons begin, and how many they are: they stand side by side.
#[cfg(feature = "stage")]
const fn places() -> (usize, usize) {
    let Some(id) = ONLY else { return (0, 0) };
    let (mut first, mut count, mut at) = (0, 0, 0);
    while at < every::LESSONS.len() {
        if same(every::LESSONS[at].protocol, id) {
            if count == 0 {
                first = at;
            }
            count += 1;
        }
        at += 1;
    }
    (first, count)
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}
