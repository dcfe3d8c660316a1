//! The commands of docs/API-TOUR.md, run by bash with curl and jq against a real server.

use std::{fs, path::Path, process::Command};

use fanbase_tests::{child::Binary, database::TestDatabase, on_both_databases_alone};

on_both_databases_alone!(the_tour_prints_what_its_document_shows);

const TOUR: &str = include_str!("../../docs/API-TOUR.md");

/// Printed after the commands of each block.
const END_OF_BLOCK: &str = "--- end of a block ---";

/// A block of commands, and the output that the document shows below it.
struct Block {
    commands: &'static str,
    output: Option<&'static str>,
}

fn blocks(document: &'static str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    // Text and fenced blocks alternate; text comes first.
    for fenced in document.split("```").skip(1).step_by(2) {
        match fenced.split_once('\n') {
            Some(("sh", commands)) => blocks.push(Block { commands, output: None }),
            Some(("text", output)) => blocks.last_mut().unwrap().output = Some(output),
            _ => panic!("a block is neither `sh` nor `text`: {fenced}"),
        }
    }
    blocks
}

async fn the_tour_prints_what_its_document_shows(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let _ = fanbase.run(&["demo", "--rows", "2000", "--accounts", "20"]);
    let mut server = fanbase.serve();
    let address = server.address().await;
    let blocks = blocks(TOUR);
    let script: String =
        blocks.iter().map(|block| format!("{}echo '{END_OF_BLOCK}'\n", block.commands)).collect();
    // The tour writes its files to `var`, as it does at the top of the repository.
    let folder = database.folder.path();
    fs::create_dir(folder.join("var")).unwrap();

    let run = bash(&script, folder, &fanbase)
        .env("FANBASE_DATABASE_URL", &database.url)
        .env("SERVER", format!("http://{address}"))
        .output()
        .unwrap();

    // Lines of CSV end with CRLF.
    let printed = String::from_utf8(run.stdout).unwrap().replace("\r\n", "\n");
    let errors = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "the tour stopped with {}:\n{printed}\n{errors}", run.status);
    let printed: Vec<&str> = printed.split(END_OF_BLOCK).map(str::trim).collect();
    assert_eq!(printed.len(), blocks.len() + 1);
    for (block, printed) in blocks.iter().zip(printed) {
        if let Some(output) = block.output {
            assert_eq!(printed, output.trim(), "output of\n{}", block.commands);
        }
    }
    server.kill();
}

fn bash(script: &str, folder: &Path, fanbase: &Binary) -> Command {
    let path = format!("{}:{}", fanbase.directory().display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).current_dir(folder).env("PATH", path);
    bash
}
