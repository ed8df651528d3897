//! What is built in, so that a machine without a network can answer: ATT&CK's
//! groups, software and techniques with the citations they rest on, and the
//! names, countries and targets of MISP's threat actors. Facts only: ids,
//! names, keys; no prose, no addresses. `cargo xtask knowledge` writes it.

use clarte_model::knowledge::Knowledge;

use super::{compact, merge};

const PARTS: [&str; 2] = [include_str!("built-in/attack.txt"), include_str!("built-in/galaxy.txt")];

/// What is built in.
///
/// ```
/// let base = clarte_intel::knowledge::built_in();
/// let zirconium = base.actors.iter().find(|actor| actor.id == "G0128").unwrap();
/// assert!(zirconium.names.iter().any(|claim| claim.name == "APT31"));
/// assert!(base.origins.iter().all(|origin| origin.notice.is_some()));
/// ```
pub fn built_in() -> Knowledge {
    let read = |text| compact::read(text).expect("a test reads every line of what is built in");
    merge(PARTS.into_iter().map(read).collect())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn what_is_built_in_is_whole() {
        let base = built_in();
        let of = |name: &str| {
            let origin = base.origins.iter().position(|origin| origin.name == name).unwrap();
            base.actors.iter().filter(|actor| actor.origin as usize == origin).count()
        };
        assert_eq!((of("MITRE ATT&CK"), of("MISP galaxy")), (172, 1041));
        assert_eq!((base.software.len(), base.techniques.len()), (784, 691));
        assert!(base.reports.iter().all(|report| report.url.is_none()));
        assert!(PARTS.iter().map(|part| part.len()).sum::<usize>() < 700_000);
    }

    #[test]
    fn it_is_there_at_once() {
        let start = Instant::now();
        built_in();
        // A tenth of this where nothing else runs.
        assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
        println!("{:?}", start.elapsed());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let base = built_in();
        assert_eq!(merge(vec![compact::read(&compact::compact(&base)).unwrap()]), base);
    }
}
