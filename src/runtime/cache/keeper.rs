//! The thread that keeps checkpoints up to date, beside every room: no key and no append waits for it.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::incident::HostId;

/// Checkpoints that may wait to be renewed; one more is left to the next occasion.
const QUEUE: usize = 4;

/// The checkpoint that is to be renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The incident's folder.
    pub dir: PathBuf,
    pub host: HostId,
    pub checkpoint: PathBuf,
}

/// Takes orders from any thread; its own is begun with the first. The last clone that goes waits for what was ordered.
#[derive(Clone)]
pub struct Keeper {
    worker: Arc<Worker>,
    large: u64,
}

impl Default for Keeper {
    fn default() -> Self {
        Self::new(super::LARGE)
    }
}

#[derive(Default)]
struct Worker(Mutex<Option<(SyncSender<Job>, JoinHandle<()>)>>);

impl Keeper {
    /// `large`: bytes from which a journal has a checkpoint.
    pub fn new(large: u64) -> Self {
        Self { worker: Arc::default(), large }
    }

    /// Whether a journal of so many bytes has a checkpoint, and is not read before its room is shown.
    pub fn is_large(&self, bytes: u64) -> bool {
        bytes >= self.large
    }

    pub fn renew(&self, job: Job) {
        let mut worker = self.worker.0.lock().unwrap_or_else(PoisonError::into_inner);
        if worker.is_none() {
            *worker = begin();
        }
        if let Some((jobs, _)) = &*worker {
            let _ = jobs.try_send(job);
        }
    }
}

fn begin() -> Option<(SyncSender<Job>, JoinHandle<()>)> {
    let (jobs, todo) = sync_channel(QUEUE);
    let thread = std::thread::Builder::new().name("checkpoints".into()).spawn(move || run(&todo)).ok()?;
    Some((jobs, thread))
}

fn run(todo: &Receiver<Job>) {
    while let Ok(job) = todo.recv() {
        // A journal that cannot be read is reported by whoever shows it.
        let _ = super::renew(&job.dir, job.host, &job.checkpoint);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let worker = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some((jobs, thread)) = worker.take() {
            drop(jobs);
            let _ = thread.join();
        }
    }
}
