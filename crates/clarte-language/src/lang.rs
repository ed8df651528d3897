//! Which languages there are, and which way they run.

/// A language that Clarté speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// English
    En,
    /// français
    Fr,
    /// Nederlands
    Nl,
    /// Deutsch
    De,
}

impl Lang {
    /// All of them.
    pub const ALL: &[Lang] = &[Lang::En, Lang::Fr, Lang::Nl, Lang::De];

    /// Its ISO 639-1 code, as `--lang` and HTML's `lang` take it.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Nl => "nl",
            Self::De => "de",
        }
    }

    /// The language that a tag such as `fr`, `fr-BE` or `FR_be` names; none
    /// where Clarté does not speak it.
    ///
    /// ```
    /// use clarte_language::Lang;
    /// assert_eq!(Lang::from_tag("fr-BE"), Some(Lang::Fr));
    /// assert_eq!(Lang::from_tag("ug"), None);
    /// ```
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = primary(tag);
        Self::ALL.iter().copied().find(|lang| lang.code().eq_ignore_ascii_case(primary))
    }

    /// Which way its text runs.
    pub fn direction(self) -> Direction {
        Direction::of(self.code())
    }
}

/// Which way a text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    Ltr,
    /// From right to left.
    Rtl,
}

impl Direction {
    /// Which way the language of a tag runs, whether Clarté speaks it or not.
    /// The one list of those that run from right to left.
    pub fn of(tag: &str) -> Self {
        match primary(tag).to_ascii_lowercase().as_str() {
            "ug" | "ar" | "fa" | "ur" | "he" | "ps" | "ckb" | "sd" | "yi" | "dv" => Self::Rtl,
            _ => Self::Ltr,
        }
    }

    /// As HTML's `dir` takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// The language of a tag, without region and script.
fn primary(tag: &str) -> &str {
    tag.trim().split(['-', '_']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_by_its_language() {
        for lang in Lang::ALL {
            assert_eq!(Lang::from_tag(lang.code()), Some(*lang));
        }
        for (tag, lang) in [
            ("fr-BE", Some(Lang::Fr)),
            (" NL_be ", Some(Lang::Nl)),
            ("de-Latn-BE", Some(Lang::De)),
            ("frr", None),
            ("", None),
        ] {
            assert_eq!(Lang::from_tag(tag), lang, "{tag}");
        }
    }

    #[test]
    fn directions_are_known_beyond_the_languages_that_are_spoken() {
        for tag in ["ug", "ug-CN", "ar", "FA", "ur"] {
            assert_eq!(Direction::of(tag), Direction::Rtl, "{tag}");
        }
        for lang in Lang::ALL {
            assert_eq!(lang.direction(), Direction::Ltr);
        }
    }
}
