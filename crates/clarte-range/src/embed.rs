//! How a beacon stands in HTML: everything that some mail program fetches when
//! a mail is opened, of any size and with any trick to hide it.
//! Spec: <https://html.spec.whatwg.org/>, CSS 2.2 section 4.3.4 for `url()`.

use serde::Serialize;

/// How a beacon stands in a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Embed {
    /// An image of one pixel by one.
    TinyImage,
    /// An image that is not displayed.
    HiddenImage,
    /// An image whose address stands in `srcset` only.
    Srcset,
    /// A background in a `style` attribute.
    InlineBackground,
    /// A background in a style block.
    StyleBlock,
    /// A `background` attribute of a table.
    TableBackground,
    /// A `background` attribute of the body.
    BodyBackground,
    /// A linked style sheet.
    StyleSheet,
    /// An image button.
    InputImage,
    /// An image of two pixels by two.
    TwoByTwo,
    /// An image without any size.
    ZeroSize,
    /// A fully transparent image of normal size.
    Transparent,
    /// An image that keeps its room and shows nothing.
    Invisible,
    /// An image moved out of the window.
    OffScreen,
    /// An image inside a box without height.
    Clipped,
    /// A visible picture: its address alone is individual.
    Banner,
    /// A picture with several sources.
    PictureSource,
    /// A `background` attribute of a table cell.
    CellBackground,
    /// The picture before a list item.
    ListMarker,
    /// A font of a style block.
    FontFace,
    /// A style sheet that a style block imports.
    Import,
    /// A page fetched ahead.
    Prefetch,
    /// An image fetched ahead.
    Preload,
    /// A sound that starts by itself.
    Audio,
    /// The still picture of a film.
    VideoPoster,
    /// A film that loads by itself.
    Video,
    /// A frame of one pixel.
    Iframe,
    /// An image as an object.
    ObjectData,
    /// An image inside a drawing.
    SvgImage,
}

impl Embed {
    /// Every form.
    pub const ALL: [Self; 29] = [
        Self::TinyImage,
        Self::HiddenImage,
        Self::Srcset,
        Self::InlineBackground,
        Self::StyleBlock,
        Self::TableBackground,
        Self::BodyBackground,
        Self::StyleSheet,
        Self::InputImage,
        Self::TwoByTwo,
        Self::ZeroSize,
        Self::Transparent,
        Self::Invisible,
        Self::OffScreen,
        Self::Clipped,
        Self::Banner,
        Self::PictureSource,
        Self::CellBackground,
        Self::ListMarker,
        Self::FontFace,
        Self::Import,
        Self::Prefetch,
        Self::Preload,
        Self::Audio,
        Self::VideoPoster,
        Self::Video,
        Self::Iframe,
        Self::ObjectData,
        Self::SvgImage,
    ];

    /// The forms that the waves of a range use.
    pub(crate) const IN_WAVES: [Self; 9] = [
        Self::TinyImage,
        Self::HiddenImage,
        Self::Srcset,
        Self::InlineBackground,
        Self::StyleBlock,
        Self::TableBackground,
        Self::BodyBackground,
        Self::StyleSheet,
        Self::InputImage,
    ];

    /// A page with this content and the beacon. The URL is written as an
    /// attribute takes it.
    pub(crate) fn page(self, content: &str, url: &str) -> String {
        if let Some(head) = self.head(url) {
            return page(&head, "<body>", &format!("{content}{}", self.user_of_head()));
        }
        if self == Self::BodyBackground {
            return page("", &format!("<body background=\"{url}\">"), content);
        }
        page("", "<body>", &format!("{content}{}", self.inline(url)))
    }

    /// What stands in the head, where the beacon stands there.
    fn head(self, url: &str) -> Option<String> {
        let plain = unescape(url);
        Some(match self {
            Self::StyleBlock => {
                format!("<style>.end{{width:1px;background:url('{plain}')}}</style>")
            }
            Self::StyleSheet => format!("<link rel=\"stylesheet\" href=\"{url}\">"),
            Self::FontFace => format!(
                "<style>@font-face{{font-family:Desk;src:url(\"{plain}\")}}p{{font-family:Desk,serif}}</style>"
            ),
            Self::Import => format!("<style>@import url(\"{plain}\");</style>"),
            Self::Prefetch => format!("<link rel=\"prefetch\" href=\"{url}\">"),
            Self::Preload => format!("<link rel=\"preload\" as=\"image\" href=\"{url}\">"),
            _ => return None,
        })
    }

