//! Words as a page has them: escaped, and without the marks of a lesson.

/// A text as it stands in a page, between tags or in an attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The words of a caption, as a screen reader is told them: names and epochs stay, glyphs and tallies are only seen. A
/// number of a run that was not played is left open.
pub fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (mark, behind) = after.split_once('}').unwrap_or((after, ""));
        words.push_str(before);
        if mark.starts_with('=') {
            words.push('…');
        } else if !mark.starts_with(['>', '~']) {
            let bears = mark.split_once(':').filter(|(epoch, _)| epoch.parse::<u32>().is_ok());
            words.push_str(bears.map_or(mark, |(_, bears)| bears));
        }
        rest = behind;
    }
    words.push_str(rest);
    let mut out = String::new();
    for c in words.chars() {
        if out.ends_with(' ') && (c == ' ' || ".,;:。，；：、".contains(c)) {
            out.pop();
        }
        out.push(c);
    }
    out.trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_the_words_that_they_bear() {
        let text = "{A} moves to {1:term 1}, and asks {>ask} every other server {~A}. The ratio is 3:1.";
        assert_eq!(plain(text), "A moves to term 1, and asks every other server. The ratio is 3:1.");
        assert_eq!(plain("{=swarm.susceptible} of them know it."), "… of them know it.");
        assert_eq!(plain("再向其余每台服务器请求投票 {>ask}。"), "再向其余每台服务器请求投票。");
    }

    #[test]
    fn nothing_of_a_text_is_read_as_a_tag_or_ends_an_attribute() {
        assert_eq!(
            escape(r#"<script>"a" & 'b'</script>"#),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;"
        );
    }
}
