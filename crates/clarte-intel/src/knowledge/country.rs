//! Countries by the names that sources write.

use std::collections::HashMap;

const NAMES: &str = include_str!("countries.txt");

/// Codes by name, to be looked up often.
pub(super) struct Countries(HashMap<String, &'static str>);

impl Countries {
    pub(super) fn new() -> Self {
        let mut codes = HashMap::new();
        for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
            if let Some((code, names)) = line.split_once('\t') {
                codes.extend(names.split('|').map(|name| (name.to_lowercase(), code)));
            }
        }
        Self(codes)
    }

    /// ISO 3166-1 alpha-2.
    pub(super) fn code(&self, name: &str) -> Option<String> {
        self.0.get(&name.trim().to_lowercase()).map(|code| (*code).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_hands_are_known() {
        let countries = Countries::new();
        for (name, code) in [
            ("Belgium", Some("BE")),
            ("united states", Some("US")),
            ("Korea (Democratic People's Republic of)", Some("KP")),
            (" Türkiye", Some("TR")),
            ("Europe", None),
            ("", None),
        ] {
            assert_eq!(countries.code(name).as_deref(), code, "{name}");
        }
    }

    #[test]
    fn a_name_is_one_country() {
        let mut seen = HashMap::new();
        for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
            let (code, names) = line.split_once('\t').unwrap();
            assert_eq!(super::super::country_code(code).as_deref(), Some(code));
            for name in names.split('|') {
                assert_eq!(seen.insert(name.to_lowercase(), code), None, "{name}");
            }
        }
    }
}
