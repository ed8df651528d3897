//! `clarte schema`: the JSON Schema of an answer.

use std::process::ExitCode;

use crate::arguments::{Answer, Schema};

pub(crate) fn run(arguments: &Schema) -> anyhow::Result<ExitCode> {
    let schema = match arguments.answer {
        Answer::Extent => clarte_extent::schema(),
        Answer::Attribution => clarte_case::attribution_schema(),
    };
    super::print(&format!("{schema:#}\n"))?;
    Ok(ExitCode::SUCCESS)
}
