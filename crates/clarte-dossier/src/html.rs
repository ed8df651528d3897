//! Pages as HTML: self-contained, without script, printable on A4 and readable
//! on a phone, in either direction of writing.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::page::{Block, Line, Page, Run};

/// What a browser may do with a page: nothing but its style.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                          form-action 'none'";

/// How a page looks. Only logical properties, so that it turns with its `dir`.
pub const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;max-inline-size:42rem;margin-block:2rem;\
margin-inline:auto;padding-inline:1rem;overflow-wrap:anywhere}\
h1{font-size:1.5rem;line-height:1.25}\
h2{font-size:1.15rem;margin-block:1.75rem .25rem}\
li{margin-block:.4rem}\
dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.25rem 1rem}\
dt{font-weight:600}dd{margin:0}\
.small{font-size:.875rem;opacity:.8}\
.warning{border-inline-start:.3rem solid;padding-inline-start:.75rem;font-weight:600}\
@media print{@page{size:A4;margin:20mm}body{font-size:10.5pt;margin-block:0;\
max-inline-size:none;padding-inline:0}h2{break-after:avoid}li,dl,.warning{break-inside:avoid}}";

/// The whole page.
pub(crate) fn page(page: &Page) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang=(page.lang) dir=(page.direction.as_str()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { (page.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (page.title) }
                    @for block in &page.blocks { (written(block)) }
                }
            }
        }
    };
    markup.into_string() + "\n"
}

fn written(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(heading) => h2 { (line(heading)) },
            Block::Text(text) => p { (text) },
            Block::Warning(text) => p class="warning" role="note" { (text) },
            Block::Small(text) => p class="small" { (text) },
            Block::Fields(fields) => dl {
                @for (label, value) in fields { dt { (label) } dd { (line(value)) } }
            },
            Block::Items(lines) => ul { @for one in lines { li { (line(one)) } } },
            Block::Steps(steps) => ol { @for step in steps { li { (step) } } },
        }
    }
}

fn line(line: &Line) -> Markup {
    html! {
        @for run in line {
            @match run {
                Run::Own(text) => (text),
                Run::Foreign(_) => bdi dir="auto" { (run.text()) },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clarte_language::Direction;

    use super::*;
    use crate::page::own;

    fn sample(lang: &'static str) -> String {
        page(&Page {
            lang,
            direction: Direction::of(lang),
            title: "<title>".to_owned(),
            blocks: vec![
                Block::Heading(own("a & b".to_owned())),
                Block::Items(vec![vec![
                    Run::Own("from ".to_owned()),
                    Run::foreign("\u{202e}<img src=x onerror=alert(1)>"),
                ]]),
                Block::Fields(vec![("l".to_owned(), vec![Run::hostile("http://a.example")])]),
            ],
        })
    }

    #[test]
    fn a_page_runs_the_way_of_its_language() {
        assert!(sample("en").contains("<html lang=\"en\" dir=\"ltr\">"));
        assert!(sample("ug").contains("<html lang=\"ug\" dir=\"rtl\">"));
        for physical in ["left", "right", "margin-top", "width:", "text-align"] {
            assert!(!STYLE.contains(physical), "{physical} does not turn");
        }
    }

    #[test]
    fn evidence_in_a_page_is_text_and_cannot_be_followed() {
        let page = sample("en");
        let shown = "<bdi dir=\"auto\">\\u{202e}&lt;img src=x onerror=alert(1)&gt;</bdi>";
        assert!(page.contains(shown), "{page}");
        assert!(page.contains("hxxp[:]//a[.]example"), "{page}");
        assert!(page.contains("<h1>&lt;title&gt;</h1>") && page.contains("a &amp; b"));
        for forbidden in ["<script", "<img", "<a ", "<link", "<iframe", "href", "url(", "@import"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'"));
    }
}
