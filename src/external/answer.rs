//! What came back when an address was asked for, and what that means.
//!
//! Comes in: a status, or a failure. Goes out: a [`Meaning`]. Dead is only
//! what will not come back by itself; whatever may pass is unsure.

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A server answered.
    Status {
        /// The status after all redirects.
        status: u16,
        /// Where the address leads for good: the end of the permanent
        /// redirects that it begins with.
        moved: Option<String>,
    },
    /// No server has that name.
    NoHost,
    /// The redirects do not end.
    Circle,
    /// Nothing came back; the words say why.
    Failed(String),
}

/// What an answer means for those who follow the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The page is there.
    Good,
    /// It is there, and has this address for good.
    Moved(String),
    /// It is not there; the words say why.
    Dead(String),
    /// Nobody can tell; the words say why.
    Unsure(String),
}

impl Answer {
    /// What the answer means.
    pub fn meaning(&self) -> Meaning {
        match self {
            Answer::Status { status: 404, .. } => {
                Meaning::Dead("the server has no such page (404)".to_owned())
            }
            Answer::Status { status: 410, .. } => {
                Meaning::Dead("the server says that the page is gone (410)".to_owned())
            }
            Answer::Status { status: 200..=399, moved: Some(to) } => Meaning::Moved(to.clone()),
            Answer::Status { status: 200..=399, moved: None } => Meaning::Good,
            Answer::Status { status: status @ (401 | 403), .. } => {
                Meaning::Unsure(format!("the server refuses programs ({status})"))
            }
            Answer::Status { status: 429, .. } => {
                Meaning::Unsure("the server is asked too often (429)".to_owned())
            }
            Answer::Status { status, .. } => {
                Meaning::Unsure(format!("the server answers with the status {status}"))
            }
            Answer::NoHost => Meaning::Dead("no server has that name".to_owned()),
            Answer::Circle => Meaning::Unsure("it is passed on again and again".to_owned()),
            Answer::Failed(why) => Meaning::Unsure(why.clone()),
        }
    }
}

/// Whether a status passes the browser on, and if so, whether for good
/// (RFC 9110, section 15.4).
pub fn passes_on(status: u16) -> Option<bool> {
    match status {
        301 | 308 => Some(true),
        302 | 303 | 307 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(status: u16, moved: Option<&str>) -> Meaning {
        Answer::Status { status, moved: moved.map(str::to_owned) }.meaning()
    }

    #[test]
    fn only_what_does_not_pass_is_dead() {
        for status in [200, 204, 304] {
            assert_eq!(meaning(status, None), Meaning::Good, "{status}");
        }
        for status in [404, 410] {
            assert!(matches!(meaning(status, Some("x")), Meaning::Dead(_)), "{status}");
        }
        for status in [400, 401, 403, 405, 429, 451, 500, 502, 503, 999] {
            assert!(matches!(meaning(status, Some("x")), Meaning::Unsure(_)), "{status}");
        }
        assert!(matches!(Answer::NoHost.meaning(), Meaning::Dead(_)));
        assert!(matches!(Answer::Circle.meaning(), Meaning::Unsure(_)));
        assert_eq!(meaning(200, Some("x")), Meaning::Moved("x".to_owned()));
    }
}
