//! Answers requests: HTTP/1.1 on a few lines of hyper.
//!
//! Comes in: connections from anybody who can reach the address. Goes out:
//! what the board shows. Everything a stranger can make grow has a limit: the
//! number of connections, the head of a request, the time it may take, the
//! time an answer may lie unread, the pages rendered at once.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::Serialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};

use super::address::{self, Refused};
use super::board::{Board, Shown};
use super::edition::{Content, Edition, Found, OWN, script};
use super::patience::Patient;
use super::report::Report;
use super::workshop::Desk;
use super::{News, Tell};
use crate::path::Address;
use crate::watch::Cookies;

/// So many pages are rendered at once.
pub(super) const RENDERERS: usize = 2;
/// So many connections are open at once; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 1500;
/// The head of a request must have come whole in this time; a connection on
/// which nothing is asked is closed after it.
const PATIENCE: Duration = Duration::from_secs(15);
/// The head of a request has at most so many bytes.
const LONGEST_HEAD: usize = 16 * 1024;
/// A request waits so long for a rebuild that is on its way.
const LONGEST_BUILD: Duration = Duration::from_secs(60);
/// Browsers and what stands between hear at least so often from us.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// After a failure to take a connection, as when no file can be opened.
const PAUSE: Duration = Duration::from_millis(50);
/// So many ports are tried.
const PORTS: u16 = 100;

const LIVE: &str = include_str!("live.js");

/// What the answers are made from.
pub(super) struct Door {
    pub(super) board: Arc<Board>,
    pub(super) desk: Arc<Desk>,
    pub(super) cookies: Option<Arc<Cookies>>,
    pub(super) host: IpAddr,
}

type Answer = Response<Either<Full<Bytes>, Events>>;

/// Listens at the first free port.
pub(super) async fn listen(host: IpAddr, port: u16, tell: &Tell) -> Result<TcpListener, String> {
    for next in port..=port.saturating_add(PORTS) {
        let failed = match TcpListener::bind(SocketAddr::new(host, next)).await {
            Ok(listener) => {
                let address = listener.local_addr().unwrap_or(SocketAddr::new(host, next));
                let busy = (next != port).then_some(port);
                tell(&News::Listening { address, busy });
                return Ok(listener);
            }
            Err(failed) => failed,
        };
        if failed.kind() != std::io::ErrorKind::AddrInUse {
            return Err(format!(
                "cannot listen on {}: {failed}; choose another with `--host` and `--port`",
                SocketAddr::new(host, next)
            ));
        }
    }
    let last = port.saturating_add(PORTS);
    Err(format!("the ports {port} to {last} are busy; choose another with `--port`"))
}

/// Answers connections for ever.
pub(super) async fn answer(door: Arc<Door>, listener: TcpListener) {
    let free = Arc::new(Semaphore::new(most_connections()));
    loop {
        let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let door = Arc::clone(&door);
                tokio::spawn(async move {
                    connection(door, stream).await;
                    drop(permit);
                });
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// As many connections as files may be open, less some for the handbook.
fn most_connections() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        const RESERVE: u64 = 100;
        let limit = getrlimit(Resource::Nofile);
        // Many systems begin with a low limit that a program may raise.
        setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).ok();
        if let Some(files) = getrlimit(Resource::Nofile).current {
            let room = usize::try_from(files.saturating_sub(RESERVE)).unwrap_or(usize::MAX);
            return room.clamp(16, MOST_CONNECTIONS);
        }
    }
    MOST_CONNECTIONS
}

async fn connection(door: Arc<Door>, stream: TcpStream) {
    // Answers are small, and somebody waits for them.
    stream.set_nodelay(true).ok();
    let service = service_fn(|request| {
        let door = Arc::clone(&door);
        async move { Ok::<Answer, Infallible>(respond(&door, &request).await) }
    });
    // A connection that breaks is the other side's affair.
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(Patient::new(stream)), service)
        .await
        .ok();
}

