//! Custody: evidence named by its hash, opened for reading alone, and a log
//! of what was done with it that shows every later change.
//!
//! The log is one line of JSON per entry; the lines are the leaves of a Merkle
//! tree (RFC 6962, SHA-256) from the first entry on, so that early cases can
//! be signed and timestamped later without being rewritten. Signatures,
//! timestamps (RFC 3161) and the sealing of a case are not here yet. The clock
//! and the machine's name are never asked: who appends says when and where.
//!
//! A log that a crash tore or that was copied while it grew goes on, and its
//! next entry says what is missing; a log that contradicts a checkpoint is
//! refused. See `log.rs`.

mod checkpoint;
mod error;
mod hashing;
mod lines;
mod log;
mod open;
mod recovered;
mod seals;
mod tree;
mod verify;

pub use checkpoint::Checkpoint;
pub use error::CustodyError;
pub use hashing::HashingReader;
pub use log::{Entry, Log, Logged, Operation, Witness};
pub use open::open_read_only;
pub use recovered::Recovered;
pub use tree::{Hash, Inclusion, Root};
pub use verify::{Verified, entries, prove, verify};
