//! `warroom completions` and `warroom man`: made from the same definition as `--help`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use super::desk::Desk;
use super::fail::{Done, Fail};

/// Print completions for a shell
#[derive(Args)]
pub struct CompletionsArgs {
    #[arg(value_enum)]
    shell: Shell,
}

impl CompletionsArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "warroom", &mut script);
        desk.out.raw(&script)
    }
}

/// The manual page, one section after the other for each subcommand.
pub fn man(desk: &mut Desk) -> Done {
    let mut page = Vec::new();
    let mut root = Cli::command();
    // Gives every subcommand its whole name and the options that all share.
    root.build();
    let rendered = clap_mangen::Man::new(root.clone()).render(&mut page).and_then(|()| {
        let mut visible = root.get_subcommands().filter(|command| !command.is_hide_set());
        visible.try_for_each(|command| clap_mangen::Man::new(command.clone()).render(&mut page))
    });
    rendered.map_err(|error| Fail::refused(format!("the manual page cannot be made: {error}"), ""))?;
    desk.out.raw(&page)
}
