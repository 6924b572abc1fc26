//! Groups of machines with one role each, put into the template: their names, and what the first is asked.

use anyhow::{Result, bail};

use super::in_title_case;

/// Words that a protocol with groups has besides the template's.
pub const WORDS: &str = "GroupKind Named";

/// The most that the engine has room for.
const MOST: usize = 3;

#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// One of it: `participant`.
    name: String,
    named: Named,
}

/// As the engine names the machines of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Alphabet,
    Numbered(char),
    Bare(char),
}

/// `coordinator=T,participant`: T alone, and P1, P2 and so on. A group's letter is the first of its name that is free;
/// one with `=T` has one machine of this name, one with `=P1` has numbers, one with `=A` shares the alphabet.
pub fn read(words: &str) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    for word in words.split(',') {
        let (name, letter) = word.split_once('=').map_or((word, None), |(name, letter)| (name, Some(letter)));
        let small = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        if !name.split('-').all(small) {
            bail!("a group is named in small letters, as in: participant; not {name:?}");
        }
        if ["node", "other", "rest", "sides", "operation", "n"].contains(&name) {
            bail!("{name} means something else in stories");
        }
        if groups.iter().any(|group| group.name == name || group.id() == name) {
            bail!("two groups are called {name}");
        }
        let named = match letter {
            Some(letter) => given(letter)?,
            None => chosen(name, &groups)?,
        };
        if named.letter().is_some_and(|letter| taken(&groups, letter)) {
            bail!("two groups have the letter {}", named.letter().unwrap_or(' '));
        }
        groups.push(Group { name: name.to_string(), named });
    }
    if !(1..=MOST).contains(&groups.len()) {
        bail!("there are one to three groups");
    }
    Ok(groups)
}

fn given(letter: &str) -> Result<Named> {
    let chars: Vec<char> = letter.chars().collect();
    match chars.as_slice() {
        ['A'] => Ok(Named::Alphabet),
        ['C', ..] => bail!("C1, C2 and so on are clients"),
        [letter @ 'B'..='Z'] => Ok(Named::Bare(*letter)),
        [letter @ 'A'..='Z', '1'] => Ok(Named::Numbered(*letter)),
        _ => bail!("a group's letter is T for one machine, P1 for numbers, or A for the alphabet; not {letter:?}"),
    }
}

/// The first letter of the name that is free, and is not the clients'.
fn chosen(name: &str, groups: &[Group]) -> Result<Named> {
    let letters = name.chars().map(|c| c.to_ascii_uppercase()).filter(char::is_ascii_uppercase);
    let mut free = letters.filter(|letter| *letter != 'C' && !taken(groups, *letter));
    match free.next() {
        Some(letter) => Ok(Named::Numbered(letter)),
        None => bail!("every letter of {name} is taken: give it one, as in {name}=X1"),
    }
}

fn taken(groups: &[Group], letter: char) -> bool {
    groups.iter().any(|group| group.named.letter() == Some(letter))
}

impl Named {
    fn letter(self) -> Option<char> {
        match self {
            Named::Alphabet => None,
            Named::Numbered(letter) | Named::Bare(letter) => Some(letter),
        }
    }
}

impl Group {
    fn is_one(&self) -> bool {
        matches!(self.named, Named::Bare(_))
    }
    /// The id of all of it: `participants`.
    fn id(&self) -> String {
        if self.is_one() { self.name.clone() } else { format!("{}s", self.name) }
    }
    fn constant(&self) -> String {
        self.id().to_uppercase().replace('-', "_")
    }

    /// How its machines are called.
    pub fn told(&self) -> String {
        let names = match self.named {
            Named::Alphabet => "A, B, C and so on, one alphabet with other groups that are named so".into(),
            Named::Numbered(letter) => format!("{letter}1, {letter}2 and so on"),
            Named::Bare(letter) => letter.to_string(),
        };
        format!("{}: {names}", self.id())
    }

    fn role(&self) -> String {
        let name = self.name.replace('-', " ");
        format!(
            "Role {{ id: {:?}, name: en({name:?}), authority: Authority::Follows, shape: \"circle\", crest: false }},",
            self.name
        )
    }

    fn kind(&self) -> String {
        let (named, bounds) = match self.named {
            Named::Alphabet => ("Named::Alphabet".to_string(), "Nodes { min: 1, default: 3, max: 9 }"),
            Named::Numbered(letter) => {
                (format!("Named::Numbered(b'{letter}')"), "Nodes { min: 1, default: 3, max: 9 }")
            }
            Named::Bare(letter) => (format!("Named::Bare(b'{letter}')"), "Nodes { min: 1, default: 1, max: 1 }"),
        };
        let id = self.id();
        let name = in_title_case(&id[..1]) + &id[1..].replace('-', " ");
        format!("GroupKind {{ id: {id:?}, name: en({name:?}), named: {named}, bounds: {bounds} }},")
    }
}

/// The template's `mod.rs` with these groups: a role for each, names, and requests that go to the first.
pub fn put_into(template: &str, groups: &[Group]) -> Result<String> {
    let Some(first) = groups.first() else {
        return Ok(template.to_string());
    };
    let mut text = template.to_string();
    let (from, to) = ("        roles: &[Role {", "        }],\n        layout: \"ring\",");
    let (Some(from), Some(to)) = (text.find(from), text.find(to).map(|at| at + to.len())) else {
        bail!("the template has roles");
    };
    let roles: Vec<String> = groups.iter().map(Group::role).collect();
    text.replace_range(from..to, &format!("roles: &[{}],\nlayout: \"columns\",", roles.concat()));
    let kinds: Vec<String> = groups.iter().map(Group::kind).collect();
    let places = groups.iter().enumerate();
    let places: Vec<String> =
        places.map(|(place, group)| format!("pub const {}: usize = {place};\n", group.constant())).collect();
    let asked = format!(
        "let mut asked = cx.roster().group({});
        if asked.clone().all(|node| node != cx.me()) {{
            // Whoever is not to be asked says who is.
            return asked.next().into_iter().for_each(|to| cx.redirect(request.client, request.serial, to));
        }}
        rules::count(",
        first.constant()
    );
    for (old, new) in [
        ("groups: &[],", format!("groups: &[{}],", kinds.concat())),
        ("nodes: Nodes { min: 1, default: 3, max: 99 }", "nodes: Nodes { min: 1, default: 3, max: 0 }".into()),
        ("membership: true", "membership: false".into()),
        ("impl Protocol for Toy", format!("/// The places of the groups.\n{}\nimpl Protocol for Toy", places.concat())),
        ("rules::count(", asked),
        ("Standing::new(0, ", "Standing::new(node.group.unwrap_or(0) as u8, ".into()),
    ] {
        if text.matches(old).count() != 1 {
            bail!("the template has {old:?} once");
        }
        text = text.replace(old, &new);
    }
    Ok(text)
}
