//! The clock board (row B2): every clock, what ran out first, with the sentence to say and what people did with it.
//!
//! The order of things is in `order`, how they read in `lines`, what can be done with one in `acts`. The layer owns the
//! selection, by the clock's id. In a replay everything can be looked at and nothing changed.

pub mod acts;
pub mod chosen;
mod lines;
pub mod order;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::chosen::Chosen;
use self::order::Board;
use super::listing::{Answer, Listing};
use super::question::read_only;
use crate::incident::command::ClockCommand;
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::widgets::sheet::Sheet;

pub use lines::{clock_of, heard, put_off_to, said, time_left};

const COLUMNS: u16 = 74;
/// Lines around those of the board: its frame, its footer.
const FRAME: u16 = 4;
const FOOTER: &str = "Enter: go  h: heard  z: put off  d: done  r: again  a: all  Esc: back";
const FOOTER_REPLAY: &str = "Enter: go there   a: all answered   Esc: back   (look only)";

struct TimersLayer {
    chosen: Chosen,
    /// Every answered clock is listed, not only the last few.
    all: bool,
}

pub fn layer(_ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    let ids = Board::of(scene.incident, scene.now, false).ids();
    Box::new(TimersLayer { chosen: Chosen::first_of(&ids), all: false })
}

impl TimersLayer {
    fn board<'a>(&self, scene: &Scene<'a>) -> Board<'a> {
        Board::of(scene.incident, scene.now, self.all)
    }

    fn list(&self, scene: &Scene, ids: &[String]) -> Listing {
        let footer = if scene.live { FOOTER } else { FOOTER_REPLAY };
        Listing::new("Clocks", footer, COLUMNS, self.chosen.place(ids))
    }

    fn sheet(&self, board: &Board, list: &Listing, ctx: &Ctx, scene: &Scene, screen: Rect) -> Sheet {
        let room = usize::from(screen.height.saturating_sub(FRAME));
        lines::sheet(board, list.selected, (list.width(screen), room), ctx, scene)
    }

    /// Enter on the thing at this place.
    fn open(&self, place: usize, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let board = self.board(scene);
        board.running.get(place).map(|deadline| acts::go(deadline, ctx, scene)).unwrap_or_default()
    }

    /// A key that does something to the selected clock.
    fn act(&mut self, letter: char, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if !scene.live {
            return read_only();
        }
        let board = self.board(scene);
        let place = self.chosen.hold(&board.ids());
        let Some(deadline) = board.running.get(place) else {
            let answered = place.checked_sub(board.running.len()).and_then(|at| board.answered.get(at));
            return answered.filter(|_| is_again(letter)).map(|it| again(it.id, ctx)).unwrap_or_default();
        };
        let (id, label) = (&deadline.id, &deadline.label);
        match letter {
            'h' => acts::give(acts::clock(id, ClockCommand::Acknowledge), ctx),
            'z' => vec![Msg::Push(Box::new(acts::put_off(id, label)))],
            'd' => vec![Msg::Push(Box::new(acts::done(deadline)))],
            _ => again(id, ctx),
        }
    }
}

const fn is_again(letter: char) -> bool {
    matches!(letter, 'r' | 'U')
}

/// It counts again.
fn again(id: &str, ctx: &Ctx) -> Vec<Msg> {
    acts::give(acts::clock(id, ClockCommand::Restart { reason: String::new() }), ctx)
}

impl Layer for TimersLayer {
    fn name(&self) -> &'static str {
        "timers"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let board = self.board(&scene);
        let list = self.list(&scene, &board.ids());
        list.draw(&self.sheet(&board, &list, ctx, &scene, screen), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Char(letter @ ('h' | 'z' | 'd' | 'r' | 'U')) if plain => {
                return self.act(letter, ctx, &scene);
            }
            KeyCode::Char('a') if plain => {
                self.all = !self.all;
                return Vec::new();
            }
            _ => {}
        }
        let ids = self.board(&scene).ids();
        match self.chosen.key(self.list(&scene, &ids), key, &ids, ctx) {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(place) => self.open(place, ctx, &scene),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let board = self.board(&scene);
        let ids = board.ids();
        let list = self.list(&scene, &ids);
        let sheet = self.sheet(&board, &list, ctx, &scene, screen);
        match self.chosen.mouse(list, mouse, &sheet, &ids, screen) {
            Answer::Chosen(place) => self.open(place, ctx, &scene),
            _ => Vec::new(),
        }
    }
}
