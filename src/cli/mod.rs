//! The command line: everything the console does, plain, pipeable, with `--json` and exit codes.
//!
//! One file for each subcommand. They parse, resolve and print; every decision is the core's, so the console and the command
//! line can never disagree. Exit codes are in [`fail`], JSON shapes in [`crate::report::export::shape`]. Start at [`main`].

mod ask;
mod cause;
mod client;
mod clock;
mod connect;
mod contacts;
mod correct;
mod decide;
mod declare;
mod desk;
mod doctor;
mod erase;
mod export;
mod fail;
mod followup;
mod followup_list;
mod generate;
mod home;
mod impact;
mod link;
mod list;
mod moment;
mod named;
mod note;
mod orders;
mod out;
mod outside;
mod past;
mod playbook;
mod policy;
mod print;
mod private;
mod replay;
mod retract;
mod role;
mod rollcall;
mod severity;
mod show;
mod status;
mod step;
mod step_act;
mod sync;
mod tail;
mod triage;
mod undo;
mod update;
mod verify;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use desk::Desk;
use fail::{Done, EXIT_CODES};

/// The war room that still works when the tools are the incident.
///
/// Without a command it opens the console. With one it does that one thing and ends, for scripts, callbacks and pipes.
#[derive(Parser)]
#[command(name = "warroom", version, after_help = EXIT_CODES, max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options of every command")]
pub struct Common {
    /// Act as NAME (else the setting `me`, else the login name)
    #[arg(long = "as", value_name = "NAME", global = true)]
    pub as_: Option<String>,
    /// The incident: its number, slug or id (else the only one that is open)
    #[arg(long, short, value_name = "REF", global = true, env = "WARROOM_INCIDENT", hide_env_values = true)]
    pub incident: Option<String>,
    /// Print data as JSON: one object, or one object a line
    #[arg(long, global = true)]
    pub json: bool,
    /// Wait until what is told outside is done, for SECS at most (60 unless given); else it is tried once
    #[arg(long, global = true, value_name = "SECS", num_args = 0..=1, default_missing_value = "60", require_equals = true)]
    pub wait: Option<u64>,
    /// Show and read times in this zone (else the setting `zone`)
    #[arg(long, global = true, value_enum)]
    pub zone: Option<ZoneName>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ZoneName {
    Utc,
    Local,
}

#[derive(Subcommand)]
pub enum Command {
    /// Open the console in one incident (else in the only one that is open)
    Open {
        reference: Option<String>,
    },
    Declare(declare::DeclareArgs),
    Note(note::NoteArgs),
    List(list::ListArgs),
    Show(show::ShowArgs),
    Tail(tail::TailArgs),
    Replay(replay::ReplayArgs),
    Verify(verify::VerifyArgs),
    Export(export::ExportArgs),
    Status(status::StatusArgs),
    Severity(severity::SeverityArgs),
    Triage(triage::TriageArgs),
    Role(role::RoleArgs),
    Ask(ask::AskArgs),
    Decide(decide::DecideArgs),
    Cause(cause::CauseArgs),
    Clock(clock::ClockArgs),
    Contacts(contacts::ContactsArgs),
    Rollcall(rollcall::RollcallArgs),
    Private(private::PrivateArgs),
    Step(step::StepArgs),
    Impact(impact::ImpactArgs),
    Followup(followup::FollowupArgs),
    Update(update::UpdateArgs),
    Link(link::LinkArgs),
    /// The incident's channel in the chat: open, topic, invite, post, pin and so on
    Channel(outside::WordsArgs),
    /// The paging service: open, take, ack, note, add people, escalate, resolve
    Page(outside::WordsArgs),
    /// The tracker: open tickets, comment, move, attach
    Ticket(outside::WordsArgs),
    /// Acknowledge the page, open the channel and the ticket, all at once
    Join(outside::JoinArgs),
    Sync(sync::SyncArgs),
    Connect(connect::ConnectArgs),
    Client(client::ClientArgs),
    Correct(correct::CorrectArgs),
    Retract(retract::RetractArgs),
    Undo(undo::UndoArgs),
    Erase(erase::EraseArgs),
    Playbook(playbook::PlaybookArgs),
    Policy(policy::PolicyArgs),
    Doctor(doctor::DoctorArgs),
    Completions(generate::CompletionsArgs),
    /// Print the manual page, in roff
    Man,
}

/// Runs the program as its arguments say.
pub fn main() -> ExitCode {
    let cli = Cli::parse_from(shielded(std::env::args_os()));
    match run(cli) {
        Ok(code) => code,
        Err(fail) => fail.report(),
    }
}

/// Keeps clap from taking the time in `note -7m loader stopped` for options: a control character goes before it, which
/// every text loses when it is cleaned.
fn shielded(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut all: Vec<OsString> = arguments.collect();
    let note = all.iter().position(|argument| argument == "note").unwrap_or(all.len());
    for argument in all.iter_mut().skip(note) {
        let text = argument.to_string_lossy();
        if text.starts_with('-') && text[1..].starts_with(|c: char| c.is_ascii_digit()) {
            *argument = format!("\u{1}{text}").into();
        }
    }
    all
}

fn run(cli: Cli) -> Done<ExitCode> {
    let mut desk = Desk::new(&cli.common)?;
    let done = match cli.command {
        None => return home::open(&desk, desk.incident.clone()),
        Some(Command::Open { reference }) => {
            return home::enter(&desk, reference.or_else(|| desk.incident.clone()));
        }
        Some(Command::Replay(args)) if args.opens_console() => return args.open(&desk),
        Some(command) => dispatch(command, &mut desk),
    };
    // What was printed before something went wrong is still worth reading.
    let flushed = desk.out.flush();
    let told = desk.tell_outside();
    done.and(flushed).and(told).map(|()| ExitCode::SUCCESS)
}

/// What is done when an incident is resolved and not yet closed.
const fn goes_on_afterwards(command: &Command) -> bool {
    matches!(
        command,
        Command::Status(_)
            | Command::Update(_)
            | Command::Followup(_)
            | Command::Impact(_)
            | Command::Undo(_)
            | Command::Export(_)
    )
}

fn dispatch(command: Command, desk: &mut Desk) -> Done {
    if goes_on_afterwards(&command) {
        desk.afterwards();
    }
    match command {
        Command::Open { .. } => Ok(()),
        Command::Declare(args) => args.run(desk),
        Command::Note(args) => args.run(desk),
        Command::List(args) => args.run(desk),
        Command::Show(args) => args.run(desk),
        Command::Tail(args) => args.run(desk),
        Command::Replay(args) => args.run(desk),
        Command::Verify(args) => args.run(desk),
        Command::Export(args) => args.run(desk),
        Command::Status(args) => args.run(desk),
        Command::Severity(args) => args.run(desk),
        Command::Triage(args) => args.run(desk),
        Command::Role(args) => args.run(desk),
        Command::Ask(args) => args.run(desk),
        Command::Decide(args) => args.run(desk),
        Command::Cause(args) => args.run(desk),
        Command::Clock(args) => args.run(desk),
        Command::Contacts(args) => args.run(desk),
        Command::Rollcall(args) => args.run(desk),
        Command::Private(args) => args.run(desk),
        Command::Step(args) => args.run(desk),
        Command::Impact(args) => args.run(desk),
        Command::Followup(args) => args.run(desk),
        Command::Update(args) => args.run(desk),
        Command::Link(args) => args.run(desk),
        Command::Channel(args) => args.run("channel", desk),
        Command::Page(args) => args.run("page", desk),
        Command::Ticket(args) => args.run("ticket", desk),
        Command::Join(args) => args.run(desk),
        Command::Sync(args) => args.run(desk),
        Command::Connect(args) => args.run(desk),
        Command::Client(args) => args.run(desk),
        Command::Correct(args) => args.run(desk),
        Command::Retract(args) => args.run(desk),
        Command::Undo(args) => args.run(desk),
        Command::Erase(args) => args.run(desk),
        Command::Playbook(args) => args.run(desk),
        Command::Policy(args) => args.run(desk),
        Command::Doctor(args) => args.run(desk),
        Command::Completions(args) => args.run(desk),
        Command::Man => generate::man(desk),
    }
}