/// Answers one request.
async fn respond(door: &Door, request: &Request<Incoming>) -> Answer {
    let refused = |status, text: &str| plain(status, &format!("{text}\n"));
    if !request.headers().contains_key(header::HOST) {
        return refused(StatusCode::BAD_REQUEST, "the request names no host");
    }
    let hosts = request.headers().get_all(header::HOST).iter().map(HeaderValue::to_str);
    let mut hosts: Vec<&str> = hosts.map(Result::unwrap_or_default).collect();
    hosts.extend(request.uri().authority().map(|authority| authority.as_str()));
    if !hosts.iter().all(|host| address::is_ours(host, door.host)) {
        let text = "this server answers only to its own address, not to the name in the request";
        return refused(StatusCode::MISDIRECTED_REQUEST, text);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut answer = refused(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered");
        answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return answer;
    }
    let address = match address::asked(request.uri().path()) {
        Ok(address) => address,
        Err(Refused::TooLong) => return refused(StatusCode::URI_TOO_LONG, "the path is too long"),
        Err(Refused::Malformed) => {
            return refused(StatusCode::BAD_REQUEST, "the path is malformed");
        }
    };
    match address.as_str().strip_prefix(OWN).and_then(|rest| rest.strip_prefix('/')) {
        Some("live.js") => live(),
        Some("events") => events(door, request),
        Some(_) => refused(StatusCode::NOT_FOUND, "there is nothing at this address"),
        None => site(door, request, address).await,
    }
}

/// Answers with what stands at an address of the site, once everything that
/// was saved before is in it.
async fn site(door: &Door, request: &Request<Incoming>, address: Address) -> Answer {
    if let Some(cookies) = &door.cookies {
        cookies.flush().await;
    }
    let wanted = door.board.wanted();
    let mut follow = door.board.follow();
    let fresh = follow.wait_for(|shown| shown.covered >= wanted);
    let shown = match timeout(LONGEST_BUILD, fresh).await {
        Ok(Ok(shown)) => shown.clone(),
        Ok(Err(_)) | Err(_) => door.board.shown(),
    };
    let Some(edition) = shown.edition.clone() else {
        return standing(StatusCode::SERVICE_UNAVAILABLE, "none");
    };
    match find(door, &edition, &address).await {
        Found::Content(content) => self::content(request, &address, &content),
        Found::Broken => standing(StatusCode::INTERNAL_SERVER_ERROR, &edition.name()),
        Found::Nothing => nothing(door, request, &shown, &edition, &address).await,
    }
}

/// Finds and renders aside, where a long page stops no other request.
async fn find(door: &Door, edition: &Arc<Edition>, address: &Address) -> Found {
    let (own, asked) = (Arc::clone(edition), address.clone());
    let found = tokio::task::spawn_blocking(move || own.find(&asked)).await;
    door.desk.refresh(&door.board, edition);
    found.unwrap_or(Found::Broken)
}

fn content(request: &Request<Incoming>, address: &Address, content: &Content) -> Answer {
    let tag = format!("\"{}\"", content.digest);
    let known = request.headers().get_all(header::IF_NONE_MATCH).iter();
    let known = known.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let same = known.into_iter().any(|known| known.trim() == tag);
    let mut answer = match same {
        true => bare(StatusCode::NOT_MODIFIED, Bytes::new()),
        false => ranged(request, content.bytes.clone()),
    };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind(address));
    set(headers, header::ETAG, &tag);
    answer
}

/// The whole, or the one range of bytes that was asked for (RFC 9110, section
/// 14), which players of sound and film insist on.
fn ranged(request: &Request<Incoming>, bytes: Bytes) -> Answer {
    let length = bytes.len();
    let asked = request.headers().get(header::RANGE).and_then(|value| value.to_str().ok());
    let range = asked.and_then(|asked| asked.strip_prefix("bytes=")?.split_once('-'));
    let range = range.and_then(|(first, last)| {
        let number = |text: &str| text.parse::<usize>().ok();
        match (first, last) {
            ("", last) => Some((length.saturating_sub(number(last)?), length)),
            (first, "") => Some((number(first)?, length)),
            (first, last) => Some((number(first)?, number(last)?.saturating_add(1).min(length))),
        }
    });
    let mut answer = match range {
        Some((first, end)) if first < end && end <= length => {
            let mut answer = bare(StatusCode::PARTIAL_CONTENT, bytes.slice(first..end));
            let range = format!("bytes {first}-{}/{length}", end - 1);
            set(answer.headers_mut(), header::CONTENT_RANGE, &range);
            answer
        }
        Some(_) => {
            let mut answer = bare(StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new());
            let range = format!("bytes */{length}");
            set(answer.headers_mut(), header::CONTENT_RANGE, &range);
            answer
        }
        None => bare(StatusCode::OK, bytes),
    };
    answer.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    answer
}

/// Answers where nothing stands: with the folder's page, or that there is
/// nothing, and where the page went that stood there.
async fn nothing(
    door: &Door,
    request: &Request<Incoming>,
    shown: &Shown,
    edition: &Arc<Edition>,
    address: &Address,
) -> Answer {
    let folder = address::folder_of(address);
    if edition.site.page(&folder).is_some() {
        let mut answer = plain(StatusCode::MOVED_PERMANENTLY, "");
        set(answer.headers_mut(), header::LOCATION, &format!("/{}", folder.published()));
        return answer;
    }
    let page = crate::link::routes::not_found();
    let mut answer = match find(door, edition, &page).await {
        Found::Content(content) => {
            let content = Content { bytes: at_the_root(&content.bytes), ..content };
            self::content(request, &page, &content)
        }
        Found::Broken | Found::Nothing => standing(StatusCode::NOT_FOUND, &edition.name()),
    };
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer.headers_mut().remove(header::ETAG);
    if let Some(to) = shown.moves.follow(address) {
        let name = header::HeaderName::from_static("normbook-moved");
        set(answer.headers_mut(), name, &format!("/{}", to.published()));
    }
    answer
}

