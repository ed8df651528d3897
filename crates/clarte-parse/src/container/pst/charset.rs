//! Windows code pages and what they are called elsewhere.
//! Spec: <https://learn.microsoft.com/en-us/windows/win32/intl/code-page-identifiers>.

use encoding_rs::{Encoding, WINDOWS_1252};

/// Code pages whose name is not made of their number.
const NAMES: &[(u32, &str)] = &[
    (866, "ibm866"),
    (874, "windows-874"),
    (932, "shift_jis"),
    (936, "gbk"),
    (949, "euc-kr"),
    (950, "big5"),
    (1200, "utf-16le"),
    (1201, "utf-16be"),
    (10_000, "macintosh"),
    (20_866, "koi8-r"),
    (20_932, "euc-jp"),
    (21_866, "koi8-u"),
    (28_598, "iso-8859-8"),
    (38_598, "iso-8859-8-i"),
    (50_220, "iso-2022-jp"),
    (50_221, "iso-2022-jp"),
    (50_222, "iso-2022-jp"),
    (51_932, "euc-jp"),
    (51_936, "gbk"),
    (51_949, "euc-kr"),
    (54_936, "gb18030"),
    (65_001, "utf-8"),
];

/// The name of a code page, by which mail programs know it; of one that is not
/// known, that of Western Windows.
pub(super) fn name(page: u32) -> String {
    match page {
        1250..=1258 => format!("windows-{page}"),
        28_591..=28_597 | 28_599..=28_606 => format!("iso-8859-{}", page - 28_590),
        _ => {
            let known = NAMES.iter().find(|(number, _)| *number == page);
            known.map_or("windows-1252", |(_, name)| name).to_owned()
        }
    }
}

/// Text in a code page.
pub(super) fn decode(bytes: &[u8], page: u32) -> String {
    let encoding = Encoding::for_label(name(page).as_bytes()).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_that_is_known() {
        for page in (0..66_000).filter(|page| !matches!(page, 28_602)) {
            assert!(Encoding::for_label(name(page).as_bytes()).is_some(), "{page}");
        }
        assert_eq!(decode(b"\xe9", 1252), "é");
        assert_eq!(decode(b"\xe9", 1251), "й");
        assert_eq!(decode("é".as_bytes(), 65_001), "é");
    }
}
