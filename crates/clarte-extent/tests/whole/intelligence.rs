//! Indicators in a list, compared one by one: what a matcher does, slowly.

use clarte_model::{Indicator, IndicatorKind, Lookup, Observable, Validity, host};

/// Indicators, and groups of them that only count together.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) groups: Vec<Vec<Indicator>>,
}

pub(crate) fn indicator(kind: IndicatorKind, value: &str) -> Indicator {
    Indicator {
        kind,
        value: value.to_owned(),
        validity: Validity::default(),
        source: "a partner".to_owned(),
        reference: None,
        confidence: Some(100),
        tlp: None,
        names: Vec::new(),
    }
}

impl Given {
    pub(crate) fn of(indicators: &[(IndicatorKind, &str)]) -> Self {
        let indicators = indicators.iter().map(|(kind, value)| indicator(*kind, value));
        Self { indicators: indicators.collect(), groups: Vec::new() }
    }

    /// The indicators that name `what`, and the groups one of whose members
    /// does.
    pub(crate) fn naming(&self, what: Observable<'_>) -> Vec<Vec<&Indicator>> {
        let alone = self.find(what).into_iter().map(|indicator| vec![indicator]);
        let groups = self.groups.iter().filter(|group| group.iter().any(|one| names(one, what)));
        alone.chain(groups.map(|group| group.iter().collect())).collect()
    }
}

impl Lookup for Given {
    fn find(&self, what: Observable<'_>) -> Vec<&Indicator> {
        self.indicators.iter().filter(|indicator| names(indicator, what)).collect()
    }

    fn find_together(&self, observed: &[Observable<'_>]) -> Vec<Vec<&Indicator>> {
        let shown = |one: &Indicator| observed.iter().any(|what| names(one, *what));
        let groups = self.groups.iter().filter(|group| group.iter().all(shown));
        groups.map(|group| group.iter().collect()).collect()
    }
}

fn names(indicator: &Indicator, what: Observable<'_>) -> bool {
    let value = indicator.value.as_str();
    match (indicator.kind, what) {
        (IndicatorKind::Domain, Observable::Host(name)) => host::parents(name).any(|p| p == value),
        (IndicatorKind::Ip, Observable::Ip(ip)) => value == ip.to_string(),
        // Only /24, which is all that is needed here.
        (IndicatorKind::Network, Observable::Ip(ip)) => {
            let network = |text: &str| text.rsplit_once('.').map(|(start, _)| start.to_owned());
            network(value) == network(&ip.to_string())
        }
        (IndicatorKind::Url, Observable::Url(url)) => {
            clarte_model::url::HttpUrl::parse(value).is_some_and(|own| own.key() == url.key())
        }
        (IndicatorKind::Email, Observable::Email(text))
        | (IndicatorKind::FileHash, Observable::FileHash(text))
        | (IndicatorKind::Subject, Observable::Subject(text))
        | (IndicatorKind::MessageId, Observable::MessageId(text))
        | (IndicatorKind::UserAgent, Observable::UserAgent(text)) => value == text,
        _ => false,
    }
}
