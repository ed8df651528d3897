//! The Merkle tree of a log (RFC 6962 §2.1, SHA-256), in flat memory.
//! Spec: <https://www.rfc-editor.org/rfc/rfc6962#section-2.1>
//!
//! A log is only ever appended to, so its root follows from at most 64 hashes:
//! the roots of the full subtrees that its size is made of. `ct-merkle` keeps
//! every leaf and every node in memory; it is used where that costs nothing,
//! to check a proof, and thereby checks this file too. A proof is made from
//! the leaf hashes, 32 bytes an entry, when someone asks for one.

use std::fmt;

use ct_merkle::{InclusionProof, RootHash};
use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The root of a tree of so many leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root {
    /// How many entries it stands for.
    pub size: u64,
    /// The hash over all of them.
    pub hash: Hash,
}

impl fmt::Display for Root {
    /// The hash in base64, as a checkpoint writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64(&self.hash))
    }
}

/// A proof that an entry stands in a log: the audit path of RFC 6962 §2.1.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// Which entry, from 0.
    pub n: u64,
    /// The exact bytes of its line, without the line end.
    pub line: Vec<u8>,
    /// The sibling hashes from the leaf up.
    pub path: Vec<Hash>,
}

impl Inclusion {
    /// Whether the entry stands at its place in the log that has this root.
    pub fn holds(&self, root: &Root) -> bool {
        // Sizes beyond are no log of ours, and ct-merkle refuses them harshly.
        if root.size > 1 << 62 {
            return false;
        }
        let claimed = RootHash::<Sha256>::new(root.hash.into(), root.size);
        let Ok(proof) = InclusionProof::<Sha256>::try_from_bytes(self.path.concat()) else {
            return false;
        };
        claimed.verify_inclusion(&self.line, self.n, &proof).is_ok()
    }
}

/// The roots of the full subtrees of a growing tree, largest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Number of leaves.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf.
    pub(crate) fn push(&mut self, leaf: &[u8]) {
        let mut hash = leaf_hash(leaf);
        // Every one at the end of the size is a subtree that now has a twin.
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("a peak for every one in the size");
            hash = node_hash(&left, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root of the tree so far; of an empty one the hash of nothing.
    pub(crate) fn root(&self) -> Root {
        let mut peaks = self.peaks.iter().rev();
        let hash = match peaks.next() {
            None => Sha256::digest([]).into(),
            Some(last) => peaks.fold(*last, |right, left| node_hash(left, &right)),
        };
        Root { size: self.size, hash }
    }
}

/// `MTH({d})`: the hash of one leaf.
pub(crate) fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// `PATH(m, D[n])`: the siblings of leaf `n` from the bottom up. `None` where
/// there is no such leaf.
pub(crate) fn path(leaves: &[Hash], n: usize) -> Option<Vec<Hash>> {
    let mut path = Vec::new();
    let (mut tree, mut n) = (leaves, n);
    if n >= tree.len() {
        return None;
    }
    while tree.len() > 1 {
        let (left, right) = tree.split_at(split(tree.len()));
        if n < left.len() {
            path.push(subtree(right));
            tree = left;
        } else {
            path.push(subtree(left));
            n -= left.len();
            tree = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The root of a run of leaves; recursion is as deep as the tree, at most 64.
fn subtree(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&subtree(left), &subtree(right))
        }
    }
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

/// Standard base64 with padding (RFC 4648 §4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0u32, |sum, i| sum << 8 | u32::from(*chunk.get(i).unwrap_or(&0)));
        for i in 0..4 {
            let digit = DIGITS[(group >> (18 - 6 * i) & 63) as usize];
            text.push(if i <= chunk.len() { digit as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;

    use super::*;

    fn hex(hash: &[u8]) -> String {
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digit = |i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hexadecimal");
        (0..hex.len()).step_by(2).map(digit).collect()
    }

    /// The leaves and roots of the reference implementation's own tests
    /// (certificate-transparency, `merkle_tree_test`).
    #[test]
    fn roots_are_those_of_the_reference_implementation() {
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut frontier = Frontier::default();
        assert_eq!(
            hex(&frontier.root().hash),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (leaf, root) in leaves.iter().zip(roots) {
            frontier.push(&bytes(leaf));
            assert_eq!(hex(&frontier.root().hash), root);
        }
    }

    #[test]
    fn base64_is_padded() {
        for (plain, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(base64(plain.as_bytes()), text);
        }
    }

    proptest! {
        #[test]
        fn roots_and_proofs_agree_with_ct_merkle(leaves in prop::collection::vec(
            prop::collection::vec(any::<u8>(), 0..8), 1..70
        )) {
            let mut frontier = Frontier::default();
            let mut reference = MemoryBackedTree::<Sha256, Vec<u8>>::new();
            for leaf in &leaves {
                frontier.push(leaf);
                reference.push(leaf.clone());
                let theirs: Hash = (*reference.root().as_bytes()).into();
                prop_assert_eq!(frontier.root(), Root { size: reference.len(), hash: theirs });
            }
            let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
            let root = frontier.root();
            for (n, leaf) in leaves.iter().enumerate() {
                let path = path(&hashes, n).expect("within");
                let theirs = reference.prove_inclusion(n);
                prop_assert_eq!(path.concat(), theirs.as_bytes());
                let proof = Inclusion { n: n as u64, line: leaf.clone(), path };
                prop_assert!(proof.holds(&root));
                let other = Inclusion { line: b"never a leaf".to_vec(), ..proof.clone() };
                prop_assert!(!other.holds(&root));
                let misplaced = Inclusion { n: leaves.len() as u64, ..proof };
                prop_assert!(!misplaced.holds(&root));
            }
            prop_assert_eq!(path(&hashes, leaves.len()), None);
        }
    }
}
