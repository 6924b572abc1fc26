//! What the head of a page tells those who do not run it: its address, its languages, and what a preview of it says.

use anyhow::{Result, ensure};

/// A language of the site: the folder of its pages, and what heads call it.
pub struct Lang {
    pub id: &'static str,
    pub folder: &'static str,
    pub html: &'static str,
    pub locale: &'static str,
    pub name: &'static str,
}

pub const LANGS: [Lang; 2] = [
    Lang { id: "en", folder: "", html: "en", locale: "en_US", name: "English" },
    Lang { id: "zh", folder: "zh/", html: "zh-CN", locale: "zh_CN", name: "中文" },
];

/// Where the site is, ending in a slash, if whoever builds it says so: some of what heads say must be a whole address.
pub struct Site(Option<String>);

impl Site {
    /// As `SYNOD_SITE` says.
    pub fn told() -> Result<Site> {
        Site::at(&std::env::var("SYNOD_SITE").unwrap_or_default())
    }

    pub fn at(address: &str) -> Result<Site> {
        let address = address.trim().trim_end_matches('/');
        if address.is_empty() {
            return Ok(Site(None));
        }
        let whole = ["https://", "http://"].iter().any(|start| address.starts_with(start));
        let plain = |c: char| c.is_ascii_graphic() && !r#""'<>&?#\"#.contains(c);
        ensure!(whole && address.chars().all(plain), "SYNOD_SITE is {address:?}, and not the address of a site");
        Ok(Site(Some(format!("{address}/"))))
    }

    pub fn whole(&self, path: &str) -> Option<String> {
        self.0.as_ref().map(|site| format!("{site}{path}"))
    }

    /// The whole address where it is known, else what leads there from the site's own folder.
    pub fn link(&self, path: &str) -> String {
        self.whole(path).unwrap_or_else(|| if path.is_empty() { "./".into() } else { path.into() })
    }
}

/// What a head says of its page. Words are as a page has them, escaped.
pub struct Head<'a> {
    /// Below the site's own folder, in English; the other languages have theirs in folders of theirs.
    pub path: &'a str,
    pub lang: &'a Lang,
    /// Whether each language has a page of its own.
    pub twins: bool,
    pub title: &'a str,
    pub description: &'a str,
}

impl Head<'_> {
    pub fn tags(&self, site: &Site) -> String {
        let (lang, at) = (self.lang, format!("{}{}", self.lang.folder, self.path));
        let mut tags = vec![format!(r#"<link rel="canonical" href="{}">"#, site.link(&at))];
        if self.twins {
            tags.extend(
                alternates(self.path, site)
                    .map(|(lang, href)| format!(r#"<link rel="alternate" hreflang="{lang}" href="{href}">"#)),
            );
        }
        let mut said =
            |name: &str, content: &str| tags.push(format!(r#"<meta property="{name}" content="{content}">"#));
        said("og:site_name", "Synod");
        said("og:type", if self.twins { "article" } else { "website" });
        said("og:title", self.title);
        said("og:description", self.description);
        if let Some(whole) = site.whole(&at) {
            said("og:url", &whole);
        }
        said("og:locale", lang.locale);
        for other in LANGS.iter().filter(|other| self.twins && other.id != lang.id) {
            said("og:locale:alternate", other.locale);
        }
        tags.push(NO_PICTURE.into());
        tags.join("\n")
    }
}

/// What a page says before its picture is drawn; `xtask` puts the picture's tags in its place.
pub const NO_PICTURE: &str = r#"<meta name="twitter:card" content="summary">"#;

/// A page in each language, and for who speaks none of them.
pub fn alternates<'a>(path: &'a str, site: &'a Site) -> impl Iterator<Item = (&'static str, String)> + 'a {
    let href = move |lang: &Lang| site.link(&format!("{}{path}", lang.folder));
    LANGS.iter().map(move |lang| (lang.id, href(lang))).chain([("x-default", href(&LANGS[0]))])
}

/// A page with one part of it in another's place. Parts that pages are made of are there once.
pub fn replaced(html: &str, part: &str, with: &str) -> Result<String> {
    ensure!(html.matches(part).count() == 1, "a page has {part:?} {} times", html.matches(part).count());
    Ok(html.replace(part, with))
}

/// What stands between two parts of a page.
pub fn between<'a>(html: &'a str, from: &str, to: &str) -> Result<&'a str> {
    let inside = html.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(inside, _)| inside);
    inside.ok_or_else(|| anyhow::anyhow!("a page has nothing between {from:?} and {to:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_site_is_a_whole_one_or_none() {
        assert_eq!(Site::at("https://example.org/synod").unwrap().link("a.html"), "https://example.org/synod/a.html");
        assert_eq!(Site::at("https://example.org/").unwrap().link(""), "https://example.org/");
        let none = Site::at("").unwrap();
        assert_eq!([none.link(""), none.link("a.html")], ["./", "a.html"]);
        for wrong in ["example.org", "javascript:alert(1)", "https://a\"b", "https://a/?q", "https://a b"] {
            assert!(Site::at(wrong).is_err(), "{wrong}");
        }
    }
}
