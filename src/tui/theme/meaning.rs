//! The meanings a theme can style, and what each looks like where a theme is silent: its parent.
//!
//! Adding one: a row in the table below, after its parent. Old themes go on working.

/// Declares the enum, its names in theme files and its parents from one table, so that they cannot drift.
macro_rules! meanings {
    ($($(#[$doc:meta])* $variant:ident $name:literal < $parent:ident;)*) => {
        /// What a piece of the screen means to the person who looks at it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Meaning { $($(#[$doc])* $variant,)* }

        impl Meaning {
            /// All of them, parents before children.
            pub const ALL: [Meaning; Self::COUNT] = [$(Meaning::$variant,)*];
            /// How many there are.
            pub const COUNT: usize = [$($name),*].len();
            /// Their names in theme files, in the order of [`ALL`](Self::ALL).
            pub const NAMES: [&'static str; Self::COUNT] = [$($name,)*];

            /// The meaning this one looks like where a theme is silent; `None` for those that stand alone.
            pub fn parent(self) -> Option<Meaning> {
                use Parent::*;
                match self { $(Meaning::$variant => $parent.meaning(),)* }
            }
        }

        /// A parent, or none.
        #[allow(dead_code)]
        enum Parent { Nothing, $($variant,)* }

        impl Parent {
            fn meaning(self) -> Option<Meaning> {
                match self { Parent::Nothing => None, $(Parent::$variant => Some(Meaning::$variant),)* }
            }
        }
    };
}

meanings! {
    /// Anything without a meaning of its own.
    Text "text" < Nothing;
    /// Present, but not to be looked at first.
    Muted "muted" < Text;
    /// The one colour that leads the eye.
    Accent "accent" < Text;
    /// The name of a pane or screen.
    Title "title" < Text;
    Border "border" < Muted;
    /// The frame of the pane that gets the keys.
    BorderFocused "border-focused" < Accent;
    /// Laid over the selected row; it leaves the colours below alone unless a theme says otherwise.
    Selection "selection" < Nothing;

    /// Act now. The only meaning that may be red.
    Alert "alert" < Text;
    /// Soon, or doubtful.
    Warning "warning" < Text;
    /// Done, saved, recovered.
    Good "good" < Text;
    Info "info" < Text;

    Decision "decision" < Accent;
    Hypothesis "hypothesis" < Info;
    Finding "finding" < Text;
    Action "action" < Text;
    Todo "todo" < Warning;
    /// A change of the incident's status or severity.
    Status "status" < Info;

    /// The worst severity.
    Sev0 "sev0" < Alert;
    Sev1 "sev1" < Alert;
    Sev2 "sev2" < Warning;
    Sev3 "sev3" < Text;
    Sev4 "sev4" < Muted;

    /// The mark of an incident that is not real.
    Drill "drill" < Warning;
    /// The mark of a screen that shows the past.
    Replay "replay" < Info;

    FieldText "field-text" < Text;
    FieldPlaceholder "field-placeholder" < Muted;
    /// A person named in a text.
    Mention "mention" < Accent;
    Time "time" < Muted;
    /// Who did it.
    Actor "actor" < Text;

    PhaseDone "phase-done" < Muted;
    PhaseNow "phase-now" < Accent;
    PhaseNext "phase-next" < Muted;

    StepDone "step-done" < Muted;
    StepStarted "step-started" < Accent;
    StepSkipped "step-skipped" < Muted;

    /// A key to press.
    Key "key" < Accent;
    Link "link" < Accent;
    /// A command, or anything else to be typed literally.
    Code "code" < Text;
    /// What a filter or search has found.
    Match "match" < Warning;
}

impl Meaning {
    /// The meaning of severity `level`, 0 the worst; beyond 4 is 4.
    pub fn severity(level: u8) -> Self {
        [Self::Sev0, Self::Sev1, Self::Sev2, Self::Sev3, Self::Sev4][usize::from(level.min(4))]
    }

    /// The name in theme files.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The meaning of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let at = Self::NAMES.iter().position(|known| *known == name)?;
        Some(Self::ALL[at])
    }
}
