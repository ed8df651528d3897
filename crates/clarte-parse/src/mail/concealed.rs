//! What a document keeps from its reader's eyes: by an element's own style or
//! size, by a rule of a style sheet, or by hiding what is around it.
//! Spec: CSS 2.2 §9.2, §11; only rules that hide by one class or id are
//! followed, those inside `@media` are not.

use std::collections::HashSet;

use super::element::{Attribute, Element, Tag};

/// Classes and ids remembered.
const NAMES_CAP: usize = 1_000;

/// What hides things, at the place that was reached.
#[derive(Debug, Default)]
pub(super) struct Concealed {
    /// Classes (`.x`) and ids (`#x`) whose rule hides.
    names: HashSet<String>,
    /// The element that hides all it contains, and how many of its kind are
    /// open.
    around: Option<(Tag, usize)>,
}

impl Concealed {
    /// Reads the rules of a style sheet.
    pub(super) fn learn(&mut self, sheet: &str) {
        let mut depth = 0usize;
        let mut start = 0;
        let mut selectors = "";
        for (at, byte) in sheet.bytes().enumerate() {
            match byte {
                b'{' => {
                    if depth == 0 {
                        selectors = &sheet[start..at];
                    }
                    depth += 1;
                    start = at + 1;
                }
                b'}' => {
                    if depth == 1 && hides(&sheet[start..at]) {
                        self.remember(selectors);
                    }
                    depth = depth.saturating_sub(1);
                    start = at + 1;
                }
                _ => {}
            }
        }
    }

    fn remember(&mut self, selectors: &str) {
        for selector in selectors.split(',') {
            let word = selector.split_whitespace().next_back().unwrap_or_default();
            let Some(at) = word.rfind(['.', '#']) else { continue };
            let plain = word[at + 1..].chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
            if plain && word.len() < 100 && self.names.len() < NAMES_CAP {
                self.names.insert(word[at..].to_owned());
            }
        }
    }

    /// Goes into `element`.
    pub(super) fn enter(&mut self, element: &Element<'_>) {
        let Some(tag) = element.tag.filter(|tag| contains(*tag) && !element.self_closing) else {
            return;
        };
        match &mut self.around {
            Some((around, open)) if *around == tag => *open += 1,
            Some(_) => {}
            None => {
                let style = element.get(Attribute::Style);
                let is_hidden = element.has(Attribute::Hidden)
                    || style.is_some_and(|style| conceals(&style))
                    || self.by_name(element);
                if is_hidden {
                    self.around = Some((tag, 1));
                }
            }
        }
    }

    /// Goes out of an element.
    pub(super) fn leave(&mut self, tag: Option<Tag>) {
        if let Some((around, open)) = &mut self.around
            && tag == Some(*around)
        {
            *open -= 1;
            if *open == 0 {
                self.around = None;
            }
        }
    }

    /// Whether the reader is not meant to see `element`: at most 2×2 pixels,
    /// or hidden by itself, a rule, or what is around it.
    pub(super) fn hides(&self, element: &Element<'_>) -> bool {
        if self.around.is_some() || element.has(Attribute::Hidden) || self.by_name(element) {
            return true;
        }
        let side = |side| element.get(side).and_then(|text| pixels(&text));
        let size = (side(Attribute::Width), side(Attribute::Height));
        let style = element.get(Attribute::Style).unwrap_or_default();
        conceals(&style) || is_tiny(&style, size)
    }

    /// Whether what is around hides the text at this place.
    pub(super) fn hides_text(&self) -> bool {
        self.around.is_some()
    }

    fn by_name(&self, element: &Element<'_>) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let classes = element.get(Attribute::Class).unwrap_or_default();
        let mut classes = classes.split_ascii_whitespace().take(50);
        let id = element.get(Attribute::Id).unwrap_or_default();
        classes.any(|class| self.names.contains(&format!(".{class}")))
            || !id.is_empty() && self.names.contains(&format!("#{}", id.trim()))
    }
}

/// Whether declarations hide what they are for, by any means.
fn hides(style: &str) -> bool {
    conceals(style) || is_tiny(style, (None, None))
}

/// Elements that contain others and are closed.
fn contains(tag: Tag) -> bool {
    use Tag::{A, Center, Div, P, Section, Span, Table, Td, Th, Tr};
    matches!(tag, A | Center | Div | P | Section | Span | Table | Td | Th | Tr)
}

/// The declarations of a style, lower case, without `!important`.
fn declarations(style: &str) -> impl Iterator<Item = (String, String)> {
    style.split(';').take(200).filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let value = value.split('!').next().unwrap_or_default();
        let tidy = |text: &str| text.trim().to_ascii_lowercase();
        Some((tidy(property), tidy(value)))
    })
}

