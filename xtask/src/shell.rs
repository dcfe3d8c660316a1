//! Runs other programs: says what it runs, and turns failure into a sentence.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What can fail here ends the program, so that an error is the full sentence that it prints.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// Runs a command on our own terminal and fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", describe(command));
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed: {status}.", describe(command))) }
}

/// Runs a command silently and returns what it wrote to standard output. When it fails, what it
/// wrote to either stream is part of the error.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command.output().map_err(|error| not_started(command, &error))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(stdout.into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{}` failed: {}.\n{}{}", describe(command), output.status, stdout, stderr))
}

/// Does one step of a longer task under a headline, and says how long it took.
pub(crate) fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n=== {title}");
    let start = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
    println!("=== {title}: {verdict} in {:.1} s", start.elapsed().as_secs_f64());
    outcome
}

/// The first executable file of that name in the directories, which are searched in order.
pub(crate) fn find_in(name: &str, directories: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    directories.into_iter().map(|directory| directory.join(name)).find(|candidate| is_executable(candidate))
}

/// The first executable file of that name on PATH.
pub(crate) fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    find_in(name, std::env::split_paths(&path))
}

/// Whether we are the superuser.
pub(crate) fn is_root() -> Result<bool> {
    Ok(capture(Command::new("id").arg("-u"))?.trim() == "0")
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// The command as one would type it; good enough to be read and, mostly, to be pasted.
fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    std::iter::once(name).chain(command.get_args()).map(quote).collect::<Vec<_>>().join(" ")
}

fn quote(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}.", describe(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/usr/bin/psql");
        command.args(["-c", "SELECT 'x'", "", "postgres://a@127.0.0.1:1/b"]);
        assert_eq!(describe(&command), r"psql -c 'SELECT '\''x'\''' '' postgres://a@127.0.0.1:1/b");
    }

    #[test]
    fn a_failure_is_a_sentence_with_what_the_program_said() {
        let outcome = capture(Command::new("sh").args(["-c", "echo why >&2; exit 3"]));
        let sentence = "`sh -c 'echo why >&2; exit 3'` failed: exit status: 3.\nwhy\n";
        assert_eq!(outcome, Err(sentence.to_owned()));

        let outcome = run(&mut Command::new("no-such-program-at-all"));
        let start = "`no-such-program-at-all` could not be started: ";
        assert!(outcome.is_err_and(|sentence| sentence.starts_with(start)));
    }

    #[test]
    fn programs_are_found_in_the_order_of_the_directories() {
        let directories = ["/nowhere", "/bin", "/usr/bin"].map(PathBuf::from);
        let found = find_in("sh", directories.clone());
        assert_eq!(found, Some(PathBuf::from("/bin/sh")));
        assert_eq!(find_in("no-such-program-at-all", directories), None);
    }
}