    /// What in the body makes a program fetch what the head names.
    fn user_of_head(self) -> &'static str {
        if self == Self::StyleBlock { "<div class=\"end\">&nbsp;</div>" } else { "" }
    }

    /// What stands at the end of the body.
    fn inline(self, url: &str) -> String {
        match self {
            Self::HiddenImage => format!("<img src=\"{url}\" style=\"display:none\" alt=\"\">"),
            Self::Srcset => {
                format!("<img srcset=\"{url} 1x\" width=\"1\" height=\"1\" alt=\"\">")
            }
            Self::InlineBackground => {
                format!("<div style=\"height:1px;background:url({url})\"></div>")
            }
            Self::TableBackground => {
                format!("<table background=\"{url}\" width=\"1\"><tr><td></td></tr></table>")
            }
            Self::InputImage => {
                format!("<input type=\"image\" src=\"{url}\" width=\"1\" alt=\"\">")
            }
            Self::TwoByTwo => format!("<img alt=\"\" border=0 height=2 width=2 src='{url}'>"),
            Self::ZeroSize => format!("<img src=\"{url}\" style=\"width:0;height:0\">"),
            Self::Transparent => {
                format!(
                    "<img src=\"{url}\" width=\"60\" height=\"20\" style=\"opacity:0\" alt=\"\">"
                )
            }
            Self::Invisible => format!("<img src=\"{url}\" style=\"visibility: hidden\" alt=\"\">"),
            Self::OffScreen => {
                format!("<img src=\"{url}\" style=\"position:absolute;left:-9999px\" alt=\"\">")
            }
            Self::Clipped => format!(
                "<div style=\"max-height:0;overflow:hidden\"><img src=\"{url}\" alt=\"\"></div>"
            ),
            Self::Banner => {
                format!("<p><img src=\"{url}\" width=\"320\" height=\"64\" alt=\"\"></p>")
            }
            Self::PictureSource => {
                format!("<picture><source srcset=\"{url}\"><img alt=\"\" width=\"1\"></picture>")
            }
            Self::CellBackground => {
                format!("<table><tr><td background=\"{url}\" height=\"1\"></td></tr></table>")
            }
            Self::ListMarker => {
                format!("<ul style=\"list-style-image:url({url})\"><li>&nbsp;</li></ul>")
            }
            Self::Audio => format!("<audio autoplay src=\"{url}\"></audio>"),
            Self::VideoPoster => {
                format!("<video poster=\"{url}\" width=\"1\" height=\"1\"></video>")
            }
            Self::Video => format!("<video autoplay muted><source src=\"{url}\"></video>"),
            Self::Iframe => {
                format!(
                    "<iframe src=\"{url}\" width=\"1\" height=\"1\" frameborder=\"0\"></iframe>"
                )
            }
            Self::ObjectData => {
                format!(
                    "<object data=\"{url}\" type=\"image/png\" width=\"1\" height=\"1\"></object>"
                )
            }
            Self::SvgImage => {
                format!("<svg width=\"1\" height=\"1\"><image href=\"{url}\"/></svg>")
            }
            _ => format!("<img src=\"{url}\" width=\"1\" height=\"1\" alt=\"\">"),
        }
    }
}

/// A page of HTML.
pub(crate) fn page(head: &str, body_tag: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\">{head}</head>{body_tag}{body}</body></html>\n"
    )
}

/// The page with more at its end.
pub(crate) fn with_end(page: &str, more: &str) -> String {
    page.replacen("</body>", &format!("{more}</body>"), 1)
}

/// A URL inside an attribute; with dots as numbers where a sender hides them.
pub(crate) fn escape(url: &str, numeric: bool) -> String {
    let url = url.replace('&', "&amp;");
    if numeric { url.replace('.', "&#46;") } else { url }
}

/// A style block takes no entities.
fn unescape(url: &str) -> String {
    url.replace("&#46;", ".").replace("&amp;", "&")
}
