//! The engine's lessons as wire types.

use limbeck::lessons as engine;
use protocol::lessons::{Action, Block, Inline, Lesson, Solution, Step};

/// A lesson over the wire.
pub(super) fn lesson(lesson: &engine::Lesson) -> Lesson {
    Lesson {
        slug: lesson.slug.clone(),
        title: lesson.title.clone(),
        minutes: u32::try_from(lesson.minutes).unwrap_or(u32::MAX),
        teaches: lesson.teaches.clone(),
        directory: lesson.directory.clone(),
        open: lesson.open.clone(),
        show: lesson.show.clone(),
        introduction: blocks(&lesson.introduction),
        steps: lesson.steps.iter().map(step).collect(),
        hash: lesson.hash.clone(),
    }
}

fn step(step: &engine::Step) -> Step {
    Step {
        id: step.id.clone(),
        title: step.title.clone(),
        text: blocks(&step.text),
        hints: step.hints.iter().map(|hint| blocks(hint)).collect(),
        solution: Solution {
            text: blocks(&step.solution.text),
            actions: step.solution.actions.iter().map(action).collect(),
        },
    }
}

fn action(action: &engine::Action) -> Action {
    match action.clone() {
        engine::Action::Write { path, text } => Action::Write { path, text },
        engine::Action::Replace { path, old, new } => Action::Replace { path, old, new },
        engine::Action::Run { line, .. } => Action::Run { line },
    }
}

fn blocks(all: &[engine::Block]) -> Vec<Block> {
    all.iter().map(block).collect()
}

fn block(block: &engine::Block) -> Block {
    match block {
        engine::Block::Paragraph(text) => Block::Paragraph(inlines(text)),
        engine::Block::Heading { level, text } => Block::Heading {
            level: *level,
            content: inlines(text),
        },
        engine::Block::Code { language, text } => Block::Code {
            language: language.clone(),
            text: text.clone(),
        },
        engine::Block::List { start, items } => Block::List {
            first: *start,
            items: items.iter().map(|item| blocks(item)).collect(),
        },
        engine::Block::Quote(inside) => Block::Quote(blocks(inside)),
        engine::Block::Table { head, rows } => Block::Table {
            head: cells(head),
            rows: rows.iter().map(|row| cells(row)).collect(),
        },
    }
}

fn cells(row: &[Vec<engine::Inline>]) -> Vec<Vec<Inline>> {
    row.iter().map(|cell| inlines(cell)).collect()
}

fn inlines(all: &[engine::Inline]) -> Vec<Inline> {
    all.iter().map(inline).collect()
}

fn inline(inline: &engine::Inline) -> Inline {
    match inline {
        engine::Inline::Text(text) => Inline::Text(text.clone()),
        engine::Inline::Emphasis(inside) => Inline::Emphasis(inlines(inside)),
        engine::Inline::Strong(inside) => Inline::Strong(inlines(inside)),
        engine::Inline::Code(text) => Inline::Code(text.clone()),
        engine::Inline::Link { target, text } => Inline::Link {
            to: match target {
                engine::LinkTarget::Web(address) => address.clone(),
                engine::LinkTarget::Lesson(slug) => slug.clone(),
            },
            content: inlines(text),
        },
        engine::Inline::Break => Inline::Break,
    }
}
