//! Remote references of a mail: what its reader's machine fetches on opening,
//! and what it fetches when the reader follows a link.

use serde::{Deserialize, Serialize};

/// How a mail refers to something remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// `<img src>`, `<input type=image>`, `<svg><image>`: of any size.
    Image,
    /// A candidate of `srcset`.
    Srcset,
    /// A `background` attribute.
    Background,
    /// `url(…)` or `@import` in a style sheet or `style` attribute.
    Css,
    /// `<link rel=stylesheet|prefetch|icon|…>`.
    Resource,
    /// `<iframe>`, `<frame>`, `<embed>`, `<object>`.
    Frame,
    /// `<audio>`, `<video>`, `<source>`, `<track>`, `poster`.
    Media,
    /// `<a href>`, `<area href>`, or a URL in plain text.
    Link,
    /// `<form action>`, `formaction`.
    Form,
    /// `<meta http-equiv=refresh>`.
    Refresh,
}

impl How {
    /// Whether rendering the mail fetches the reference, without a click.
    pub fn loads_on_opening(self) -> bool {
        !matches!(self, Self::Link | Self::Form | Self::Refresh)
    }
}

/// One remote reference, as the mail writes it after transfer, character and
/// entity decoding.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// How the mail refers to it.
    pub how: How,
    /// The absolute URL, untouched but for surrounding white space.
    pub url: String,
    /// Whether the reader is not meant to see it: at most 2×2 pixels, or
    /// hidden by style.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl Reference {
    /// The form in which the lake keeps it, a JSON object.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain strings always serialise")
    }

    /// Reads back what [`Reference::to_json`] wrote.
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
