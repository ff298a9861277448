//! A disk in memory that can be full, break, lie and lose power.
//!
//! Each file has what the system shows and what the platter holds; a sync carries one over to the other. At a power cut every
//! 512-byte sector of every unsynced write is kept, lost or torn by the dice, and so is every name of an unsynced folder.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use warroom::journal::{Disk, DiskFile, Meta, Mode};

use super::Dice;

const SECTOR: u64 = 512;

/// What goes wrong, and when.
#[derive(Clone, Default)]
pub struct Weather {
    /// Every so many calls one fails; 0: none.
    pub every: u64,
    /// One in so many calls fails, by the dice; 0: none.
    pub one_in: u64,
    pub kind: Option<io::ErrorKind>,
    /// The next so many syncs of a file fail.
    pub syncs_fail: u64,
    /// Calls until the power goes.
    pub power_for: Option<u64>,
    /// Mutants: calls that say they did and did not.
    pub sync_lies: bool,
    pub truncate_lies: bool,
    pub dir_sync_lies: bool,
}

#[derive(Clone)]
enum Op {
    Write { offset: u64, bytes: Vec<u8> },
    SetLen(u64),
}

#[derive(Clone, Default)]
struct Inode {
    shown: Vec<u8>,
    platter: Vec<u8>,
    pending: Vec<Op>,
}

#[derive(Clone)]
enum NameOp {
    Add(PathBuf, usize),
    Rename(PathBuf, PathBuf, usize),
    Remove(PathBuf),
}

struct World {
    dice: Dice,
    weather: Weather,
    calls: u64,
    /// Failures so far.
    failed: u64,
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    kept_names: BTreeMap<PathBuf, usize>,
    pending_names: Vec<NameOp>,
    changes: i128,
}

/// Clones are the same disk.
#[derive(Clone)]
pub struct SimDisk(Arc<Mutex<World>>);

struct SimFile {
    disk: SimDisk,
    inode: usize,
}

impl SimDisk {
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(World {
            dice: Dice::new(seed),
            weather: Weather::default(),
            calls: 0,
            failed: 0,
            inodes: Vec::new(),
            names: BTreeMap::new(),
            kept_names: BTreeMap::new(),
            pending_names: Vec::new(),
            changes: 0,
        })))
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("no test panics while it holds the disk")
    }

    pub fn arc(&self) -> Arc<dyn Disk> {
        Arc::new(self.clone())
    }

    pub fn set_weather(&self, weather: Weather) {
        let mut world = self.world();
        world.weather = weather;
        world.calls = 0;
    }

    pub fn failures(&self) -> u64 {
        self.world().failed
    }

    /// What the system shows of a file.
    pub fn contents(&self, path: &Path) -> Vec<u8> {
        let world = self.world();
        world.names.get(path).map(|inode| world.inodes[*inode].shown.clone()).unwrap_or_default()
    }

    pub fn put(&self, path: &Path, bytes: &[u8]) {
        let mut world = self.world();
        let inode = world.add(Inode { shown: bytes.to_vec(), platter: bytes.to_vec(), pending: Vec::new() });
        world.names.insert(path.to_owned(), inode);
        world.kept_names.insert(path.to_owned(), inode);
        world.changes += 1;
    }

    /// The power goes and comes back: only the platter is left, and what the dice let through.
    pub fn cut_power(&self) {
        let mut world = self.world();
        let World { dice, inodes, pending_names, kept_names, .. } = &mut *world;
        for inode in inodes {
            for op in std::mem::take(&mut inode.pending) {
                settle(&mut inode.platter, &op, dice);
            }
            inode.shown = inode.platter.clone();
        }
        for op in std::mem::take(pending_names) {
            if dice.one_in(2) {
                apply_name(kept_names, &op);
            }
        }
        world.names = world.kept_names.clone();
        world.weather.power_for = None;
        world.changes += 1;
    }
}

/// Carries an unsynced change over to the platter as a power cut does: sector by sector, or not, or half.
fn settle(platter: &mut Vec<u8>, op: &Op, dice: &mut Dice) {
    let Op::Write { offset, bytes } = op else {
        if dice.one_in(2) {
            apply(platter, op);
        }
        return;
    };
    let (mut at, mut rest) = (*offset, bytes.as_slice());
    while !rest.is_empty() {
        let room = (SECTOR - at % SECTOR).min(rest.len() as u64) as usize;
        let kept = match dice.roll(3) {
            0 => 0,
            1 => room,
            _ => dice.roll(room as u64) as usize,
        };
        if kept > 0 {
            apply(platter, &Op::Write { offset: at, bytes: rest[..kept].to_vec() });
        }
        at += room as u64;
        rest = &rest[room..];
    }
}

fn apply(bytes: &mut Vec<u8>, op: &Op) {
    match op {
        Op::SetLen(len) => bytes.resize(*len as usize, 0),
        Op::Write { offset, bytes: written } => {
            let (from, to) = (*offset as usize, *offset as usize + written.len());
            if bytes.len() < to {
                bytes.resize(to, 0);
            }
            bytes[from..to].copy_from_slice(written);
        }
    }
}

fn apply_name(names: &mut BTreeMap<PathBuf, usize>, op: &NameOp) {
    match op {
        NameOp::Add(path, inode) => drop(names.insert(path.clone(), *inode)),
        NameOp::Remove(path) => drop(names.remove(path)),
        NameOp::Rename(from, to, inode) => {
            names.remove(from);
            names.insert(to.clone(), *inode);
        }
    }
}

