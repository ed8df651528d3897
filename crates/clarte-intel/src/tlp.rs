//! The Traffic Light Protocol in its dialects.
//! Spec: <https://www.first.org/tlp/>

use clarte_model::Tlp;

/// A level by name: `TLP:AMBER+STRICT`, `white`, `tlp-green`, `Amber Strict`.
pub(crate) fn read(text: &str) -> Option<Tlp> {
    let text = text.trim().to_ascii_lowercase();
    let bare = text.strip_prefix("tlp").unwrap_or(&text).trim_start_matches([':', '-', '_', ' ']);
    match bare {
        "white" | "clear" => Some(Tlp::Clear),
        "green" => Some(Tlp::Green),
        "amber" => Some(Tlp::Amber),
        "amber+strict" | "amber-strict" | "amber_strict" | "amber strict" => Some(Tlp::AmberStrict),
        "red" => Some(Tlp::Red),
        _ => None,
    }
}

/// A tag, which must say that it is one: `tlp:green`, not `green`.
pub(crate) fn read_tag(tag: &str) -> Option<Tlp> {
    let is_tlp = tag.trim().get(..4).is_some_and(|head| head.eq_ignore_ascii_case("tlp:"));
    is_tlp.then(|| read(tag)).flatten()
}

/// The levels that STIX gives fixed ids: TLP 1 (STIX 2.1 §7.2.1.4) and TLP 2
/// (its extension definition).
pub(crate) fn by_marking(id: &str) -> Option<Tlp> {
    match id.strip_prefix("marking-definition--")? {
        "613f2e26-407d-48c7-9eca-b8e91df99dc9" => Some(Tlp::Clear),
        "34098fce-860f-48ae-8e50-ebd3cc5e41da" => Some(Tlp::Green),
        "f88d31f6-486f-44da-b317-01333bde0b82" => Some(Tlp::Amber),
        "5e57c739-391a-4eb3-b6be-7d15ca92d5ed" => Some(Tlp::Red),
        "94868c89-83c2-464b-929b-a1a8aa3c8487" => Some(Tlp::Clear),
        "bab4a63c-aed9-4cf5-a766-dfca5abac2bb" => Some(Tlp::Green),
        "55d920b0-5e8b-4f79-9ee9-91f868d9b421" => Some(Tlp::Amber),
        "939a9414-2ddd-4d32-a0cd-375ea402b003" => Some(Tlp::AmberStrict),
        "e828b379-4e03-4974-9ac4-e53a884c97c1" => Some(Tlp::Red),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_in_every_dialect() {
        for text in ["TLP:AMBER+STRICT", "amber+strict", "tlp_amber_strict"] {
            assert_eq!(read(text), Some(Tlp::AmberStrict), "{text}");
        }
        assert_eq!(read("White"), Some(Tlp::Clear));
        assert_eq!(read("mauve"), None);
        assert_eq!(read_tag("tlp:red"), Some(Tlp::Red));
        assert_eq!(read_tag("red"), None);
        assert_eq!(read_tag("é"), None);
    }
}
