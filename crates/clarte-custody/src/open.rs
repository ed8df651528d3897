//! Evidence is opened for reading alone, and only where that cannot block.

use std::fs::{File, FileType, OpenOptions};
use std::path::Path;

use crate::CustodyError;

/// Opens an ordinary file without any right to write to it.
///
/// Pipes, devices, sockets and folders are refused before they are opened: a
/// pipe would block until someone writes to it. Should the file be exchanged
/// for a pipe between the look and the opening, the opening does not block and
/// the second look refuses it. A link is followed; finding loops is the task
/// of whoever walks folders.
pub fn open_read_only(path: &Path) -> Result<File, CustodyError> {
    let metadata = std::fs::metadata(path).map_err(CustodyError::io("look at", path))?;
    refuse_unless_file(path, metadata.file_type())?;
    let file = reading().open(path).map_err(CustodyError::io("open", path))?;
    let metadata = file.metadata().map_err(CustodyError::io("look at", path))?;
    refuse_unless_file(path, metadata.file_type())?;
    Ok(file)
}

fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    options
}

fn refuse_unless_file(path: &Path, found: FileType) -> Result<(), CustodyError> {
    if found.is_file() {
        return Ok(());
    }
    Err(CustodyError::NotAFile { path: path.to_owned(), found: name(found) })
}

fn name(found: FileType) -> &'static str {
    if found.is_dir() {
        return "a folder";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if found.is_fifo() {
            return "a pipe";
        }
        if found.is_socket() {
            return "a socket";
        }
        if found.is_char_device() || found.is_block_device() {
            return "a device";
        }
    }
    "something special"
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    fn refusal(path: &Path) -> &'static str {
        match open_read_only(path) {
            Err(CustodyError::NotAFile { found, .. }) => found,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_read_and_cannot_be_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        std::fs::write(&path, b"abc").expect("written");
        let mut file = open_read_only(&path).expect("opens");
        let mut content = String::new();
        file.read_to_string(&mut content).expect("reads");
        assert_eq!(content, "abc");
        assert!(file.write_all(b"x").is_err());
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(refusal(folder.path()), "a folder");
        let absent = open_read_only(&folder.path().join("absent"));
        assert!(matches!(absent, Err(CustodyError::Io { act: "look at", .. })));
    }

    #[cfg(unix)]
    #[test]
    fn sockets_and_devices_are_refused_without_blocking() {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("s");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("binds");
        assert_eq!(refusal(&socket), "a socket");
        assert_eq!(refusal(Path::new("/dev/null")), "a device");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_without_blocking() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("p");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(refusal(&pipe), "a pipe");
        } else {
            println!("skipped: no mkfifo here");
        }
    }
}
