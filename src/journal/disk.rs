//! The file system as the journal needs it: a narrow trait, so that tests can fill the disk, break it or cut the power.
//!
//! [`RealDisk`] is the only implementation outside the tests. It adds nothing but permissions: folders 0700, files 0600.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What the journal asks about a file or a folder.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Meta {
    /// Device and inode: another file under the same name has another identity.
    pub identity: (u64, u64),
    /// Bytes.
    pub len: u64,
    /// Last change, nanoseconds since the epoch.
    pub modified: i128,
}

/// How a file is opened.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    Read,
    /// Reading and writing; made when it is missing.
    Write,
    /// Reading and writing; fails when it exists.
    New,
}

/// Calls on paths.
pub trait Disk: Send + Sync {
    /// Makes a folder and those above it.
    fn make_dir(&self, path: &Path) -> io::Result<()>;
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Arc<dyn DiskFile>>;
    fn stat(&self, path: &Path) -> io::Result<Meta>;
    /// Names in a folder, in any order.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes names that were added to a folder durable.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
}

/// Calls on an open file.
pub trait DiskFile: Send + Sync {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize>;
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize>;
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Returns when bytes and length would survive a power cut.
    fn sync_data(&self) -> io::Result<()>;
    fn stat(&self) -> io::Result<Meta>;
    /// Waits for the advisory lock: alone, or beside other readers.
    fn lock(&self, alone: bool) -> io::Result<()>;
    /// False when somebody else holds it alone.
    fn try_lock(&self) -> io::Result<bool>;
    fn unlock(&self) -> io::Result<()>;
}

impl dyn DiskFile + '_ {
    /// Writes all of `bytes`, however many calls it takes.
    pub fn write_all_at(&self, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.write_at(bytes, offset) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => {
                    bytes = bytes.get(n..).unwrap_or_default();
                    offset += n as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads until `into` is full or the file ends.
    pub fn read_full_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() {
            match self.read_at(&mut into[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// The computer's own file system.
#[derive(Copy, Clone, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn make_dir(&self, path: &Path) -> io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)
    }

    fn open(&self, path: &Path, mode: Mode) -> io::Result<Arc<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options
            .read(true)
            .write(mode != Mode::Read)
            .create(mode == Mode::Write)
            .create_new(mode == Mode::New);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Arc::new(options.open(path)?))
    }

    fn stat(&self, path: &Path) -> io::Result<Meta> {
        std::fs::metadata(path).map(|meta| meta_of(&meta))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        // A name that is no UTF-8 is none of ours.
        let names = std::fs::read_dir(dir)?.map(|found| Ok(found?.file_name().into_string().ok()));
        names.filter_map(Result::transpose).collect()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    #[cfg(unix)]
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    #[cfg(not(unix))]
    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl DiskFile for File {
    #[cfg(unix)]
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, into, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self, into, offset)
    }

    #[cfg(unix)]
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::write_at(self, bytes, offset)
    }

    #[cfg(windows)]
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_write(self, bytes, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        File::set_len(self, len)
    }

    fn sync_data(&self) -> io::Result<()> {
        File::sync_data(self)
    }

    fn stat(&self) -> io::Result<Meta> {
        self.metadata().map(|meta| meta_of(&meta))
    }

    fn lock(&self, alone: bool) -> io::Result<()> {
        if alone { File::lock(self) } else { File::lock_shared(self) }
    }

    fn try_lock(&self) -> io::Result<bool> {
        match File::try_lock(self) {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn unlock(&self) -> io::Result<()> {
        File::unlock(self)
    }
}

#[cfg(unix)]
fn meta_of(meta: &std::fs::Metadata) -> Meta {
    use std::os::unix::fs::MetadataExt;
    let modified = i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec());
    Meta { identity: (meta.dev(), meta.ino()), len: meta.len(), modified }
}

/// Without inodes the creation time stands in for the identity.
#[cfg(not(unix))]
fn meta_of(meta: &std::fs::Metadata) -> Meta {
    let nanos = |time: io::Result<std::time::SystemTime>| {
        time.ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |span| span.as_nanos())
    };
    let (created, modified) = (nanos(meta.created()), nanos(meta.modified()));
    Meta { identity: (0, created as u64), len: meta.len(), modified: modified as i128 }
}