/// The page for what does not exist is shown at any depth, so its links must
/// start from the root, and from ours.
fn at_the_root(page: &Bytes) -> Bytes {
    let text = String::from_utf8_lossy(page);
    let text = text.replacen("<head>", "<head>\n<base href=\"/\">", 1);
    Bytes::from(marked_missing(&text))
}

/// Tells the script that the page only stands in for another.
fn marked_missing(page: &str) -> String {
    page.replacen(" data-edition=", " data-missing data-edition=", 1)
}

/// A page of our own, for when there is no good one. What is wrong is shown
/// over it.
fn standing(status: StatusCode, edition: &str) -> Answer {
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>No page yet</title>\n</head>\n<body>\n\
         <h1>This page cannot be shown yet</h1>\n\
         <p>The handbook has mistakes. They are listed on the terminal, and here when scripts \
         may run; the page appears when they are mended.</p>\n{}</body>\n</html>\n",
        script(edition)
    );
    let mut answer = bare(status, Bytes::from(marked_missing(&text)));
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, html);
    answer
}

fn live() -> Answer {
    let mut answer = bare(StatusCode::OK, Bytes::from_static(LIVE.as_bytes()));
    let script = HeaderValue::from_static("text/javascript; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, script);
    answer
}

fn plain(status: StatusCode, text: &str) -> Answer {
    let mut answer = bare(status, Bytes::from(text.to_owned()));
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, plain);
    answer
}

fn bare(status: StatusCode, bytes: Bytes) -> Answer {
    let mut answer = Response::new(Either::Left(Full::new(bytes)));
    *answer.status_mut() = status;
    protect(&mut answer);
    answer
}

/// Browsers always ask whether what they have is still right, guess no types,
/// and show nothing of it inside other sites.
fn protect(answer: &mut Answer) {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = header::HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("same-origin"));
}

fn set(headers: &mut hyper::HeaderMap, name: header::HeaderName, value: &str) {
    let value = HeaderValue::from_str(value);
    headers.insert(name, value.expect("invariant: made of digits and encoded addresses"));
}

/// The type of a file by its ending.
fn kind(address: &Address) -> HeaderValue {
    let kind = mime_guess::from_path(address.as_str()).first_or_octet_stream();
    let kind = kind.essence_str();
    let text = kind.starts_with("text/") || kind.ends_with("xml") || kind.ends_with("json");
    let kind = if text { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
    HeaderValue::from_str(&kind).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// Server-sent events: what is shown, now and whenever it changes.
fn events(door: &Door, request: &Request<Incoming>) -> Answer {
    let (sender, receiver) = mpsc::channel(1);
    let page = request.uri().query().and_then(|query| query.strip_prefix("page="));
    let page = page.and_then(crate::path::decode).and_then(|page| address::asked(&page).ok());
    tokio::spawn(tell_browser(Arc::clone(&door.board), page, sender));
    let mut answer = Response::new(Either::Right(Events(receiver)));
    protect(&mut answer);
    let stream = HeaderValue::from_static("text/event-stream");
    answer.headers_mut().insert(header::CONTENT_TYPE, stream);
    answer
}

/// What browsers are told.
#[derive(Serialize)]
struct State<'a> {
    edition: Option<String>,
    number: u64,
    styles: u64,
    scripts: u64,
    others: u64,
    held_back: bool,
    report: &'a Report,
}

impl State<'_> {
    fn of(shown: &Shown) -> String {
        let edition = shown.edition.as_ref();
        let number = |of: fn(&Edition) -> u64| edition.map_or(0, |edition| of(edition));
        let state = State {
            edition: edition.map(|edition| edition.name()),
            number: number(|edition| edition.number),
            styles: number(|edition| edition.styles),
            scripts: number(|edition| edition.scripts),
            others: number(|edition| edition.others),
            held_back: shown.held_back,
            report: &shown.report,
        };
        let state = serde_json::to_string(&state).expect("invariant: a state is plain data");
        format!("data: {state}\n\n")
    }
}

/// Sends what is shown until the browser goes.
async fn tell_browser(board: Arc<Board>, page: Option<Address>, to: mpsc::Sender<Bytes>) {
    let viewing = page.map(|page| board.enter(page));
    let mut follow = board.follow();
    let mut last = String::new();
    loop {
        let next = State::of(&follow.borrow_and_update().clone());
        let news = (next != last).then(|| Bytes::from(next.clone()));
        last = next;
        if let Some(news) = news
            && to.send(news).await.is_err()
        {
            break;
        }
        let silent = tokio::select! {
            changed = follow.changed() => changed.is_err(),
            () = sleep(KEEP_ALIVE) => to.send(Bytes::from_static(b":\n\n")).await.is_err(),
            () = to.closed() => true,
        };
        if silent {
            break;
        }
    }
    viewing.inspect(|viewer| board.leave(*viewer));
}

/// The body of an answer that goes on.
pub(super) struct Events(mpsc::Receiver<Bytes>);

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
