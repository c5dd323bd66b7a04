//! Asks servers whether their pages are there. Part of the rim: it uses the
//! network and the clock.
//!
//! Comes in: addresses, and [`Manners`]. Goes out: an [`Answer`] for each.
//! Different hosts are asked at the same time, one host never twice at once,
//! and with a pause between, whichever address led there. A question is HEAD;
//! what is not answered well is asked once more as GET, whose body is not
//! read. Cookies are not kept.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it waits by the clock")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::header::{LOCATION, RETRY_AFTER};
use ureq::{Agent, Error};
use url::Url;

use super::answer::{Answer, passes_on};

/// How servers are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manners {
    /// Between two questions to one host.
    pub pause: Duration,
    /// For one question, from the look-up of the name to the answer.
    pub timeout: Duration,
}

/// How many hosts are asked at the same time.
const AT_ONCE: usize = 8;

/// How often a question is passed on.
const REDIRECTS: usize = 10;

/// The longest time that a server is waited for which asks to come back later.
const LATER: Duration = Duration::from_secs(30);

const USER_AGENT: &str = concat!("normbook/", env!("CARGO_PKG_VERSION"), " (link check)");

/// Asks for every address; `step` is told of each that is done.
pub fn ask(
    addresses: &BTreeSet<String>,
    manners: Manners,
    step: &(dyn Fn() + Sync),
) -> BTreeMap<String, Answer> {
    let mut hosts: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for address in addresses {
        let host = Url::parse(address).map(|url| host(&url)).unwrap_or_default();
        hosts.entry(host).or_default().push(address);
    }
    let threads = hosts.len().min(AT_ONCE);
    let left = Mutex::new(hosts.into_values());
    let asker = Asker::new(manners);
    let answers = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let Some(addresses) = locked(&left).next() else { return };
            for address in addresses {
                let answer = asker.follow(address);
                locked(&answers).insert(address.clone(), answer);
                step();
            }
        }
    };
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// What is behind a lock. What a thread that panicked left there is whole:
/// values are put in at once.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The name and port that a server is known by.
fn host(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}:{port}", url.host_str().unwrap_or_default())
}

struct Asker {
    agent: Agent,
    manners: Manners,
    /// One gate a host, whatever address leads to it.
    gates: Mutex<BTreeMap<String, Arc<Mutex<Gate>>>>,
}

/// When a host may be asked again.
#[derive(Default)]
struct Gate {
    after: Option<Instant>,
    /// The status with which the host asked to be left alone for long.
    closed: Option<u16>,
}

/// What one question brought.
struct Reply {
    status: u16,
    location: Option<String>,
    /// How long the server asks to wait.
    later: Option<Duration>,
}

impl Asker {
    fn new(manners: Manners) -> Asker {
        let config = Agent::config_builder()
            .user_agent(USER_AGENT)
            .http_status_as_error(false)
            // Redirects are followed here, because each host has its gate.
            .max_redirects(0)
            .timeout_global(Some(manners.timeout))
            .timeout_connect(Some(manners.timeout / 2))
            .max_idle_connections(0)
            .build();
        Asker { agent: Agent::new_with_config(config), manners, gates: Mutex::default() }
    }

    /// Asks for an address, and for those that it is passed on to.
    fn follow(&self, address: &str) -> Answer {
        let Ok(mut url) = Url::parse(address) else {
            return Answer::Failed("it is no address that a browser can read".to_owned());
        };
        let (mut moved, mut for_good) = (None, true);
        for _ in 0..=REDIRECTS {
            let reply = match self.hop(&url) {
                Ok(reply) => reply,
                Err(answer) => return answer,
            };
            let Some((permanent, location)) = passes_on(reply.status).zip(reply.location) else {
                return Answer::Status { status: reply.status, moved };
            };
            let next = url.join(&location).ok();
            let Some(next) = next.filter(|url| matches!(url.scheme(), "http" | "https")) else {
                return Answer::Failed(format!("it is passed on to `{location}`"));
            };
            url = next;
            for_good &= permanent;
            if for_good {
                moved = Some(url.to_string());
            }
        }
        Answer::Circle
    }

    /// Asks for one address, at most twice. Some servers know no HEAD, or
    /// answer it wrongly, so only what GET says is bad is bad.
    fn hop(&self, url: &Url) -> Result<Reply, Answer> {
        let gate = Arc::clone(locked(&self.gates).entry(host(url)).or_default());
        // Held until the end, so that nobody else asks this host meanwhile.
        let mut gate = locked(&gate);
        if let Some(status) = gate.closed {
            return Ok(Reply { status, location: None, later: None });
        }
        let first = self.question(url, true, &mut gate);
        match first {
            Ok(reply) if reply.status < 400 => return Ok(reply),
            Ok(reply) if gate.closed.is_some() => return Ok(reply),
            Err(Answer::NoHost) => return Err(Answer::NoHost),
            Ok(_) | Err(_) => {}
        }
        self.question(url, false, &mut gate)
    }

    /// Waits until the host may be asked, and asks.
    fn question(&self, url: &Url, head: bool, gate: &mut Gate) -> Result<Reply, Answer> {
        if let Some(after) = gate.after {
            thread::sleep(after.saturating_duration_since(Instant::now()));
        }
        let reply = self.send(url, head);
        let later = reply.as_ref().ok().and_then(|reply| reply.later);
        if let (Some(later), Ok(reply)) = (later, &reply)
            && later > LATER
        {
            gate.closed = Some(reply.status);
        }
        gate.after = Some(Instant::now() + self.manners.pause.max(later.unwrap_or_default()));
        reply
    }

    fn send(&self, url: &Url, head: bool) -> Result<Reply, Answer> {
        let url = url.as_str();
        let sent = if head { self.agent.head(url).call() } else { self.agent.get(url).call() };
        let response = sent.map_err(|error| self.failure(&error))?;
        let status = response.status().as_u16();
        let header = |name| response.headers().get(name)?.to_str().ok();
        let later = header(RETRY_AFTER).and_then(|text| text.trim().parse().ok());
        let later = later.map(Duration::from_secs).filter(|_| matches!(status, 429 | 503));
        Ok(Reply { status, location: header(LOCATION).map(str::to_owned), later })
    }

    /// Says why nothing came back.
    fn failure(&self, error: &Error) -> Answer {
        match error {
            Error::HostNotFound => Answer::NoHost,
            Error::Io(error) if is_unknown_host(error) => Answer::NoHost,
            Error::Timeout(_) => {
                let seconds = self.manners.timeout.as_secs_f64();
                Answer::Failed(format!("nothing came back within {seconds} s"))
            }
            error => Answer::Failed(format!("the connection failed ({error})")),
        }
    }
}

/// Whether the look-up of a name says that there is none. The standard library
/// has no kind for that, and one that failed for the moment, as without a
/// network, reads alike but for its last words.
fn is_unknown_host(error: &std::io::Error) -> bool {
    /// `WSAHOST_NOT_FOUND` of Windows.
    const NOT_FOUND: i32 = 11001;
    let text = error.to_string();
    let look_up = text.contains("failed to lookup address information");
    error.raw_os_error() == Some(NOT_FOUND) || (look_up && !text.contains("emporary failure"))
}
