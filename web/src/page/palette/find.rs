//! The palette's search: the letters that were typed, in their order, anywhere in the text.

/// How well a text fits what was typed: the more the better; nothing where it does not. Letters that
/// begin a word or follow each other count more.
pub fn fit(typed: &str, text: &str) -> Option<u32> {
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut sum = 0;
    for word in typed.split_whitespace() {
        sum += fit_word(word, &text)?;
    }
    Some(sum)
}

fn fit_word(word: &str, text: &[char]) -> Option<u32> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    // As a whole it is what was meant, at the beginning of a word most of all.
    let whole = text.windows(word.len().max(1)).enumerate();
    let begins = |index: usize| {
        index == 0
            || text
                .get(index - 1)
                .is_some_and(|before| !before.is_alphanumeric())
    };
    let best = whole
        .filter(|(_, part)| *part == word.as_slice())
        .map(|(index, _)| if begins(index) { 1_000 } else { 500 })
        .max();
    if best.is_some() {
        return best;
    }
    let mut sum = 0;
    let mut position = 0;
    let mut last = None;
    for letter in word {
        let found = position
            + text
                .get(position..)?
                .iter()
                .position(|one| *one == letter)?;
        sum += match last {
            Some(last) if found == last + 1 => 3,
            _ if begins(found) => 2,
            _ => 0,
        };
        last = Some(found);
        position = found + 1;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn letters_in_their_order_are_found() {
        assert!(fit("upg", "Upgrade to head").is_some());
        assert!(fit("uth", "Upgrade to head").is_some());
        assert!(fit("hu", "Upgrade to head").is_none());
        assert!(fit("", "anything").is_some());
        assert!(fit("é𝄞", "É 𝄞").is_some());
    }

    #[test]
    fn a_whole_word_goes_before_scattered_letters() {
        let whole = fit("current", "alembic current");
        assert!(whole > fit("current", "check undone revisions renamed tables"));
        assert!(fit("head", "Upgrade to head") > fit("head", "ahead"));
        assert!(fit("open mod", "Open models.py").is_some());
    }
}
