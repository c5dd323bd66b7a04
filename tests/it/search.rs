//! The search: the program and the theme's script cut texts into the same
//! words, and the files of the index belong together.
//!
//! The script runs under `node`, which `tests/browser/run --install` installs.

#![expect(clippy::disallowed_methods, reason = "the script reads a site from the disk")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use normbook::path::Address;
use normbook::pipeline::{Options, Pipeline};
use normbook::render::Bytes;
use normbook::tokens::{self, Form};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::{Union, ValueTree};
use proptest::test_runner::TestRunner;

use crate::golden;

fn build(name: &str) -> BTreeMap<Address, Bytes> {
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&golden::handbook(name), &Options::default(), &mut |_| {});
    pipeline.render(&site).value.bytes
}

/// Writes what the script reads of a site into a folder.
fn write_site(name: &str, folder: &Path) {
    for (address, bytes) in build(name) {
        let needed =
            address.as_str().starts_with("search/") || address.as_str().starts_with("theme/");
        if needed {
            let path = folder.join(address.as_str());
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("written");
        }
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search").join(name)
}

/// The tables are kept, as they take long to work out.
#[test]
fn the_tables_of_letters_are_those_of_the_rules() {
    let tables = serde_json::to_string(&tokens::letters::letters()).expect("plain data");
    if std::env::var_os("NORMBOOK_BLESS").is_some() {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tokens/letters.json");
        fs::write(kept, format!("{tables}\n")).expect("written");
    }
    assert!(
        tables == tokens::letters::LETTERS,
        "src/tokens/letters.json is not up to date; run the test again with NORMBOOK_BLESS=1"
    );
}

fn tokens_of(text: &str) -> Vec<(String, &'static str, String)> {
    let mut found = Vec::new();
    tokens::each(text, |token| {
        let form = match token.form {
            Form::Word => "word",
            Form::Compound => "compound",
            Form::Part => "part",
            Form::Gram => "gram",
            Form::Last => "last",
        };
        found.push((token.text.to_owned(), form, text[token.start..token.end].to_owned()));
    });
    found
}

/// Texts that people wrote, in many scripts.
const TEXTS: [&str; 24] = [
    "",
    "States should not knowingly allow their territory to be used, see 13(c).",
    "A/70/174, para. 13(d); A/RES/70/237; A/C.1/80/L.5; S/2015/1; ETS 185",
    "51(1)(a) and (b), 2(4), II.v, 1.2.3, 13(d)(i)(x), a-b-c-d-e-f-g-h",
    "co-operate and/or U.N. supply-chain non‑binding e.g. i.e. x--y x---y",
    "State's l’information d'État don't O'Brien rock'n'roll 'a' 'b",
    "Résumé naïve Ærøskøbing Łódź Þingvellir İstanbul ıssız Straße ẞ ǅ ﬁn",
    "Κυβερνοχώρος και ασφάλεια· ΣΊΣΥΦΟΣ ᾳ ἀρχή",
    "Нормы ответственного поведения государств; Ёлка, ПОДЪЁЗД, Київ, Ґ",
    "قواعد السلوك المسؤول للدول في الفضاء الإلكتروني، مُحَمَّد ـــ ٢٠١٥ ۲۰۱۵ ﻻ",
    "כללי התנהגות אחראית שָׁלוֹם־עולם",
    "网络空间国家行为规范，数据安全。2015年第13(d)段 A/70/174号文件",
    "サイバー空間における国家の責任ある行動規範 ｻｲﾊﾞｰ ﾊﾟ カタカナー々〇",
    "사이버 공간에서의 책임 있는 국가 행동 규범",
    "ไซเบอร์สเปซ ພາສາລາວ မြန်မာ ភាសាខ្មែរ",
    "साइबर सुरक्षा १२३ বাংলা தமிழ் తెలుగు",
    "Ⅳ ⅳ ½ ² ㎏ ① Ａ／７０／１７４ ｆｕｌｌ １３（ｄ）",
    "soft\u{ad}ware e\u{301}tat a\u{300}\u{301}b zero\u{200b}width\u{200d}join \u{301}x",
    "𠀀𠀁 𝔘𝔫𝔦 😀 emoji😀word 𐐀𐐨",
    "Հայաստան ՀԱՅ ქართული ᲥᲐᲠᲗᲣᲚᲘ",
    "https://example.org/some/very/long/address/with-many-parts?and=queries",
    "pneumonoultramicroscopicsilicovolcanoconiosis-and-even-longer-than-that",
    "the of and to the-of a/b/c or.to",
    "one_two one:two one&two one+two one,two (three) [four] {five} \"six\"",
];

/// Texts that nobody wrote: characters of many scripts, signs and spaces.
fn random_texts() -> Vec<String> {
    let ranges = [
        ' '..='~',
        ' '..='~',
        '\u{a0}'..='\u{24f}',
        '\u{300}'..='\u{36f}',
        '\u{370}'..='\u{52f}',
        '\u{531}'..='\u{6ff}',
        '\u{900}'..='\u{e7f}',
        '\u{1000}'..='\u{10ff}',
        '\u{1d00}'..='\u{206f}',
        '\u{2100}'..='\u{218f}',
        '\u{3000}'..='\u{30ff}',
        '\u{4e00}'..='\u{4e40}',
        '\u{ac00}'..='\u{ac40}',
        '\u{fb00}'..='\u{ffef}',
        '\u{1f600}'..='\u{1f640}',
        '\u{20000}'..='\u{20040}',
    ];
    let some = ranges.map(|range| proptest::char::range(*range.start(), *range.end()).boxed());
    let pieces = ["a", "13", "(", ")", "/", "-", ".", "'", "’", " ", "é", "网", "ß", "\u{ad}"];
    let some = some.into_iter().chain([any::<char>().boxed()]);
    let some = some.map(|c| c.prop_map(String::from).boxed());
    let piece = proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned).boxed();
    let text = vec(Union::new(some.chain([piece.clone(), piece.clone(), piece])), 0..40);
    let mut runner = TestRunner::deterministic();
    let one = |_| text.new_tree(&mut runner).expect("a text").current().concat();
    (0..2000).map(one).collect()
}

#[test]
fn program_and_script_find_the_same_words() {
    let folder = tempfile::tempdir().expect("a folder");
    write_site("prose", folder.path());
    let own = TEXTS.into_iter().map(str::to_owned);
    // Every letter by itself and among others, so that the tables are whole.
    let letters = ('\0'..='\u{323af}').filter(|c| c.is_alphanumeric()).collect::<Vec<char>>();
    let letters = letters
        .chunks(24)
        .map(|some| some.iter().flat_map(|c| [' ', *c, 'x', *c]).collect::<String>());
    let texts: Vec<String> = own.chain(random_texts()).chain(letters).collect();
    let cases: Vec<_> = texts.iter().map(|text| (text, tokens_of(text))).collect();
    let cases_path = folder.path().join("cases.json");
    fs::write(&cases_path, serde_json::to_string(&cases).expect("plain data")).expect("written");
    let node = Command::new("node")
        .args([script("tokens.mjs").as_path(), folder.path(), &cases_path])
        .output()
        .expect("`node` runs; `tests/browser/run --install` installs it");
    let said = String::from_utf8_lossy(&node.stdout);
    let complained = String::from_utf8_lossy(&node.stderr);
    assert!(node.status.success(), "{said}{complained}");
}