impl World {
    fn add(&mut self, inode: Inode) -> usize {
        self.inodes.push(inode);
        self.inodes.len() - 1
    }

    /// Counts a call; fails when the weather says so.
    fn call(&mut self) -> io::Result<()> {
        self.calls += 1;
        if self.weather.power_for.is_some_and(|calls| self.calls > calls) {
            return Err(io::Error::other("no power"));
        }
        let Weather { every, one_in, kind, .. } = self.weather;
        let fails = every > 0 && self.calls.is_multiple_of(every) || one_in > 0 && self.dice.one_in(one_in);
        match kind.filter(|_| fails) {
            Some(kind) => {
                self.failed += 1;
                Err(kind.into())
            }
            None => Ok(()),
        }
    }

    fn do_name(&mut self, op: NameOp) {
        apply_name(&mut self.names, &op);
        self.pending_names.push(op);
        self.changes += 1;
    }

    fn change(&mut self, inode: usize, op: Op) {
        let inode = &mut self.inodes[inode];
        apply(&mut inode.shown, &op);
        inode.pending.push(op);
    }
}

impl Disk for SimDisk {
    fn make_dir(&self, _: &Path) -> io::Result<()> {
        self.world().call()
    }

    fn open(&self, path: &Path, mode: Mode) -> io::Result<Arc<dyn DiskFile>> {
        let mut world = self.world();
        world.call()?;
        let inode = match (world.names.get(path).copied(), mode) {
            (Some(_), Mode::New) => return Err(io::ErrorKind::AlreadyExists.into()),
            (Some(inode), _) => inode,
            (None, Mode::Read) => return Err(io::ErrorKind::NotFound.into()),
            (None, _) => {
                let inode = world.add(Inode::default());
                world.do_name(NameOp::Add(path.to_owned(), inode));
                inode
            }
        };
        Ok(Arc::new(SimFile { disk: self.clone(), inode }))
    }

    fn stat(&self, path: &Path) -> io::Result<Meta> {
        let mut world = self.world();
        world.call()?;
        match world.names.get(path) {
            Some(inode) => Ok(world.meta(*inode)),
            // A folder: there are no others.
            None if path.extension().is_none() => Ok(Meta { modified: world.changes, ..Meta::default() }),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut world = self.world();
        world.call()?;
        let inside = world.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut world = self.world();
        world.call()?;
        let inode = *world.names.get(from).ok_or(io::ErrorKind::NotFound)?;
        world.do_name(NameOp::Rename(from.to_owned(), to.to_owned(), inode));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut world = self.world();
        world.call()?;
        world.do_name(NameOp::Remove(path.to_owned()));
        Ok(())
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        let mut world = self.world();
        world.call()?;
        if !world.weather.dir_sync_lies {
            let World { pending_names, kept_names, .. } = &mut *world;
            pending_names.drain(..).for_each(|op| apply_name(kept_names, &op));
        }
        Ok(())
    }
}

impl World {
    fn meta(&self, inode: usize) -> Meta {
        Meta { identity: (1, inode as u64 + 1), len: self.inodes[inode].shown.len() as u64, modified: 0 }
    }
}

impl DiskFile for SimFile {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut world = self.disk.world();
        world.call()?;
        let there = world.inodes[self.inode].shown.get(offset as usize..).unwrap_or_default();
        let n = there.len().min(into.len());
        into[..n].copy_from_slice(&there[..n]);
        Ok(n)
    }

    /// A failing write has written a part, as a full disk does.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let mut world = self.disk.world();
        let outcome = world.call();
        let n = if outcome.is_ok() { bytes.len() } else { world.dice.roll(bytes.len() as u64 + 1) as usize };
        if n > 0 {
            world.change(self.inode, Op::Write { offset, bytes: bytes[..n].to_vec() });
        }
        outcome.map(|()| n)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut world = self.disk.world();
        world.call()?;
        if !world.weather.truncate_lies {
            world.change(self.inode, Op::SetLen(len));
        }
        Ok(())
    }

    /// A failing sync drops what was dirty and remembers it as clean: a later one will not write it either.
    fn sync_data(&self) -> io::Result<()> {
        let mut world = self.disk.world();
        let mut outcome = world.call();
        if world.weather.syncs_fail > 0 {
            world.weather.syncs_fail -= 1;
            outcome = Err(io::ErrorKind::Other.into());
        }
        if world.weather.sync_lies {
            return outcome;
        }
        let World { inodes, dice, .. } = &mut *world;
        let inode = &mut inodes[self.inode];
        for op in std::mem::take(&mut inode.pending) {
            match outcome {
                Ok(()) => apply(&mut inode.platter, &op),
                Err(_) => settle(&mut inode.platter, &op, dice),
            }
        }
        outcome
    }

    fn stat(&self) -> io::Result<Meta> {
        let mut world = self.disk.world();
        world.call()?;
        Ok(world.meta(self.inode))
    }

    fn lock(&self, _: bool) -> io::Result<()> {
        self.disk.world().call()
    }

    fn try_lock(&self) -> io::Result<bool> {
        self.disk.world().call().map(|()| true)
    }

    fn unlock(&self) -> io::Result<()> {
        Ok(())
    }
}