/// Whether a style takes an element and all in it out of sight.
fn conceals(style: &str) -> bool {
    let (mut no_height, mut clips) = (false, false);
    for (property, value) in declarations(style) {
        match property.as_str() {
            "display" if value == "none" => return true,
            "visibility" if value == "hidden" || value == "collapse" => return true,
            "opacity" if is_transparent(&value) => return true,
            "filter" | "-ms-filter" if value.replace(' ', "").contains("opacity(0)") => {
                return true;
            }
            "filter" | "-ms-filter" if value.replace(' ', "").contains("opacity=0)") => {
                return true;
            }
            "transform" if value.replace(' ', "").starts_with("scale(0)") => return true,
            "clip" if value.replace(' ', "").starts_with("rect(0") => return true,
            "left" | "top" | "right" | "bottom" | "margin" | "margin-left" | "margin-top"
            | "text-indent"
                if is_far_off(&value) =>
            {
                return true;
            }
            "height" | "max-height" if pixels(&value).is_some_and(|height| height <= 2.0) => {
                no_height = true;
            }
            "overflow" | "overflow-y" if value == "hidden" => clips = true,
            _ => {}
        }
    }
    no_height && clips
}

/// At most 5 % of the colour is left.
fn is_transparent(value: &str) -> bool {
    match value.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f32>().is_ok_and(|percent| percent <= 5.0),
        None => value.parse::<f32>().is_ok_and(|share| share <= 0.05),
    }
}

/// Half a thousand pixels or more out of the page.
fn is_far_off(value: &str) -> bool {
    value.split_ascii_whitespace().any(|length| {
        let unit = length
            .trim_start_matches(['-', '.'])
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = length[..length.len() - unit.len()].parse::<f32>();
        number.is_ok_and(|number| match unit {
            "px" | "pt" | "" => number <= -500.0,
            "em" | "rem" => number <= -40.0,
            "%" | "vw" | "vh" => number <= -100.0,
            _ => false,
        })
    })
}

/// Whether a style and the size that attributes give leave at most 2×2 pixels.
fn is_tiny(style: &str, size: (Option<f32>, Option<f32>)) -> bool {
    let (mut width, mut height) = size;
    for (property, value) in declarations(style) {
        match property.as_str() {
            "width" | "max-width" => width = pixels(&value).or(width),
            "height" | "max-height" => height = pixels(&value).or(height),
            _ => {}
        }
    }
    let small = |side: Option<f32>| side.is_none_or(|pixels| pixels <= 2.0);
    let none = |side: Option<f32>| side == Some(0.0);
    none(width)
        || none(height)
        || ((width.is_some() || height.is_some()) && small(width) && small(height))
}

/// A length in pixels; `None` for other units.
fn pixels(text: &str) -> Option<f32> {
    let text = text.trim();
    let text = text.strip_suffix("px").or_else(|| text.strip_suffix("PX")).unwrap_or(text);
    text.trim_end().parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::mail::{html, references::References};

    fn hidden(html: &str) -> bool {
        let (mut references, mut text) = (References::default(), String::new());
        html::read(html, &mut references, &mut text);
        let (all, _) = references.finish();
        assert_eq!(all.len(), 1, "{html}");
        all[0].hidden
    }

    #[test]
    fn what_nobody_sees_is_hidden_whatever_hides_it() {
        const IMG: &str = "<img src=http://a.example/x>";
        for html in [
            "<img src=http://a.example/x width=1 height=1>".to_owned(),
            "<img src=http://a.example/x style='opacity: .01'>".to_owned(),
            "<img src=http://a.example/x style='position:absolute;left:-9999px'>".to_owned(),
            "<img src=http://a.example/x style='filter:alpha(opacity=0)'>".to_owned(),
            "<img src=http://a.example/x style='width:2px!important;height:2px'>".to_owned(),
            format!("<div style='display:none'><p>x</p>{IMG}</div>"),
            format!("<div style='max-height:0;overflow:hidden'><div></div>{IMG}</div>"),
            "<style>.p{display:none}</style><img class='a p' src=http://a.example/x>".to_owned(),
            "<style>img#q, .z{width:1px;height:1px}</style><img id=q src=http://a.example/x>"
                .to_owned(),
            format!("<style>.p{{visibility:hidden}}</style><span class=p>{IMG}</span>"),
        ] {
            assert!(hidden(&html), "{html}");
        }
        for html in [
            IMG.to_owned(),
            "<img src=http://a.example/x width=1 height=30>".to_owned(),
            "<img src=http://a.example/x style='left:-20px'>".to_owned(),
            format!("<div style='display:none'>x</div>{IMG}"),
            format!("<div style='display:none'><div></div></div>{IMG}"),
            "<style>@media print{.p{display:none}}</style><img class=p src=http://a.example/x>"
                .to_owned(),
        ] {
            assert!(!hidden(&html), "{html}");
        }
    }
}
