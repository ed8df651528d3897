//! STIX patterns: tokens to tree, by recursive descent. Parentheses nest to a
//! bounded depth; everything else that repeats is a loop.

use super::lexer::{Kind, Token, tokens};
use super::pattern::{
    BadPattern, Comparison, Literal, Observation, Operator, Qualifier, Step, Test,
};

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 32;

/// Reads a pattern.
///
/// ```
/// use clarte_intel::pattern::{Observation, parse};
/// assert!(matches!(parse("[url:value = 'http://evil.example/']"), Ok(Observation::Seen(_))));
/// assert_eq!(parse("[url:value = ]").unwrap_err().at, 13);
/// ```
pub fn parse(text: &str) -> Result<Observation, BadPattern> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.len() };
    let pattern = parser.observations(0)?;
    match parser.peek() {
        None => Ok(pattern),
        Some(_) => Err(parser.bad("expected the end")),
    }
}

struct Parser<'p> {
    tokens: Vec<Token<'p>>,
    next: usize,
    end: usize,
}

type Parsed<T> = Result<T, BadPattern>;

impl<'p> Parser<'p> {
    fn peek(&self) -> Option<&Kind<'p>> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn bad(&self, why: &'static str) -> BadPattern {
        BadPattern { at: self.tokens.get(self.next).map_or(self.end, |token| token.at), why }
    }

    fn take(&mut self) -> Option<Kind<'p>> {
        let kind = self.peek().cloned();
        self.next += 1;
        kind
    }

    /// Consumes the next token if it is this sign or keyword.
    fn eat(&mut self, wanted: &str) -> bool {
        let found = match self.peek() {
            Some(Kind::Word(text) | Kind::Sign(text)) => *text == wanted,
            _ => false,
        };
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str, why: &'static str) -> Parsed<()> {
        if self.eat(wanted) { Ok(()) } else { Err(self.bad(why)) }
    }

    /// `part (word part)*`, as one part or all of them joined.
    fn joined<T>(
        &mut self,
        word: &str,
        join: fn(Vec<T>) -> T,
        part: impl Fn(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let first = part(self)?;
        if !self.eat(word) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.eat(word) {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn observations(&mut self, depth: usize) -> Parsed<Observation> {
        self.joined("FOLLOWEDBY", Observation::FollowedBy, |parser| {
            parser.joined("OR", Observation::Or, |parser| {
                parser.joined("AND", Observation::And, |parser| parser.observation(depth))
            })
        })
    }

    fn observation(&mut self, depth: usize) -> Parsed<Observation> {
        if depth > MAX_DEPTH {
            return Err(self.bad("parentheses are nested too deep"));
        }
        let inner = if self.eat("[") {
            let comparison = self.comparison(depth)?;
            self.expect("]", "expected `]`")?;
            Observation::Seen(comparison)
        } else if self.eat("(") {
            let inner = self.observations(depth + 1)?;
            self.expect(")", "expected `)`")?;
            inner
        } else {
            return Err(self.bad("expected `[`"));
        };
        let qualifiers = self.qualifiers()?;
        if qualifiers.is_empty() {
            return Ok(inner);
        }
        Ok(Observation::Qualified(Box::new(inner), qualifiers))
    }

    fn qualifiers(&mut self) -> Parsed<Vec<Qualifier>> {
        let mut found = Vec::new();
        loop {
            found.push(if self.eat("WITHIN") {
                let seconds = self.positive(true)?;
                self.expect("SECONDS", "expected `SECONDS`")?;
                Qualifier::Within(seconds)
            } else if self.eat("REPEATS") {
                let times = self.positive(false)?;
                self.expect("TIMES", "expected `TIMES`")?;
                Qualifier::Repeats(times)
            } else if self.eat("START") {
                let start = self.moment()?;
                self.expect("STOP", "expected `STOP`")?;
                Qualifier::Between(start, self.moment()?)
            } else {
                return Ok(found);
            });
        }
    }

    fn positive(&mut self, fraction: bool) -> Parsed<String> {
        let bad = self.bad("expected a positive number");
        match self.take() {
            Some(Kind::Number(text))
                if !text.starts_with('-')
                    && (fraction || !text.contains('.'))
                    && text.bytes().any(|b| matches!(b, b'1'..=b'9')) =>
            {
                Ok(text.to_owned())
            }
            _ => Err(bad),
        }
    }

    fn moment(&mut self) -> Parsed<String> {
        let bad = self.bad("expected a timestamp");
        match self.take() {
            Some(Kind::Literal(Literal::Timestamp(text) | Literal::Text(text))) => Ok(text),
            _ => Err(bad),
        }
    }

    fn comparison(&mut self, depth: usize) -> Parsed<Comparison> {
        self.joined("OR", Comparison::Or, |parser| {
            parser.joined("AND", Comparison::And, |parser| parser.test(depth))
        })
    }

    fn test(&mut self, depth: usize) -> Parsed<Comparison> {
        if depth > MAX_DEPTH {
            return Err(self.bad("parentheses are nested too deep"));
        }
        if self.eat("(") {
            let inner = self.comparison(depth + 1)?;
            self.expect(")", "expected `)`")?;
            return Ok(inner);
        }
        let exists = self.eat("EXISTS");
        let (object, path) = self.path()?;
        if exists {
            let operator = Operator::Exists;
            return Ok(Comparison::Test(Test {
                object,
                path,
                negated: false,
                operator,
                values: vec![],
            }));
        }
        let negated = self.eat("NOT");
        let operator = self.operator()?;
        let values = match operator {
            Operator::In => self.set()?,
            _ => vec![self.operand(operator)?],
        };
        Ok(Comparison::Test(Test { object, path, negated, operator, values }))
    }

    fn path(&mut self) -> Parsed<(String, Vec<Step>)> {
        let bad = self.bad("expected an object path");
        let Some(Kind::Word(object)) = self.take() else { return Err(bad) };
        self.expect(":", "expected `:`")?;
        let mut path = vec![self.key()?];
        loop {
            if self.eat(".") {
                path.push(self.key()?);
            } else if self.eat("[") {
                let bad = self.bad("expected a number or `*`");
                path.push(match self.take() {
                    Some(Kind::Sign("*")) => Step::Any,
                    Some(Kind::Number(n)) if !n.contains('.') => Step::Index(n.to_owned()),
                    _ => return Err(bad),
                });
                self.expect("]", "expected `]`")?;
            } else {
                return Ok((object.to_owned(), path));
            }
        }
    }

    fn key(&mut self) -> Parsed<Step> {
        let bad = self.bad("expected a property");
        match self.take() {
            Some(Kind::Word(word)) if !word.contains('-') => Ok(Step::Key(word.to_owned())),
            Some(Kind::Literal(Literal::Text(text))) => Ok(Step::Key(text)),
            _ => Err(bad),
        }
    }

    fn operator(&mut self) -> Parsed<Operator> {
        let bad = self.bad("expected a comparison");
        let (Some(Kind::Word(text)) | Some(Kind::Sign(text))) = self.take() else {
            return Err(bad);
        };
        Ok(match text {
            "=" | "==" => Operator::Equal,
            "!=" | "<>" => Operator::Unequal,
            "<" => Operator::Less,
            "<=" => Operator::AtMost,
            ">" => Operator::Greater,
            ">=" => Operator::AtLeast,
            "IN" => Operator::In,
            "LIKE" => Operator::Like,
            "MATCHES" => Operator::Matches,
            "ISSUBSET" => Operator::IsSubset,
            "ISSUPERSET" => Operator::IsSuperset,
            _ => return Err(bad),
        })
    }

    fn operand(&mut self, operator: Operator) -> Parsed<Literal> {
        let bad = self.bad("expected a constant of another kind");
        let literal = self.literal()?;
        let fits = match operator {
            Operator::Like | Operator::Matches | Operator::IsSubset | Operator::IsSuperset => {
                matches!(literal, Literal::Text(_))
            }
            Operator::Less | Operator::AtMost | Operator::Greater | Operator::AtLeast => {
                !matches!(literal, Literal::Bool(_))
            }
            _ => true,
        };
        if fits { Ok(literal) } else { Err(bad) }
    }

    fn set(&mut self) -> Parsed<Vec<Literal>> {
        self.expect("(", "expected `(`")?;
        let mut values = Vec::new();
        if self.eat(")") {
            return Ok(values);
        }
        loop {
            values.push(self.literal()?);
            if self.eat(")") {
                return Ok(values);
            }
            self.expect(",", "expected `,` or `)`")?;
        }
    }

    fn literal(&mut self) -> Parsed<Literal> {
        let bad = self.bad("expected a constant");
        match self.take() {
            Some(Kind::Literal(literal)) => Ok(literal),
            Some(Kind::Number(text)) => Ok(Literal::Number(text.to_owned())),
            Some(Kind::Word("true")) => Ok(Literal::Bool(true)),
            Some(Kind::Word("false")) => Ok(Literal::Bool(false)),
            _ => Err(bad),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn why(text: &str) -> String {
        parse(text).map_or_else(|why| why.to_string(), |_| "sound".to_owned())
    }

    #[test]
    fn or_binds_weaker_than_and() {
        let Ok(Observation::Seen(Comparison::Or(parts))) =
            parse("[a:b = 1 OR a:c = 2 AND a:d = 3]")
        else {
            panic!("an OR of comparisons")
        };
        assert!(
            matches!(parts.as_slice(), [Comparison::Test(_), Comparison::And(both)] if both.len() == 2)
        );
        assert!(matches!(
            parse("[a:b = 1] OR [a:c = 2] AND [a:d = 3] FOLLOWEDBY [a:e = 4]"),
            Ok(Observation::FollowedBy(parts)) if matches!(parts[0], Observation::Or(_))
        ));
    }

    #[test]
    fn every_part_of_a_test_is_kept() {
        let Ok(Observation::Seen(Comparison::Test(test))) = parse(
            r"/* why */ [x-a:'b c'[*].d[2] NOT IN ('it\'s', -1.5, true, h'0aFF', b'AA==', t'2024-01-15T12:30:45Z')] // end",
        ) else {
            panic!("one test")
        };
        assert_eq!(test.object, "x-a");
        let key = |text: &str| Step::Key(text.to_owned());
        assert_eq!(test.path, [key("b c"), Step::Any, key("d"), Step::Index("2".to_owned())]);
        assert_eq!((test.negated, test.operator), (true, Operator::In));
        assert_eq!(test.values[0], Literal::Text(r"it\'s".replace(r"\", "")));
        assert_eq!(test.values.len(), 6);
    }

    #[test]
    fn what_is_no_pattern_is_said_with_its_place() {
        for (text, expected) in [
            ("", "expected `[` at byte 0 of the pattern"),
            ("[a:b = 'x", "a quoted constant never ends at byte 7 of the pattern"),
            ("[a:b = 1] [a:b = 1]", "expected the end at byte 10 of the pattern"),
            ("[a-b:c-d = 1]", "expected a property at byte 5 of the pattern"),
            ("[a:b LIKE 1]", "expected a constant of another kind at byte 10 of the pattern"),
            ("[a:b = 1] WITHIN 0 SECONDS", "expected a positive number at byte 17 of the pattern"),
            ("[a:b = 'x\\n']", "only `\\'` and `\\\\` may be escaped at byte 7 of the pattern"),
            ("[a:b = é]", "unexpected character at byte 7 of the pattern"),
        ] {
            assert_eq!(why(text), expected);
        }
    }

    #[test]
    fn nesting_is_bounded() {
        for (open, close) in [("(", ")"), ("[(", ")]"), ("[", "]")] {
            let deep = format!("{}[a:b = 1]{}", open.repeat(100_000), close.repeat(100_000));
            assert!(parse(&deep).is_err());
        }
        let deep = format!("[{}a:b = 1{}]", "(".repeat(100_000), ")".repeat(100_000));
        assert!(why(&deep).starts_with("parentheses are nested too deep"));
        assert_eq!(why(&format!("[{}a:b = 1{}]", "(".repeat(32), ")".repeat(32))), "sound");
        assert_eq!(why(&format!("[a:b = 1]{}", " WITHIN 1 SECONDS".repeat(10_000))), "sound");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_fall_over(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn no_mixture_of_tokens_makes_the_parser_fall_over(
            text in "([\\[\\]():.,*='é\\\\]|a:b|=|'x'| AND | OR | NOT | IN | WITHIN |1|-|t'|h'0|EXISTS ){0,30}"
        ) {
            if let Err(why) = parse(&text) {
                prop_assert!(why.at <= text.len());
            }
        }
    }
}
