//! The mouse in the room: clicks, the wheel, the divider. Nothing needs it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::{PaneId, RoomScreen, SPLIT_RANGE, Source, layout, replay_bar};
use crate::tui::actions::{Action, Move};
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;

impl RoomScreen {
    pub fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let layout = self.layout(screen);
        let hit = layout.hit(mouse.column, mouse.row);
        match mouse.kind {
            MouseEventKind::ScrollDown => self.wheel(hit, Move::Down, ctx, &layout),
            MouseEventKind::ScrollUp => self.wheel(hit, Move::Up, ctx, &layout),
            MouseEventKind::Down(MouseButton::Left) => self.press(mouse, hit, ctx, &layout),
            MouseEventKind::Drag(MouseButton::Left) if self.dragging => {
                let share = u32::from(mouse.column) * 100 / u32::from(screen.width.max(1));
                self.split = (share as u16).clamp(SPLIT_RANGE.0, SPLIT_RANGE.1);
                Vec::new()
            }
            MouseEventKind::Up(_) => {
                self.dragging = false;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn wheel(&mut self, hit: Option<PaneId>, to: Move, ctx: &Ctx, layout: &layout::Layout) -> Vec<Msg> {
        let Some(pane) = hit else { return Vec::new() };
        let before = self.focus;
        self.focus = pane;
        let messages = (0..3).flat_map(|_| self.act_in(pane, Action::Move(to), ctx, layout)).collect();
        self.focus = before;
        messages
    }

    fn press(
        &mut self,
        mouse: MouseEvent,
        hit: Option<PaneId>,
        ctx: &Ctx,
        layout: &layout::Layout,
    ) -> Vec<Msg> {
        let divider = layout.area(PaneId::Checklist).x;
        let side_by_side = divider > 0 && layout.area(PaneId::Timeline).width < layout.header.width;
        if side_by_side && (mouse.column == divider || mouse.column.saturating_add(1) == divider) {
            self.dragging = true;
            return Vec::new();
        }
        if let Source::Replay(playing) = &mut self.source
            && layout.bottom.contains((mouse.column, mouse.row).into())
        {
            let at = replay_bar::time_at(&playing.player, layout.bottom, mouse.column);
            return at.map(Msg::Goto).into_iter().collect();
        }
        if mouse.row == layout.bottom.bottom().saturating_sub(1) && self.source.is_live() {
            self.scribe.focused = true;
            return Vec::new();
        }
        let Some(pane) = hit else { return Vec::new() };
        self.scribe.focused = false;
        self.focus_on(pane);
        let (at, area) = (Position::new(mouse.column, mouse.row), layout.area(pane));
        self.with_pane(|pane, scene| pane.click(at, ctx, scene, area), ctx)
    }
}
