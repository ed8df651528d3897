//! Whole small cases: records in memory in, an answer out.

mod answer;
mod case;
mod clocks;
mod complete;
mod gate;
mod identity;
mod intelligence;
mod memory;
mod narrow;
mod takeover;
mod years;
